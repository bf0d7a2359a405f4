import { putRows } from '../../../engine/evaluate/average';
import { pickLabels } from '../../../engine/evaluate/label-csr';
import { truthOf } from '../../../engine/inspect/outcomes';
import { shareWeights } from '../../../engine/labelling/class-shares';
import { trainingRows } from '../../../engine/labelling/folds';
import type { HostServices } from '../services';
import type { LabelledSample } from './quick-model';
import type { StudyTexts } from './study-texts';
import type { TokenPool } from './token-pool';

/** What a fit on some rows of a sample says about others. // [test, names] @throws CancelledError */
export async function fitAndAsk(
  services: HostServices,
  texts: StudyTexts,
  { rowIds, names, truth, multiLabel, atOnce }: LabelledSample,
  train: Int32Array,
  test: Int32Array,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { offsets, labels } = pickLabels(truth, train);
  const together = Uint8Array.from(train, (place) => atOnce[place] ?? 0);
  const idsOf = (places: Int32Array): Int32Array => places.map((place) => rowIds[place] ?? 0);
  const [scores = new Float32Array(0)] = await services.baseline.fit(
    {
      documents: texts.pack(idsOf(train)),
      labelOffsets: offsets,
      labels,
      classes: names.length,
      multiLabel,
      seed: 0,
      classWeights: multiLabel ? null : shareWeights(labels, together, names.length),
      words: texts.words,
      saveTo: null,
      predict: [texts.pack(idsOf(test))],
    },
    signal,
  );
  return scores;
}

/**
 * What the quick model says about each row of a sample when it has learned from those of the other folds.
 *
 * @returns // [rows of the sample, names]
 * @throws CancelledError
 */
export async function crossFit(
  services: HostServices,
  pool: TokenPool,
  sample: LabelledSample,
  fold: Uint8Array,
  signal: AbortSignal,
): Promise<Float32Array> {
  const classes = sample.names.length;
  const heldOut = new Float32Array(sample.rowIds.length * classes);
  for (const k of new Set(fold)) {
    const test = rowsOfFold(fold, k);
    const scores = await fitAndAsk(services, pool, sample, trainingRows(fold, k, 1, 1), test, signal);
    putRows(scores, test, classes, heldOut);
  }
  return heldOut;
}

/** The places of the rows of a fold. */
export function rowsOfFold(fold: Uint8Array, k: number): Int32Array {
  return Int32Array.from(fold.keys()).filter((row) => fold[row] === k);
}

/** For single labels the label, for several the first: what has to be in every fold. */
export function firstLabels({ rowIds, truth }: LabelledSample): Int32Array {
  return Int32Array.from(rowIds, (_, i) => truthOf(truth, i)[0] ?? -1);
}
