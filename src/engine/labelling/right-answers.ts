import type { LabelCsr } from '../evaluate/label-csr';
import { argmax } from '../evaluate/rank';

/** Answers that were right, of so many: a share with an interval follows from it. */
export interface Answers {
  right: number;
  asked: number;
}

/**
 * Counts right answers: rows whose likeliest label is theirs; with several labels the labels said and meant of all that
 * were said or meant, in such a way that `right / asked` is the micro-averaged F1.
 *
 * @param probabilities // [n, classes]
 */
export function rightAnswers(
  probabilities: Float32Array,
  { offsets, labels }: LabelCsr,
  classes: number,
  multiLabel: boolean,
): Answers {
  const n = offsets.length - 1;
  const answers: Answers = { right: 0, asked: 0 };
  for (let row = 0; row < n; row++) {
    const given = labels.subarray(offsets[row] ?? 0, offsets[row + 1] ?? 0);
    if (!multiLabel) {
      answers.asked += 1;
      if (argmax(probabilities, row * classes, classes) === given[0]) answers.right += 1;
      continue;
    }
    for (let c = 0; c < classes; c++) {
      const said = (probabilities[row * classes + c] ?? 0) >= 0.5;
      const meant = given.includes(c);
      if (said && meant) answers.right += 1;
      answers.asked += (Number(said) + Number(meant)) / 2;
    }
  }
  return answers;
}
