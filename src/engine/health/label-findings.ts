import {
  finding,
  groupByGroup,
  groupCount,
  rowsWhere,
  sameTexts,
  similarTexts,
  type Finding,
  type RowFacts,
  type RowGroups,
} from './findings';
import { FLAGS, type ScanResult } from './health-scan';
import { labelVariants } from './label-variants';

/** A label with fewer rows can hardly be learned, and not be measured. */
const RARE_ROWS = 10;
/** The largest label has so many times the rows of the smallest one that is not rare. */
const UNEQUAL_TIMES = 20;
const UNEQUAL_SHARE = 0.9;

/** What is odd about the labels and the splits. */
export function labelFindings(facts: RowFacts, scan: ScanResult): readonly Finding[] {
  const counts = labelCounts(facts);
  return [
    ...conflicts(facts, scan),
    ...leakage(facts, scan),
    ...variants(facts, counts),
    ...rareLabels(facts, counts),
    ...imbalance(counts),
  ];
}

function conflicts(facts: RowFacts, scan: ScanResult): readonly Finding[] {
  const same = sameTexts(facts, scan);
  const disputed = new Set<number>();
  const labelOf = new Map<number, number>();
  for (let row = 0; row < facts.rows; row++) {
    const set = facts.labelSetOf(row);
    const key = same.keyOf(row);
    if (set < 0 || facts.isSetAside(row) || (same.size[key] ?? 0) < 2 || isEmpty(scan, row)) continue;
    const before = labelOf.get(key);
    if (before === undefined) labelOf.set(key, set);
    else if (before !== set) disputed.add(key);
  }
  if (disputed.size === 0) return [];
  const rows = groupByGroup(
    rowsWhere(facts, (row) => facts.labelSetOf(row) >= 0 && disputed.has(same.keyOf(row))),
    same,
  );
  const groupOf = (row: number): number => same.keyOf(row) + 1;
  const winners = [...majorityLabels(facts, rows, groupOf).values()];
  const hasMajorities = winners.filter((winner) => winner !== null).length * 2 > winners.length;
  const majority = ['majority-label', rows] as const;
  const unlabel = ['unlabel', rows] as const;
  return [
    finding({
      id: 'conflict',
      weight: 'problem',
      rows,
      groups: disputed.size,
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
  const votes = new Map<number, Map<number, number>>();
  for (const row of rows) {
    const group = votes.get(groupOf(row)) ?? new Map<number, number>();
    votes.set(groupOf(row), group.set(facts.labelSetOf(row), (group.get(facts.labelSetOf(row)) ?? 0) + 1));
  }
  return new Map(
    [...votes].map(([group, sets]) => {
      const [first, second] = [...sets].sort(([, a], [, b]) => b - a);
      return [group, first && first[1] > (second?.[1] ?? 0) ? first[0] : null];
    }),
  );
}

function leakage(facts: RowFacts, scan: ScanResult): readonly Finding[] {
  const near = similarTexts(facts, scan);
  const same = sameTexts(facts, scan);
  const measured = new Set<number>();
  const measuredExactly = new Set<number>();
  for (let row = 0; row < facts.rows; row++) {
    if (facts.isSetAside(row) || isEmpty(scan, row) || !isMeasured(facts, row)) continue;
    measured.add(near.keyOf(row));
    measuredExactly.add(same.keyOf(row));
  }
  if (measured.size === 0) return [];
  const leaks = rowsWhere(
    facts,
    (row) => facts.splitOf(row) === 'train' && !isEmpty(scan, row) && measured.has(near.keyOf(row)),
  );
  if (leaks.length === 0) return [];
  const exact = leaks.filter((row) => measuredExactly.has(same.keyOf(row))).length;
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
  const keys = new Set(Array.from(leaks, groups.keyOf));
  const isLeak = new Set(leaks);
  return rowsWhere(facts, (row) => isLeak.has(row) || (isMeasured(facts, row) && keys.has(groups.keyOf(row))));
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
