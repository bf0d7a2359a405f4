import { foldedName } from '../../shared/label-names';

/** Labels that are most likely one: the most frequent is kept. */
export interface LabelVariants {
  readonly keep: string;
  readonly merge: readonly string[];
  readonly rows: number; // that would get another label
  readonly why: 'spelling' | 'typing'; // case, spaces and marks only; or one letter
}

/** Names shorter than this are too often different words that look alike. */
const SHORTEST_TYPED = 7;
/** A name with a slip of the pen is rare beside the right one. */
const RARE_BESIDE = 0.1;

/**
 * Groups of label names that differ only in case, spaces, accents or punctuation, and rare names one letter away from a
 * frequent one.
 *
 * @param labels names with the rows that have them
 */
export function labelVariants(
  labels: readonly { readonly name: string; readonly count: number }[],
): readonly LabelVariants[] {
  const groups = new Map<string, { name: string; count: number }[]>();
  for (const { name, count } of labels) {
    const key = foldedName(name) || name;
    groups.set(key, [...(groups.get(key) ?? []), { name, count }]);
  }
  const found: LabelVariants[] = [];
  const heads = [...groups].map(([key, members]) => {
    const [keep, ...others] = members.sort((a, b) => b.count - a.count || tidiness(a.name) - tidiness(b.name));
    const rows = others.reduce((sum, { count }) => sum + count, 0);
    if (keep && others.length > 0)
      found.push({ keep: keep.name, merge: others.map(({ name }) => name), rows, why: 'spelling' });
    return { key, name: keep?.name ?? '', count: members.reduce((sum, { count }) => sum + count, 0) };
  });
  const taken = new Set<string>();
  for (const rare of heads.filter(({ key }) => key.length >= SHORTEST_TYPED).sort((a, b) => a.count - b.count)) {
    const right = heads.find(
      (one) =>
        one !== rare && !taken.has(one.key) && rare.count <= RARE_BESIDE * one.count && isSlip(rare.key, one.key),
    );
    if (!right || rare.count === 0) continue;
    taken.add(rare.key);
    found.push({ keep: right.name, merge: [rare.name], rows: rare.count, why: 'typing' });
  }
  return found;
}

/** Of equally frequent names the one without odd spaces and in lower case is kept. */
function tidiness(name: string): number {
  return Number(name !== name.trim()) * 2 + Number(name !== name.toLowerCase());
}

/** True for two names one insertion, deletion, change or swap of neighbours apart; figures are never slips. */
function isSlip(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  let end = 0;
  while (end < short.length - start && short.at(-1 - end) === long.at(-1 - end)) end++;
  const middles = [short.slice(start, short.length - end), long.slice(start, long.length - end)] as const;
  if (middles.some((middle) => /\d/.test(middle))) return false;
  if (long.length === short.length) {
    return middles[0].length <= 1 || (middles[0].length === 2 && [...middles[0]].reverse().join('') === middles[1]);
  }
  return middles[0].length === 0 && middles[1].length === 1;
}
