import type { Response } from '../../../shared/contract';
import { AppError } from '../../../shared/errors';
import { rowHeadCharacters } from '../../../shared/data-types';
import {
  asideReasons,
  type AsidePage,
  type AsideReason,
  type HealthExample,
  type HealthIssueId,
  type HealthReport,
  type RemedyId,
} from '../../../shared/health-types';
import { examine, type Examination } from '../../../engine/health/examine';
import type { Finding } from '../../../engine/health/findings';
import type { ScanResult } from '../../../engine/health/health-scan';
import { majorityLabels } from '../../../engine/health/label-findings';
import { stripMarkup } from '../../../engine/health/markup';
import { repairMojibake } from '../../../engine/health/mojibake';
import { rowsAsideFor, type AsideRows } from '../../../engine/store/aside-rows';
import type { LabelMerge, RemedyOrder } from '../../../engine/store/remedies';
import type { OpenProject } from '../open-project';
import { scanTexts, type ScanControl } from './scan-texts';

const EXAMPLES = 6;

/** The health report of one open project; texts are scanned once, the rest follows the labels at once. */
export class ProjectHealth {
  private scanned: { readonly key: string; readonly scan: Promise<ScanResult> } | null = null;
  private examined: { readonly key: string; readonly examination: Examination } | null = null;
  private asideNow: { readonly key: string; readonly found: AsideRows } | null = null;
  private seconds = 0;

  constructor(readonly project: OpenProject) {}

  /** What is odd about the project's rows now. @throws CancelledError */
  async report(control: ScanControl = {}): Promise<HealthReport> {
    const { findings, ...figures } = await this.examination(control);
    const shown = findings.map(({ rows }) => rows.subarray(0, EXAMPLES));
    const examples = await this.examples(findings, shown);
    const issues = findings.map(({ issue }, i) => ({ ...issue, examples: examples[i] ?? [] }));
    return { ...figures, issues, remedies: await this.project.store.health.remedies(), seconds: this.seconds };
  }

  /** Some of the rows behind an issue, and how many there are. */
  async rows(issue: HealthIssueId, offset: number, limit: number): Promise<Response<'health.rows'>> {
    const finding = await this.finding(issue);
    if (!finding) return { total: 0, rows: [] };
    const [rows] = await this.examples([finding], [finding.rows.subarray(offset, offset + limit)]);
    return { total: finding.rows.length, rows: rows ?? [] };
  }

  /**
   * Applies a remedy to all rows of an issue.
   * @returns the number of rows that were changed
   * @throws AppError `bad-input` where the issue is gone or has no such remedy
   */
  async apply(issue: HealthIssueId, remedy: RemedyId, merges: readonly LabelMerge[]): Promise<number> {
    const finding = await this.finding(issue);
    const rows = finding?.remedyRows.get(remedy);
    if (!finding || !rows) {
      throw new AppError('bad-input', `Expected something to do about "${issue}" by "${remedy}", found nothing.`, {
        hint: 'Look at the report again: it may have been dealt with already.',
        data: { got: [issue, remedy] },
      });
    }
    const sorted = Int32Array.from(rows).sort();
    return this.project.store.health.apply(issue, remedy, this.order(finding, remedy, sorted, merges));
  }

  /** Some of the rows that are set aside, for one reason or (null) for any. */
  async aside(reason: AsideReason | null, offset: number, limit: number): Promise<AsidePage> {
    const found = await this.asideRows();
    const wanted = reason === null ? found.rows : rowsAsideFor(found, reason);
    const heads = await this.project.store.rowsByIds(wanted.subarray(offset, offset + limit), rowHeadCharacters);
    const rows = heads.map((row, i) => ({ ...row, reason: reason ?? reasonAt(found.reasons[offset + i]) }));
    return { total: wanted.length, reasons: reasonCounts(found), rows };
  }

  private async asideRows(): Promise<AsideRows> {
    const { health } = this.project.store;
    const key = health.revision;
    if (this.asideNow?.key === key) return this.asideNow.found;
    const found = await health.asideRows();
    this.asideNow = { key, found };
    return found;
  }

  private order(finding: Finding, remedy: RemedyId, rows: Int32Array, merges: readonly LabelMerge[]): RemedyOrder {
    switch (remedy) {
      case 'set-aside':
      case 'keep-first':
        return { kind: 'set-aside', rows };
      case 'unlabel':
        return { kind: 'unlabel', rows };
      case 'merge-labels':
        return { kind: 'merge', merges: merges.length > 0 ? merges : finding.issue.variants };
      case 'repair-text':
        return { kind: 'edit', rows, edit: repairMojibake };
      case 'strip-markup':
        return { kind: 'edit', rows, edit: stripMarkup };
      case 'majority-label': {
        const winners = majorityLabels(this.project.store.health.rowFacts(), rows, finding.groupOf);
        return { kind: 'relabel', rows, setFor: (row) => winners.get(finding.groupOf(row)) ?? null };
      }
    }
  }

  private async finding(issue: HealthIssueId): Promise<Finding | undefined> {
    return (await this.examination({})).findings.find((one) => one.issue.id === issue);
  }

  private async examination(control: ScanControl): Promise<Examination> {
    const scan = await this.scan(control);
    const { health } = this.project.store;
    const key = `${this.scanned?.key ?? ''} ${health.revision}`;
    if (this.examined?.key === key) return this.examined.examination;
    const examination = examine(health.rowFacts(), scan);
    this.examined = { key, examination };
    return examination;
  }

  private async scan(control: ScanControl): Promise<ScanResult> {
    const { store } = this.project;
    const key = `${String(store.counts().rows)} ${String(await store.health.textRevision())}`;
    if (this.scanned?.key === key) return this.scanned.scan;
    const begun = performance.now();
    const scan = scanTexts(store, control);
    this.scanned = { key, scan };
    // A scan that failed or was stopped is made anew next time.
    scan.then(
      () => (this.seconds = (performance.now() - begun) / 1000),
      () => (this.scanned = null),
    );
    return scan;
  }

  /** Examples of findings, by their rows; all are read at once, because each look costs the same. */
  private async examples(findings: readonly Finding[], rowIds: readonly Int32Array[]): Promise<HealthExample[][]> {
    const scan = await this.scan({});
    const wanted = new Set(rowIds.flatMap((ids) => [...ids]));
    const rows = new Map((await this.project.store.rowsByIds([...wanted])).map((row) => [row.id, row]));
    return findings.map((finding, i) =>
      Array.from(rowIds[i] ?? []).flatMap((id) => {
        const row = rows.get(id);
        if (!row) return [];
        const { text, labels } = row;
        const note = noteOn(finding.issue.id, row, scan);
        return [{ rowId: id, text, labels, note, group: finding.groupOf(id) }];
      }),
    );
  }
}

function reasonAt(place = -1): AsideReason {
  return asideReasons[place] ?? 'other';
}

function reasonCounts({ reasons }: AsideRows): AsidePage['reasons'] {
  const counts = new Uint32Array(asideReasons.length);
  for (const place of reasons) counts[place] = (counts[place] ?? 0) + 1;
  return asideReasons
    .map((reason, i) => ({ reason, rows: counts[i] ?? 0 }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows);
}

/** What a row's example says beside its text: how a remedy would change it, or why it is here. */
function noteOn(
  issue: HealthIssueId,
  row: { readonly id: number; readonly text: string; readonly split: string },
  scan: ScanResult,
): string | null {
  if (issue === 'mojibake') return repairMojibake(row.text);
  if (issue === 'markup') return stripMarkup(row.text);
  if (issue === 'leakage') return row.split;
  if (issue === 'language') return scan.languages[scan.language[row.id] ?? 0] ?? null;
  return null;
}
