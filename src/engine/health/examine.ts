import { healthIssueIds } from '../../shared/health-types';
import { textGroups, type Finding, type RowFacts } from './findings';
import type { ScanResult } from './health-scan';
import { labelFindings } from './label-findings';
import { orderFindings } from './order-findings';
import { outlierFindings } from './outlier-findings';
import { languageCounts, textFindings } from './text-findings';

/** What an examination comes to: all but the texts of examples. */
export interface Examination {
  readonly findings: readonly Finding[]; // weightiest first
  readonly rows: number;
  readonly setAside: number;
  readonly labelled: number;
  readonly words: { readonly median: number; readonly most: number; readonly fewest: number };
  readonly languages: { language: string; rows: number }[];
}

const WEIGHTS = ['problem', 'warning', 'note'] as const;

/** Puts together what is odd about a project's rows as they are labelled and split now. */
export function examine(facts: RowFacts, scan: ScanResult): Examination {
  const { rows, labelled, lengths } = rowsInUse(facts, scan);
  const words = { median: lengths[lengths.length >> 1] ?? 0, most: lengths.at(-1) ?? 0, fewest: lengths[0] ?? 0 };
  const groups = textGroups(facts, scan);
  const findings = [
    ...labelFindings(facts, scan, groups),
    ...textFindings(facts, scan, groups, words.median),
    ...outlierFindings(facts, scan),
    ...orderFindings(facts, scan),
  ];
  return {
    findings: findings.sort(
      (a, b) =>
        WEIGHTS.indexOf(a.issue.weight) - WEIGHTS.indexOf(b.issue.weight) ||
        healthIssueIds.indexOf(a.issue.id) - healthIssueIds.indexOf(b.issue.id),
    ),
    rows,
    setAside: facts.rows - rows,
    labelled,
    words,
    languages: languageCounts(facts, scan.language, scan.languages),
  };
}

/** Counts of the rows in use, and their lengths in words, ascending. */
function rowsInUse(facts: RowFacts, scan: ScanResult): { rows: number; labelled: number; lengths: Uint32Array } {
  const lengths = new Uint32Array(facts.rows);
  let rows = 0;
  let labelled = 0;
  for (let row = 0; row < facts.rows; row++) {
    if (facts.isSetAside(row)) continue;
    lengths[rows++] = scan.words[row] ?? 0;
    labelled += Number(facts.labelSetOf(row) >= 0);
  }
  return { rows, labelled, lengths: lengths.subarray(0, rows).sort() };
}
