/** One row in so many is picked by chance, so that the model also meets what it is wrongly sure of. */
const ONE_IN = 10;

/** Rows to ask about, with those that chance has put among them. */
export interface MixedRows {
  readonly rowIds: Int32Array;
  readonly byChance: readonly number[];
}

/** Puts a row by chance at every tenth place of a list, as far as there are any that are not in it already. */
export function mixInChance(chosen: Int32Array, random: Int32Array, limit: number): MixedRows {
  const taken = new Set<number>();
  const rowIds: number[] = [];
  const byChance: number[] = [];
  const spare = random[Symbol.iterator]();
  for (const row of chosen) {
    if (rowIds.length >= limit) break;
    if (rowIds.length % ONE_IN === ONE_IN - 1) {
      const next = nextUnused(spare, taken, chosen, rowIds.length);
      if (next !== null) {
        taken.add(next);
        rowIds.push(next);
        byChance.push(next);
      }
    }
    if (rowIds.length >= limit || taken.has(row)) continue;
    taken.add(row);
    rowIds.push(row);
  }
  return { rowIds: Int32Array.from(rowIds), byChance };
}

function nextUnused(
  spare: Iterator<number>,
  taken: ReadonlySet<number>,
  chosen: Int32Array,
  until: number,
): number | null {
  // What the model would have asked about anyway is no chance.
  const asked = new Set(chosen.subarray(0, until + 1));
  for (let next = spare.next(); next.done !== true; next = spare.next()) {
    if (!taken.has(next.value) && !asked.has(next.value)) return next.value;
  }
  return null;
}
