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

/** Rows with the same text: they stay together. */
interface TextGroup {
  readonly members: number[];
  readonly stratum: number;
  readonly order: number;
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
  const groups = new Map<number, TextGroup>();
  rows.roles.forEach((role, i) => {
    if (role === 'valid' || role === 'test') return;
    const key = rows.textKeys[i] ?? 0;
    if (given.valid.has(key) || given.test.has(key)) {
      codes[i] = SPLIT_CODES.heldBack;
      return;
    }
    const group = groups.get(key);
    if (group) group.members.push(i);
    else
      groups.set(key, {
        members: [i],
        stratum: rows.strata[i] ?? 0,
        order: shuffled(rows.rowIds[i] ?? 0, shares.seed),
      });
  });
  const testShare = given.test.size > 0 ? 0 : shares.testShare;
  const validShare = given.valid.size > 0 ? 0 : shares.validShare;
  spread(groups, codes, testShare, validShare);
  return codes;
}

function spread(
  groups: ReadonlyMap<number, TextGroup>,
  codes: Uint8Array,
  testShare: number,
  validShare: number,
): void {
  const strata = new Map<number, TextGroup[]>();
  for (const group of groups.values()) {
    const stratum = strata.get(group.stratum);
    if (stratum) stratum.push(group);
    else strata.set(group.stratum, [group]);
  }
  // What rounding takes from one class the next one gives, so that many small classes still sum up to the share.
  let testDue = 0;
  let validDue = 0;
  for (const [, stratum] of [...strata].sort(([a], [b]) => a - b)) {
    stratum.sort((a, b) => a.order - b.order || (a.members[0] ?? 0) - (b.members[0] ?? 0));
    const size = stratum.reduce((sum, { members }) => sum + members.length, 0);
    testDue += size * testShare;
    validDue += size * validShare;
    let kept = stratum.length;
    for (const { members } of stratum) {
      const isLast = kept === 1;
      const code = isLast
        ? SPLIT_CODES.train
        : testDue >= members.length / 2
          ? SPLIT_CODES.test
          : validDue >= members.length / 2
            ? SPLIT_CODES.valid
            : SPLIT_CODES.train;
      if (code === SPLIT_CODES.test) testDue -= members.length;
      if (code === SPLIT_CODES.valid) validDue -= members.length;
      if (code !== SPLIT_CODES.train) kept--;
      for (const member of members) codes[member] = code;
    }
  }
}

/** A number that looks random for each pair of row and seed (the finaliser of MurmurHash3 over both). */
export function shuffled(row: number, seed: number): number {
  let x = Math.imul(row ^ Math.imul(seed | 0, 0x9e3779b1), 0x85ebca6b) ^ (row >>> 7);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
