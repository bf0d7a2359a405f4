import { rowCount, type LabelCsr } from '../evaluate/label-csr';
import { argmax } from '../evaluate/rank';
import { DEFAULT_THRESHOLD } from '../evaluate/thresholds';

/** What became of a label on a row: found, missed, or given where it should not be. */
export const outcomeKinds = { hit: 0, missed: 1, wrong: 2 } as const;
const KINDS = 3;

/** How answers are made of probabilities. */
export interface AnswerOptions {
  readonly classes: number;
  readonly multiLabel: boolean;
  /** Multi-label only: one threshold a label; 0.5 when left out. */
  readonly thresholds?: ArrayLike<number> | null | undefined;
}

/**
 * The answers of a classifier to some rows beside the truth: per row the labels that it has to do with, each as
 * `label · 3 + kind`.
 */
export interface Outcomes {
  readonly n: number;
  readonly classes: number;
  readonly multiLabel: boolean;
  readonly right: Uint8Array; // by row: 1 where exactly the true labels were given
  readonly offsets: Int32Array; // n + 1
  readonly cells: Int32Array;
}

/** The labels that a classifier gives to a row, ascending. // row of [n, classes] */
export function answersOf(probabilities: Float32Array, row: number, options: AnswerOptions): number[] {
  const { classes, multiLabel, thresholds } = options;
  const start = row * classes;
  if (!multiLabel) return [argmax(probabilities, start, classes)];
  const given: number[] = [];
  for (let c = 0; c < classes; c++) {
    if ((probabilities[start + c] ?? 0) >= (thresholds?.[c] ?? DEFAULT_THRESHOLD)) given.push(c);
  }
  return given;
}

/** The true labels of a row. */
export function truthOf({ offsets, labels }: LabelCsr, row: number): number[] {
  return Array.from(labels.subarray(offsets[row] ?? 0, offsets[row + 1] ?? 0));
}

/** Whether two ascending lists of class numbers are the same. */
export function sameLabels(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((label, i) => label === b[i]);
}

/** What probabilities come to, row by row. // probabilities [n, classes] */
export function outcomesOf(probabilities: Float32Array, truth: LabelCsr, options: AnswerOptions): Outcomes {
  return outcomesOfAnswers(rowCount(truth), truth, options, (row) => answersOf(probabilities, row, options));
}

/** What answers come to that are known already, row by row. */
export function outcomesOfAnswers(
  n: number,
  truth: LabelCsr,
  { classes, multiLabel }: AnswerOptions,
  answers: (row: number) => readonly number[],
): Outcomes {
  const right = new Uint8Array(n);
  const offsets = new Int32Array(n + 1);
  const cells: number[] = [];
  for (let row = 0; row < n; row++) {
    const own = truthOf(truth, row);
    const given = answers(row);
    right[row] = sameLabels(own, given) ? 1 : 0;
    for (const label of own)
      cells.push(KINDS * label + (given.includes(label) ? outcomeKinds.hit : outcomeKinds.missed));
    for (const label of given) if (!own.includes(label)) cells.push(KINDS * label + outcomeKinds.wrong);
    offsets[row + 1] = cells.length;
  }
  return { n, classes, multiLabel, right, offsets, cells: Int32Array.from(cells) };
}

/** Counts of each label and kind. // [classes, 3] */
export function countOutcomes({ cells, classes }: Outcomes): Float64Array {
  const counts = new Float64Array(classes * KINDS);
  for (const cell of cells) counts[cell] = (counts[cell] ?? 0) + 1;
  return counts;
}
