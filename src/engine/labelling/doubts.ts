import type { LabelCsr } from '../evaluate/label-csr';

/** A row whose label the model does not believe. */
export interface Doubt {
  readonly place: number; // of the row among those asked about
  readonly margin: number; // how much more likely another label is, 0 to 1
}

/** A smaller margin is no reason to bother a person. */
const LEAST_MARGIN = 0.2;

/**
 * Rows whose given label is probably wrong, by confident learning (Northcutt, Jiang and Chuang 2021): a row is doubted
 * where another label is at least as likely as that label is on average for the rows that have it, and more likely than
 * the given one by a fifth. With several labels a row is doubted where one that it does not have is that likely, and
 * more likely than not by as much: rare labels get small probabilities everywhere, so a small one alone is no doubt.
 *
 * @param probabilities of rows that the model has not learned from // [n, classes]
 * @returns the largest margin first
 */
export function doubtedLabels(
  probabilities: Float32Array,
  given: LabelCsr,
  classes: number,
  multiLabel: boolean,
): readonly Doubt[] {
  const n = given.offsets.length - 1;
  const has = new Uint8Array(n * classes);
  for (let row = 0; row < n; row++)
    for (let k = given.offsets[row] ?? 0; k < (given.offsets[row + 1] ?? 0); k++)
      has[row * classes + (given.labels[k] ?? 0)] = 1;
  const confidence = meanConfidence(probabilities, has, n, classes);
  const doubts: Doubt[] = [];
  for (let row = 0; row < n; row++) {
    const margin = multiLabel
      ? marginOfMany(probabilities, has, row, classes, confidence)
      : marginOfOne(probabilities, has, row, classes, confidence);
    if (margin >= LEAST_MARGIN) doubts.push({ place: row, margin });
  }
  return doubts.sort((a, b) => b.margin - a.margin || a.place - b.place);
}

/** The mean probability of each label over the rows that have it. // [classes] */
function meanConfidence(probabilities: Float32Array, has: Uint8Array, n: number, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  const rows = new Int32Array(classes);
  for (let row = 0; row < n; row++) {
    for (let c = 0; c < classes; c++) {
      if (has[row * classes + c] !== 1) continue;
      sums[c] = (sums[c] ?? 0) + (probabilities[row * classes + c] ?? 0);
      rows[c] = (rows[c] ?? 0) + 1;
    }
  }
  // A label without rows is never believed in the place of another.
  return sums.map((sum, c) => (rows[c] === 0 ? Infinity : sum / (rows[c] ?? 1)));
}

function marginOfOne(
  probabilities: Float32Array,
  has: Uint8Array,
  row: number,
  classes: number,
  present: Float64Array,
): number {
  let given = 0;
  let other = 0;
  for (let c = 0; c < classes; c++) {
    const p = probabilities[row * classes + c] ?? 0;
    if (has[row * classes + c] === 1) given = p;
    else if (p >= (present[c] ?? Infinity)) other = Math.max(other, p);
  }
  return other - given;
}

function marginOfMany(
  probabilities: Float32Array,
  has: Uint8Array,
  row: number,
  classes: number,
  present: Float64Array,
): number {
  let most = 0;
  for (let c = 0; c < classes; c++) {
    const p = probabilities[row * classes + c] ?? 0;
    if (has[row * classes + c] !== 1 && p >= (present[c] ?? Infinity)) most = Math.max(most, 2 * p - 1);
  }
  return most;
}
