import { indicatorsOf, rowCount, type LabelCsr } from '../evaluate/label-csr';
import { meanSelfConfidence } from '../evaluate/self-confidence';

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
  const n = rowCount(given);
  const has = indicatorsOf(given, classes);
  const confidence = meanSelfConfidence(probabilities, given, classes);
  const doubts: Doubt[] = [];
  for (let row = 0; row < n; row++) {
    const margin = multiLabel
      ? marginOfMany(probabilities, has, row, classes, confidence)
      : marginOfOne(probabilities, has, row, classes, confidence);
    if (margin >= LEAST_MARGIN) doubts.push({ place: row, margin });
  }
  return doubts.sort((a, b) => b.margin - a.margin || a.place - b.place);
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
