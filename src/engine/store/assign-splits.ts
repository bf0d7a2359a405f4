import type { ImportRole } from './import-rows';

/** How a row is used, as it is kept: 0 is not decided. */
export const SPLIT_CODES = { none: 0, train: 1, valid: 2, test: 3, heldBack: 4 } as const;

/** What is known of the labelled rows, one entry each, in row order. */
export interface SplitRows {
  /** Equal numbers for rows with equal texts. */
  readonly textKeys: Float64Array;
  readonly rowIds: Int32Array;
  /** The class that is to be spread evenly: for several labels the rarest of them. */
  readonly strata: Int32Array;
  readonly roles: readonly ImportRole[];
}

/** Shares of the rows, 0 to 1. */
export interface SplitShares {
  readonly seed: number;
  readonly validShare: number;
  readonly testShare: number;
}

/** Rows with the same text, which stay together, by group number. No object per group: there can be a million. */
interface TextGroups {
  readonly ofEntry: Int32Array; // the group of each entry; -1 for given and held-back rows
  readonly size: number[]; // rows
  readonly stratum: number[];
  readonly order: number[]; // looks random, 0 to 2^32
}

/**
 * Decides for each labelled row whether it trains, validates or tests. Given validation and test rows stay what they
 * are, and then no others are taken for that. Each class is spread evenly, rows with equal texts are never on two
 * sides (a text that is also among the given rows is held back from training), and the last text of a class always
 * trains. The same seed gives the same splits, and rows that come later move few of the earlier ones.
 *
 * @returns a code for each entry
 */
export function splitRows(rows: SplitRows, shares: SplitShares): Uint8Array {
  const codes = new Uint8Array(rows.rowIds.length);
  const given = { valid: new Set<number>(), test: new Set<number>() };
  rows.roles.forEach((role, i) => {
    if (role !== 'valid' && role !== 'test') return;
    given[role].add(rows.textKeys[i] ?? 0);
    codes[i] = SPLIT_CODES[role];
  });
  const groups = groupTexts(
    rows,
    (i) => {
      const key = rows.textKeys[i] ?? 0;
      const isTaken = codes[i] !== SPLIT_CODES.none || given.valid.has(key) || given.test.has(key);
      if (isTaken && codes[i] === SPLIT_CODES.none) codes[i] = SPLIT_CODES.heldBack;
      return !isTaken;
    },
    shares.seed,
  );
  const testShare = given.test.size > 0 ? 0 : shares.testShare;
  const validShare = given.valid.size > 0 ? 0 : shares.validShare;
  const groupCodes = spread(groups, testShare, validShare);
  groups.ofEntry.forEach((group, i) => {
    if (group >= 0) codes[i] = groupCodes[group] ?? SPLIT_CODES.train;
  });
  return codes;
}

function groupTexts(
  { textKeys, rowIds, strata }: SplitRows,
  takes: (entry: number) => boolean,
  seed: number,
): TextGroups {
  const groups = {
    ofEntry: new Int32Array(rowIds.length).fill(-1),
    size: [] as number[],
    stratum: [] as number[],
    order: [] as number[],
  };
  const byKey = new Map<number, number>();
  for (let i = 0; i < rowIds.length; i++) {
    if (!takes(i)) continue;
    const key = textKeys[i] ?? 0;
    let group = byKey.get(key);
    if (group === undefined) {
      group = groups.size.length;
      byKey.set(key, group);
      groups.size.push(0);
      groups.stratum.push(strata[i] ?? 0);
      groups.order.push(shuffled(rowIds[i] ?? 0, seed));
    }
    groups.size[group] = (groups.size[group] ?? 0) + 1;
    groups.ofEntry[i] = group;
  }
  return groups;
}

/** The code of each group. */
function spread(groups: TextGroups, testShare: number, validShare: number): Uint8Array {
  const codes = new Uint8Array(groups.size.length).fill(SPLIT_CODES.train);
  const strata = new Map<number, number[]>();
  groups.stratum.forEach((stratum, group) => {
    const members = strata.get(stratum);
    if (members) members.push(group);
    else strata.set(stratum, [group]);
  });
  // What rounding takes from one class the next one gives, so that many small classes still sum up to the share.
  let testDue = 0;
  let validDue = 0;
  for (const [, members] of [...strata].sort(([a], [b]) => a - b)) {
    const rows = members.reduce((sum, group) => sum + (groups.size[group] ?? 0), 0);
    testDue += rows * testShare;
    validDue += rows * validShare;
    let kept = members.length;
    for (const group of inOrder(members, groups.order)) {
      const size = groups.size[group] ?? 0;
      if (kept === 1 || (testDue < size / 2 && validDue < size / 2)) continue;
      kept--;
      if (testDue >= size / 2) {
        testDue -= size;
        codes[group] = SPLIT_CODES.test;
      } else {
        validDue -= size;
        codes[group] = SPLIT_CODES.valid;
      }
    }
  }
  return codes;
}

/** Groups by their order, equal ones by their number: sorted as plain numbers, which is many times quicker. */
function inOrder(members: readonly number[], order: readonly number[]): number[] {
  const places = 2 ** 21; // order below 2^32, place below 2^21: together exact in a double
  if (members.length > places) return [...members].sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0) || a - b);
  const keys = Float64Array.from(members, (group, place) => (order[group] ?? 0) * places + place).sort();
  return Array.from(keys, (key) => members[key % places] ?? 0);
}

/** A number that looks random for each pair of row and seed (the finaliser of MurmurHash3 over both). */
export function shuffled(row: number, seed: number): number {
  let x = Math.imul(row ^ Math.imul(seed | 0, 0x9e3779b1), 0x85ebca6b) ^ (row >>> 7);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
