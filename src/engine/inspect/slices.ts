import type { Slice } from '../../shared/inspect-types';
import { wilsonInterval } from '../evaluate/wilson';

/** Upper ends of the slices by length, in words. */
const LENGTHS = [5, 10, 20, 40, 80, 160, 320, 640] as const;
/** At most so many values of a column get a slice of their own, the most frequent ones. */
const MOST_VALUES = 40;
/** Numbers with more distinct values than this are parted into quarters. */
const MOST_NUMBERS = 12;

/** Which slice a row belongs to. */
export interface SliceKey {
  readonly key: string;
  readonly range: readonly [number | null, number | null] | null;
}

/** Key of a slice of rows that have no value, and of all values that are too rare for one. */
export const noValue = '';
export const otherValues = '…';

/** How many words a text has: stretches without a space; for writing without spaces, characters by threes. */
export function wordsIn(text: string): number {
  const words = text.match(/\S+/gu) ?? [];
  const dense = text.match(
    /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/gu,
  );
  return words.length + Math.floor((dense?.length ?? 0) / 3);
}

/** The slice of a text by its length. */
export function lengthSlice(text: string): SliceKey {
  const words = wordsIn(text);
  const place = LENGTHS.findIndex((end) => words <= end);
  const low = place === 0 ? 0 : (LENGTHS[(place < 0 ? LENGTHS.length : place) - 1] ?? 0) + 1;
  const high = place < 0 ? null : (LENGTHS[place] ?? null);
  return { key: `${low}-${high ?? ''}`, range: [low, high] };
}

/** The slices of a column's values: numbers of many values in quarters, else one a value, the rare ones together. */
export function valueSlices(values: readonly (string | null)[]): SliceKey[] {
  const cells = values.map((value) => (value ?? '').trim());
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const given = [...counts.keys()].filter((cell) => cell !== noValue);
  if (given.length > MOST_NUMBERS && given.every((cell) => Number.isFinite(Number(cell)))) return quarters(cells);
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_VALUES);
  const own = new Set(frequent.map(([cell]) => cell));
  return cells.map((cell) => ({ key: own.has(cell) ? cell : otherValues, range: null }));
}

function quarters(cells: readonly string[]): SliceKey[] {
  const numbers = cells.filter((cell) => cell !== noValue).map(Number);
  const sorted = Float64Array.from(numbers).sort();
  const ends = [0.25, 0.5, 0.75, 1].map((share) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  const distinct = [...new Set(ends)];
  return cells.map((cell) => {
    if (cell === noValue) return { key: noValue, range: null };
    const place = Math.max(
      0,
      distinct.findIndex((end) => Number(cell) <= end),
    );
    const low = place === 0 ? (sorted[0] ?? 0) : nextAfter(sorted, distinct[place - 1] ?? 0);
    const high = distinct[place] ?? 0;
    return { key: `${low}-${high}`, range: [low, high] };
  });
}

/** The smallest number above `value`. */
function nextAfter(sorted: Float64Array, value: number): number {
  return sorted.find((number) => number > value) ?? value;
}

/**
 * How many rows of each slice are right, with what the baseline gets right of them. Slices of lengths and numbers come
 * in their order, others by size.
 *
 * @param right, baselineRight by row: 1 where the answer is right
 */
export function sliceFigures(
  keys: readonly SliceKey[],
  right: ArrayLike<number>,
  baselineRight: ArrayLike<number>,
): Slice[] {
  const slices = new Map<string, { range: SliceKey['range']; n: number; right: number; baselineRight: number }>();
  let allRight = 0;
  keys.forEach(({ key, range }, row) => {
    const slice = slices.get(key) ?? { range, n: 0, right: 0, baselineRight: 0 };
    slices.set(key, slice);
    slice.n++;
    slice.right += right[row] ?? 0;
    slice.baselineRight += baselineRight[row] ?? 0;
    allRight += right[row] ?? 0;
  });
  const share = keys.length === 0 ? 0 : allRight / keys.length;
  return [...slices]
    .map(([key, slice]): Slice => {
      const interval = wilsonInterval(slice.right, slice.n);
      const compared = interval[1] < share ? 'worse' : interval[0] > share ? 'better' : 'even';
      const range: Slice['range'] = slice.range === null ? null : [slice.range[0], slice.range[1]];
      return { ...slice, key, range, interval, compared };
    })
    .sort((a, b) =>
      a.range && b.range ? (a.range[0] ?? 0) - (b.range[0] ?? 0) : b.n - a.n || (a.key < b.key ? -1 : 1),
    );
}
