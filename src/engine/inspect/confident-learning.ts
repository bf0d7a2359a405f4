import { indicatorsOf, rowCount, type LabelCsr } from '../evaluate/label-csr';
import { meanSelfConfidence } from '../evaluate/self-confidence';
import { truthOf } from './outcomes';

/** A row whose label the model doubts. */
export interface DoubtedRow {
  readonly row: number; // position among the rows
  readonly suggestion: readonly number[]; // class numbers, ascending
  /** Probability of the best other label minus that of the given one. */
  readonly margin: number;
}

/** What confident learning finds. */
export interface Doubts {
  /** Most doubted first. */
  readonly rows: readonly DoubtedRow[];
  /** How many wrong labels are to be expected, from the joint distribution of given and true labels. */
  readonly estimate: number;
}

/**
 * Labels that are probably wrong, by confident learning (Northcutt, Jiang and Chuang 2021) on probabilities for rows that
 * the model has not learned from. A row counts as label j where p(j) reaches the mean p(j) of the rows labelled j; of
 * several such labels the most probable one. Rows that count as another label than theirs (the off-diagonal of the
 * paper's "confident joint") are doubted where the model prefers any other label to the given one, ranked by that margin.
 *
 * Several labels a row: each label is a yes-or-no question of its own; the suggestion has the doubted ones turned round.
 *
 * This is the one rule of doubted labels: the inspect step, its report and the labelling queue all ask it.
 *
 * @param probabilities // [n, classes]
 */
export function confidentLearning(
  probabilities: Float32Array,
  truth: LabelCsr,
  classes: number,
  options: { readonly multiLabel: boolean },
): Doubts {
  const doubts = options.multiLabel ? ofLabels(probabilities, truth, classes) : ofRows(probabilities, truth, classes);
  return { ...doubts, rows: [...doubts.rows].sort((a, b) => b.margin - a.margin || a.row - b.row) };
}

function ofRows(probabilities: Float32Array, truth: LabelCsr, classes: number): Doubts {
  const n = rowCount(truth);
  const given = Int32Array.from({ length: n }, (_, row) => truthOf(truth, row)[0] ?? -1);
  const thresholds = meanSelfConfidence(probabilities, truth, classes);
  const joint = new Float64Array(classes * classes); // [given, counted as]
  const rows: DoubtedRow[] = [];
  given.forEach((label, row) => {
    const start = row * classes;
    let [counted, most, otherMost] = [-1, -1, 0];
    for (let c = 0; c < classes; c++) {
      const p = probabilities[start + c] ?? 0;
      if (p >= (thresholds[c] ?? Infinity) && p > most) [counted, most] = [c, p];
      if (c !== label) otherMost = Math.max(otherMost, p);
    }
    if (counted < 0 || label < 0) return;
    const place = label * classes + counted;
    joint[place] = (joint[place] ?? 0) + 1;
    const margin = otherMost - (probabilities[start + label] ?? 0);
    if (counted !== label && margin > 0) rows.push({ row, suggestion: [counted], margin });
  });
  return { rows, estimate: expectedErrors(joint, given, classes) };
}

/** Off-diagonal of the joint, each row of which is scaled to the rows that have its label (the paper's equation 3). */
function expectedErrors(joint: Float64Array, given: Int32Array, classes: number): number {
  const counts = new Float64Array(classes);
  for (const label of given) if (label >= 0) counts[label] = (counts[label] ?? 0) + 1;
  let errors = 0;
  for (let label = 0; label < classes; label++) {
    const row = joint.subarray(label * classes, (label + 1) * classes);
    const total = row.reduce((sum, count) => sum + count, 0);
    if (total > 0) errors += ((total - (row[label] ?? 0)) / total) * (counts[label] ?? 0);
  }
  return errors;
}

function ofLabels(probabilities: Float32Array, truth: LabelCsr, classes: number): Doubts {
  const n = rowCount(truth);
  const has = indicatorsOf(truth, classes);
  const flips = new Map<number, { readonly labels: Set<number>; margin: number }>();
  let estimate = 0;
  for (let c = 0; c < classes; c++) {
    const own = new Float32Array(2 * n);
    const given = new Int32Array(n);
    for (let row = 0; row < n; row++) {
      const p = probabilities[row * classes + c] ?? 0;
      own[2 * row] = 1 - p;
      own[2 * row + 1] = p;
      given[row] = has[row * classes + c] ?? 0;
    }
    const doubts = ofRows(own, { offsets: Int32Array.from({ length: n + 1 }, (_, i) => i), labels: given }, 2);
    estimate += doubts.estimate;
    for (const { row, margin } of doubts.rows) {
      const known = flips.get(row) ?? { labels: new Set<number>(), margin: 0 };
      known.labels.add(c);
      known.margin = Math.max(known.margin, margin);
      flips.set(row, known);
    }
  }
  const rows = [...flips].map(([row, { labels, margin }]) => {
    const kept = truthOf(truth, row);
    const turned = [...labels].filter((label) => !kept.includes(label));
    const suggestion = [...kept.filter((label) => !labels.has(label)), ...turned].sort((a, b) => a - b);
    return { row, suggestion, margin };
  });
  return { rows, estimate };
}
