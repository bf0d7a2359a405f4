import { rowCount, type LabelCsr } from './label-csr';

/**
 * What always answering the most frequent training label would score on other rows: the floor for every model. For
 * multi-label the most frequent label set is not looked for; the one label counts as right where it is the whole set.
 *
 * @returns the class id (the first of equals) and the share of `evaluated` rows it is right on
 */
export function majorityClass(
  train: LabelCsr,
  evaluated: LabelCsr,
  classes: number,
): { readonly classId: number; readonly accuracy: number } {
  const counts = new Float64Array(classes);
  for (const id of train.labels) counts[id] = (counts[id] ?? 0) + 1;
  const classId = counts.indexOf(Math.max(...counts));
  const n = rowCount(evaluated);
  let right = 0;
  for (let i = 0; i < n; i++) {
    const start = evaluated.offsets[i] ?? 0;
    if ((evaluated.offsets[i + 1] ?? 0) - start === 1 && evaluated.labels[start] === classId) right++;
  }
  return { classId, accuracy: n === 0 ? 0 : right / n };
}
