import type { Split } from '../../shared/data-types';
import type { HealthIssue, HealthIssueId, RemedyId } from '../../shared/health-types';
import type { ScanResult } from './health-scan';

/** What the project says of its rows, beside what the scan of the texts says. */
export interface RowFacts {
  readonly rows: number;
  readonly isSetAside: (row: number) => boolean;
  /** A number for the row's combination of labels, -1 where it has none. */
  readonly labelSetOf: (row: number) => number;
  readonly labelsOf: (labelSet: number) => readonly string[];
  readonly splitOf: (row: number) => Split;
}

/** An issue with the rows behind it. */
export interface Finding {
  readonly issue: Omit<HealthIssue, 'examples'>;
  readonly rows: Int32Array; // ascending, or group by group
  /** The group of a row, 0 where there are none. */
  readonly groupOf: (row: number) => number;
  /** The rows that a remedy changes. */
  readonly remedyRows: ReadonlyMap<RemedyId, Int32Array>;
}

/** What a finding is made of; the rest is empty. */
export interface FindingParts {
  readonly id: HealthIssueId;
  readonly weight: HealthIssue['weight'];
  readonly rows: Int32Array;
  readonly count?: number;
  readonly groups?: number;
  readonly facts?: HealthIssue['facts'];
  readonly variants?: HealthIssue['variants'];
  readonly labels?: HealthIssue['labels'];
  readonly groupOf?: (row: number) => number;
  /** Remedies in the order in which they are offered. */
  readonly remedies: readonly (readonly [RemedyId, Int32Array])[];
}

/** A finding out of its parts. */
export function finding(parts: FindingParts): Finding {
  const { id, weight, rows, remedies } = parts;
  return {
    issue: {
      id,
      weight,
      count: parts.count ?? rows.length,
      groups: parts.groups ?? 0,
      affected: remedies[0]?.[1].length ?? 0,
      facts: parts.facts ?? {},
      remedies: remedies.map(([remedy]) => remedy),
      variants: parts.variants ?? [],
      labels: parts.labels ?? [],
    },
    rows,
    groupOf: parts.groupOf ?? (() => 0),
    remedyRows: new Map(remedies),
  };
}

/** The rows in use for which a test holds, ascending. */
export function rowsWhere({ rows, isSetAside }: RowFacts, test: (row: number) => boolean): Int32Array {
  const found = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (!isSetAside(row) && test(row)) found[count++] = row;
  return found.slice(0, count);
}

/** Rows in groups: which group each is in, and the first row in use of each group. */
export interface RowGroups {
  readonly keyOf: (row: number) => number;
  /** By key; -1 where no row of the group is in use. */
  readonly first: Int32Array;
  readonly size: Int32Array;
}

/** Rows with the same text, and rows with the same or nearly the same text. */
export interface TextGroups {
  readonly same: RowGroups;
  readonly near: RowGroups;
}

/** The groups of a project's rows, made once for all findings. */
export function textGroups(facts: RowFacts, { sameAs, nearlyAs }: ScanResult): TextGroups {
  const sameKey = (row: number): number => {
    const first = sameAs[row] ?? -1;
    return first >= 0 ? first : row;
  };
  const nearKey = (row: number): number => {
    const base = sameKey(row);
    const near = nearlyAs[base] ?? -1;
    return near >= 0 ? near : base;
  };
  return { same: grouped(facts, sameKey), near: grouped(facts, nearKey) };
}

function grouped({ rows, isSetAside }: RowFacts, keyOf: (row: number) => number): RowGroups {
  const first = new Int32Array(rows).fill(-1);
  const size = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (isSetAside(row)) continue;
    const key = keyOf(row);
    if (first[key] === -1) first[key] = row;
    size[key] = (size[key] ?? 0) + 1;
  }
  return { keyOf, first, size };
}

/** Sorted so that the rows of a group stand together, groups in the order of their first rows. */
export function groupByGroup(rows: Int32Array, { keyOf, first }: RowGroups): Int32Array {
  const places = 2 ** 26; // rows stay below it: two numbers in one double
  const keys = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    keys[i] = (first[keyOf(row)] ?? 0) * places + row;
  }
  keys.sort();
  const grouped = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) grouped[i] = (keys[i] ?? 0) % places;
  return grouped;
}

/** How many different groups these rows are in. */
export function groupCount(rows: Int32Array, { keyOf, first }: RowGroups): number {
  const seen = new Uint8Array(first.length);
  let count = 0;
  for (const row of rows) {
    const key = keyOf(row);
    if (seen[key] === 0) count++;
    seen[key] = 1;
  }
  return count;
}
