import {
  finding,
  groupByGroup,
  groupCount,
  rowsWhere,
  type Finding,
  type RowFacts,
  type RowGroups,
  type TextGroups,
} from './findings';
import { FLAGS, type ScanResult } from './health-scan';
import { labelVariants } from './label-variants';

/** A label with fewer rows can hardly be learned, and not be measured. */
const RARE_ROWS = 10;
/** The largest label has so many times the rows of the smallest one that is not rare. */
const UNEQUAL_TIMES = 20;
const UNEQUAL_SHARE = 0.9;

/** What is odd about the labels and the splits. */
export function labelFindings(facts: RowFacts, scan: ScanResult, groups: TextGroups): readonly Finding[] {
  const counts = labelCounts(facts);
  return [
    ...conflicts(facts, scan, groups),
    ...leakage(facts, scan, groups),
    ...variants(facts, counts),
    ...rareLabels(facts, counts),
    ...imbalance(counts),
  ];
}

function conflicts(facts: RowFacts, scan: ScanResult, { same }: TextGroups): readonly Finding[] {
  const disputed = new Uint8Array(facts.rows); // by key
  const labelOf = new Int32Array(facts.rows).fill(-1); // by key
  let texts = 0;
  for (let row = 0; row < facts.rows; row++) {
    const set = facts.labelSetOf(row);
    const key = same.keyOf(row);
    if (set < 0 || facts.isSetAside(row) || (same.size[key] ?? 0) < 2 || isEmpty(scan, row)) continue;
    if (labelOf[key] === -1) labelOf[key] = set;
    else if (labelOf[key] !== set && disputed[key] === 0) {
      disputed[key] = 1;
      texts++;
    }
  }
  if (texts === 0) return [];
  const rows = groupByGroup(
    rowsWhere(facts, (row) => facts.labelSetOf(row) >= 0 && disputed[same.keyOf(row)] === 1),
    same,
  );
  const groupOf = (row: number): number => same.keyOf(row) + 1;
  let majorities = 0;
  for (const winner of majorityLabels(facts, rows, groupOf).values()) majorities += Number(winner !== null);
  const hasMajorities = majorities * 2 > texts;
  const majority = ['majority-label', rows] as const;
  const unlabel = ['unlabel', rows] as const;
  return [
    finding({
      id: 'conflict',
      weight: 'problem',
      rows,
      groups: texts,
      groupOf,
      remedies: [...(hasMajorities ? [majority, unlabel] : [unlabel, majority]), ['set-aside', rows]],
    }),
  ];
}

/** What most of the rows of each disputed text are labelled with; null where two are equally frequent. */
export function majorityLabels(
  facts: RowFacts,
  rows: Int32Array,
  groupOf: (row: number) => number,
): ReadonlyMap<number, number | null> {
  // Sorted by group, a group's votes stand together: no map for each of what may be a hundred thousand groups.
  const places = 2 ** 26; // rows stay below it: two numbers in one double
  const keys = Float64Array.from(rows, (row) => groupOf(row) * places + row).sort();
  const winners = new Map<number, number | null>();
  const votes = new Map<number, number>();
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? 0;
    const group = Math.floor(key / places);
    const set = facts.labelSetOf(key % places);
    votes.set(set, (votes.get(set) ?? 0) + 1);
    if (at + 1 < keys.length && Math.floor((keys[at + 1] ?? 0) / places) === group) continue;
    winners.set(group, mostVoted(votes));
    votes.clear();
  }
  return winners;
}

function mostVoted(votes: ReadonlyMap<number, number>): number | null {
  let winner: number | null = null;
  let most = 0;
  for (const [set, count] of votes) {
    if (count === most) winner = null;
    if (count <= most) continue;
    winner = set;
    most = count;
  }
  return winner;
}

function leakage(facts: RowFacts, scan: ScanResult, { same, near }: TextGroups): readonly Finding[] {
  const measured = new Uint8Array(facts.rows); // by key
  const measuredExactly = new Uint8Array(facts.rows);
  for (let row = 0; row < facts.rows; row++) {
    if (facts.isSetAside(row) || isEmpty(scan, row) || !isMeasured(facts, row)) continue;
    measured[near.keyOf(row)] = 1;
    measuredExactly[same.keyOf(row)] = 1;
  }
  const leaks = rowsWhere(
    facts,
    (row) => measured[near.keyOf(row)] === 1 && facts.splitOf(row) === 'train' && !isEmpty(scan, row),
  );
  if (leaks.length === 0) return [];
  let exact = 0;
  for (const row of leaks) exact += measuredExactly[same.keyOf(row)] ?? 0;
  const shown = groupByGroup(withPartners(facts, leaks, near), near);
  return [
    finding({
      id: 'leakage',
      weight: exact > 0 ? 'problem' : 'warning',
      rows: shown,
      count: leaks.length,
      groups: groupCount(leaks, near),
      groupOf: (row) => near.keyOf(row) + 1,
      facts: { exact, near: leaks.length - exact },
      remedies: [['set-aside', leaks]],
    }),
  ];
}

function withPartners(facts: RowFacts, leaks: Int32Array, groups: RowGroups): Int32Array {
  const keys = new Uint8Array(facts.rows);
  const isLeak = new Uint8Array(facts.rows);
  for (const row of leaks) {
    keys[groups.keyOf(row)] = 1;
    isLeak[row] = 1;
  }
  return rowsWhere(facts, (row) => isLeak[row] === 1 || (keys[groups.keyOf(row)] === 1 && isMeasured(facts, row)));
}

function isMeasured({ splitOf }: RowFacts, row: number): boolean {
  const split = splitOf(row);
  return split === 'valid' || split === 'test';
}

function variants(facts: RowFacts, counts: readonly LabelCount[]): readonly Finding[] {
  const found = labelVariants(counts);
  if (found.length === 0) return [];
  const odd = new Set(found.flatMap(({ merge }) => merge));
  const rows = rowsWithLabel(facts, odd);
  return [
    finding({
      id: 'label-variants',
      weight: 'problem',
      rows,
      count: found.reduce((sum, { merge }) => sum + merge.length, 0),
      groups: found.length,
      variants: found.map(({ keep, merge, rows: many, why }) => ({ keep, merge: [...merge], rows: many, why })),
      remedies: [['merge-labels', rows]],
    }),
  ];
}

function rareLabels(facts: RowFacts, counts: readonly LabelCount[]): readonly Finding[] {
  const rare = counts.filter(({ count }) => count > 0 && count < RARE_ROWS);
  if (rare.length === 0) return [];
  const rows = rowsWithLabel(facts, new Set(rare.map(({ name }) => name)));
  return [
    finding({
      id: 'rare-label',
      weight: 'warning',
      rows,
      count: rare.length,
      labels: [...rare].sort((a, b) => a.count - b.count),
      facts: { limit: RARE_ROWS, rows: rows.length },
      remedies: [
        ['unlabel', rows],
        ['set-aside', rows],
      ],
    }),
  ];
}

function imbalance(counts: readonly LabelCount[]): readonly Finding[] {
  const used = counts.filter(({ count }) => count >= RARE_ROWS).sort((a, b) => b.count - a.count);
  const [largest, smallest] = [used[0], used[used.length - 1]];
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  if (!largest || !smallest || largest === smallest) return [];
  const [times, share] = [largest.count / smallest.count, largest.count / Math.max(1, total)];
  if (times < UNEQUAL_TIMES && share < UNEQUAL_SHARE) return [];
  return [
    finding({
      id: 'imbalance',
      weight: 'note',
      rows: new Int32Array(0),
      count: used.length,
      labels: used,
      facts: { largest: largest.name, smallest: smallest.name, times: Math.round(times), share },
      remedies: [],
    }),
  ];
}

function rowsWithLabel(facts: RowFacts, names: ReadonlySet<string>): Int32Array {
  const known = new Map<number, boolean>();
  return rowsWhere(facts, (row) => {
    const set = facts.labelSetOf(row);
    if (set < 0) return false;
    let has = known.get(set);
    if (has === undefined) known.set(set, (has = facts.labelsOf(set).some((name) => names.has(name))));
    return has;
  });
}

interface LabelCount {
  readonly name: string;
  readonly count: number;
}

/** Rows in use for each label. */
function labelCounts(facts: RowFacts): LabelCount[] {
  const bySet = new Map<number, number>();
  for (let row = 0; row < facts.rows; row++) {
    const set = facts.labelSetOf(row);
    if (set >= 0 && !facts.isSetAside(row)) bySet.set(set, (bySet.get(set) ?? 0) + 1);
  }
  const counts = new Map<string, number>();
  for (const [set, count] of bySet)
    for (const name of facts.labelsOf(set)) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].map(([name, count]) => ({ name, count }));
}

function isEmpty({ flags }: ScanResult, row: number): boolean {
  return ((flags[row] ?? 0) & FLAGS.empty) !== 0;
}
