import { indicatorsOf, rowCount, type LabelCsr } from '../evaluate/label-csr';
import { meanSelfConfidence } from '../evaluate/self-confidence';
import { truthOf } from './outcomes';

/** A row whose label the model doubts. */
export interface DoubtedRow {
  readonly row: number; // position among the rows
  readonly suggestion: readonly number[]; // class numbers, ascending
  /** Probability of the label that it has: its self-confidence. Several labels: of the least believed yes or no. */
  readonly believed: number;
}

/** What confident learning finds. */
export interface Doubts {
  /** Least believed first. */
  readonly rows: readonly DoubtedRow[];
  /**
   * How many labels may be wrong, from the joint distribution of given and true labels. What the model itself gets wrong
   * counts too, so it is rather too many: with 5 % of labels turned round it was 1.3 to 2.2 times as many.
   */
  readonly estimate: number;
}

/**
 * Labels that are probably wrong, by confident learning (Northcutt, Jiang and Chuang 2021) on probabilities for rows that
 * the model has not learned from. A row counts as label j where p(j) reaches the mean p(j) of the rows labelled j; of
 * several such labels the most probable one. The rows that count as another label than theirs (the off-diagonal of the
 * paper's "confident joint") say how many labels are doubted; which ones, the probability of the label that each row has:
 * the least believed of those whose label is not the model's best (cleanlab's `low_self_confidence`). At the same number
 * of rows that found more of the labels turned round on purpose than the off-diagonal itself, and ranked them better than
 * the margin to the best other label (docs/guide/labelling.md has the figures).
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
  return { ...doubts, rows: [...doubts.rows].sort(leastBelieved) };
}

const leastBelieved = (a: DoubtedRow, b: DoubtedRow): number => a.believed - b.believed || a.row - b.row;

function ofRows(probabilities: Float32Array, truth: LabelCsr, classes: number): Doubts {
  const n = rowCount(truth);
  const given = Int32Array.from({ length: n }, (_, row) => truthOf(truth, row)[0] ?? -1);
  const thresholds = meanSelfConfidence(probabilities, truth, classes);
  const joint = new Float64Array(classes * classes); // [given, counted as]
  const unbelieved: DoubtedRow[] = []; // the model prefers another label
  let offDiagonal = 0;
  given.forEach((label, row) => {
    if (label < 0) return;
    const start = row * classes;
    const believed = probabilities[start + label] ?? 0;
    let [counted, most, other, otherMost] = [-1, -1, -1, believed];
    for (let c = 0; c < classes; c++) {
      const p = probabilities[start + c] ?? 0;
      if (p >= (thresholds[c] ?? Infinity) && p > most) [counted, most] = [c, p];
      if (p > otherMost) [other, otherMost] = [c, p];
    }
    if (other >= 0) unbelieved.push({ row, suggestion: [other], believed });
    if (counted < 0) return;
    const place = label * classes + counted;
    joint[place] = (joint[place] ?? 0) + 1;
    if (counted !== label) offDiagonal++;
  });
  const rows = unbelieved.sort(leastBelieved).slice(0, offDiagonal);
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
  const flips = new Map<number, { readonly labels: Set<number>; believed: number }>();
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
    for (const { row, believed } of doubts.rows) {
      const known = flips.get(row) ?? { labels: new Set<number>(), believed: 1 };
      known.labels.add(c);
      known.believed = Math.min(known.believed, believed);
      flips.set(row, known);
    }
  }
  const rows = [...flips].map(([row, { labels, believed }]) => {
    const kept = truthOf(truth, row);
    const turned = [...labels].filter((label) => !kept.includes(label));
    const suggestion = [...kept.filter((label) => !labels.has(label)), ...turned].sort((a, b) => a - b);
    return { row, suggestion, believed };
  });
  return { rows, estimate };
}
