import { healthIssueIds } from '../../shared/health-types';
import { rowsWhere, type Finding, type RowFacts } from './findings';
import type { ScanResult } from './health-scan';
import { labelFindings } from './label-findings';
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
  const inUse = rowsWhere(facts, () => true);
  const lengths = Uint16Array.from(inUse, (row) => scan.words[row] ?? 0).sort();
  const findings = [...labelFindings(facts, scan), ...textFindings(facts, scan)];
  return {
    findings: findings.sort(
      (a, b) =>
        WEIGHTS.indexOf(a.issue.weight) - WEIGHTS.indexOf(b.issue.weight) ||
        healthIssueIds.indexOf(a.issue.id) - healthIssueIds.indexOf(b.issue.id),
    ),
    rows: inUse.length,
    setAside: facts.rows - inUse.length,
    labelled: inUse.filter((row) => facts.labelSetOf(row) >= 0).length,
    words: {
      median: lengths[lengths.length >> 1] ?? 0,
      most: lengths[lengths.length - 1] ?? 0,
      fewest: lengths[0] ?? 0,
    },
    languages: languageCounts(facts, scan.language, scan.languages),
  };
}
