import path from 'node:path';
import { z } from 'zod';
import type { LabelledDocuments, TrainParams } from '../../../engine/tasks/protocol';
import { shareWeights } from '../../../engine/labelling/class-shares';
import type { SplitShares } from '../../../engine/store/assign-splits';
import type { LabelledRows } from '../../../engine/store/labelled-rows';
import { writeJsonAtomic } from '../../../engine/weights/atomic-write';
import { columnChoiceSchema } from '../../../shared/data-types';
import { AppError } from '../../../shared/errors';
import { trainingRequestSchema, type TrainingRequest } from '../../../shared/training-types';
import { readJson } from '../json-file';
import type { OpenProject } from '../open-project';
import type { StartingModels } from '../pretrained';
import { checkSides } from './check-trainable';
import { shardsStampSchema, type ShardsStamp } from './text-shards';

const labelledSchema = z.object({
  documents: z.array(z.number()),
  labelOffsets: z.array(z.number()),
  labels: z.array(z.number()),
});

const storedInputsSchema = z.object({
  format: z.literal('thaw-run-inputs'),
  version: z.literal(1),
  stamp: shardsStampSchema,
  columns: columnChoiceSchema,
  request: trainingRequestSchema,
  pretrained: z.string().nullable(),
  pretrainedBackward: z.string().nullable().default(null),
  labels: z.array(z.string()),
  multiLabel: z.boolean(),
  train: labelledSchema,
  valid: labelledSchema,
  test: labelledSchema,
  languageModelValid: z.array(z.number()),
  setAside: z.array(z.number()).default([]), // rows that no part of the run uses
  shareWeights: z.array(z.number()).nullable().default(null),
});
type StoredInputs = z.infer<typeof storedInputsSchema>;
type StoredLabelled = z.infer<typeof labelledSchema>;

/**
 * Everything that decides on a run's result, kept with the run: a run that goes on after an interruption trains on
 * exactly the same rows, whatever has been labelled since.
 */
export interface RunInputs {
  readonly stamp: ShardsStamp;
  readonly columns: StoredInputs['columns'];
  readonly request: TrainingRequest;
  readonly pretrained: string | null;
  readonly pretrainedBackward: string | null;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly train: LabelledDocuments;
  readonly valid: LabelledDocuments;
  readonly test: LabelledDocuments; // may be empty
  readonly languageModelTrain: TrainParams['languageModelTrain'];
  readonly languageModelValid: TrainParams['languageModelValid'];
  readonly setAside: Int32Array; // rows that no part of the run uses
  /** What undoes the shares of labels given many at once, see {@link shareWeights}. // [labels], null: nothing to undo */
  readonly shareWeights: Float32Array | null;
}

const fileOf = (runFolder: string): string => path.join(runFolder, 'inputs.json');

/** Keeps the inputs of a run beside it. */
export async function saveRunInputs(runFolder: string, inputs: RunInputs): Promise<void> {
  const stored: StoredInputs = {
    format: 'thaw-run-inputs',
    version: 1,
    stamp: inputs.stamp,
    columns: inputs.columns,
    request: inputs.request,
    pretrained: inputs.pretrained,
    pretrainedBackward: inputs.pretrainedBackward,
    labels: [...inputs.labels],
    multiLabel: inputs.multiLabel,
    train: store(inputs.train),
    valid: store(inputs.valid),
    test: store(inputs.test),
    languageModelValid: [...inputs.languageModelValid],
    setAside: [...inputs.setAside],
    shareWeights: inputs.shareWeights && [...inputs.shareWeights],
  };
  await writeJsonAtomic(fileOf(runFolder), stored);
}

/** The inputs of a run that had begun; null where it was stopped before they were known. */
export async function loadRunInputs(runFolder: string): Promise<RunInputs | null> {
  const stored = await readJson(fileOf(runFolder), storedInputsSchema, "a run's inputs", 'project-format');
  if (!stored) return null;
  return {
    ...stored,
    train: restore(stored.train),
    valid: restore(stored.valid),
    test: restore(stored.test),
    languageModelTrain: allBut(stored.stamp.rows, [
      stored.valid.documents,
      stored.test.documents,
      stored.languageModelValid,
      stored.setAside,
    ]),
    languageModelValid: Int32Array.from(stored.languageModelValid),
    setAside: Int32Array.from(stored.setAside),
    shareWeights: stored.shareWeights && Float32Array.from(stored.shareWeights),
  };
}

/** Shares of labelled rows that are held out, and how many rows are enough at most. */
const heldOut = { share: 0.1, most: 2000 } as const;
/** Fewer validation documents than this say too little about a language model. */
const fewestValidation = 50;
/**
 * More validation text than this says no more about a language model: its loss is known to a hundredth of a nat. Long
 * texts would otherwise be validated on for minutes after every stage.
 */
const enoughValidation = 60_000; // tokens

/** The shares of the labelled rows that a run holds out where neither files nor the project's plan say. */
export function heldOutShares({ seed, testShare }: TrainingRequest, labelled: number): SplitShares {
  const share = Math.min(heldOut.share, heldOut.most / Math.max(1, labelled));
  return { seed, validShare: share, testShare: testShare ?? share };
}

/**
 * Divides the labelled rows for a run, as files or the project's plan say, else by the request's shares.
 * @throws AppError `too-few-labels` with the counts where a side would get too little: the rows then stay divided as they were
 */
export async function divideRows({ store }: OpenProject, request: TrainingRequest): Promise<void> {
  const labels = store.labels().filter(({ count }) => count > 0).length;
  await store.assignSplits(heldOutShares(request, store.inUse().labelled), (sides) => checkSides(labels, sides));
}

/**
 * Reads which rows a run trains, validates and is tested on, once {@link divideRows} has decided that.
 *
 * @param meanTokens of a text
 * @throws AppError `too-few-labels` with the counts
 */
export async function prepareRunInputs(
  project: OpenProject,
  request: TrainingRequest,
  pretrained: StartingModels,
  stamp: ShardsStamp,
  meanTokens: number,
): Promise<RunInputs> {
  const { store: rows } = project;
  const columns = await rows.columnChoice();
  if (!columns)
    throw new AppError('no-rows', 'Nothing has been imported into this project.', {
      says: { sentence: 'noRows' },
    });
  // All at once: a label that is given in between would be in one side's names and not in another's.
  const [train, valid, test] = await Promise.all([
    rows.labelled('train'),
    rows.labelled('valid'),
    rows.labelled('test'),
  ]);
  // Labels may have gone while the texts were cut.
  checkSides(train.names.length, { train: train.rowIds.length, valid: valid.rowIds.length });
  const setAside = rows.health.setAsideRows();
  const rest = allBut(stamp.rows, [valid.rowIds, test.rowIds, setAside]);
  const languageModelValid = validationRows(rest, valid.rowIds, request.seed, meanTokens);
  return {
    stamp,
    columns,
    request,
    pretrained: pretrained.forward,
    pretrainedBackward: pretrained.backward,
    labels: train.names,
    multiLabel: columns.multiLabel,
    train: documentsOf(train),
    valid: documentsOf(valid),
    test: documentsOf(test),
    languageModelTrain: allBut(stamp.rows, [valid.rowIds, test.rowIds, languageModelValid, setAside]),
    languageModelValid,
    setAside,
    shareWeights: columns.multiLabel || request.classWeights ? null : await weightsOf(rows, train),
  };
}

async function weightsOf(rows: OpenProject['store'], train: LabelledRows): Promise<Float32Array | null> {
  return shareWeights(train.labels, await rows.labelledAtOnce(train.rowIds), train.names.length);
}

/**
 * The language model learns from every row but the held-out ones. Its validation rows are the classifier's, evenly some
 * of them where they hold more text than is needed; where they are few, up to a tenth of the others joins them.
 */
function validationRows(rest: Int32Array, valid: Int32Array, seed: number, meanTokens: number): Int32Array {
  const enough = Math.max(fewestValidation, Math.ceil(enoughValidation / Math.max(1, meanTokens)));
  if (valid.length > enough) {
    return Int32Array.from({ length: enough }, (_, i) => valid[Math.floor((i * valid.length) / enough)] ?? 0);
  }
  if (valid.length >= fewestValidation || rest.length < 2) return valid;
  const wanted = Math.max(1, Math.min(heldOut.most, Math.floor(rest.length / 10), enough - valid.length));
  // Every tenth row (or fewer) from a place that the seed says: files are often sorted by label.
  const every = Math.floor(rest.length / wanted);
  const start = Math.abs(seed) % every;
  return Int32Array.from([...valid, ...rest.filter((_, i) => i % every === start && i < every * wanted)]);
}

/** The rows from 0 on without those of the lists. */
function allBut(rows: number, lists: readonly ArrayLike<number>[]): Int32Array {
  const out = new Uint8Array(rows);
  for (const list of lists) for (let i = 0; i < list.length; i++) out[list[i] ?? 0] = 1;
  const kept = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (out[row] === 0) kept[count++] = row;
  return kept.slice(0, count);
}

function documentsOf(rows: { rowIds: Int32Array; labelOffsets: Int32Array; labels: Int32Array }): LabelledDocuments {
  // Rows are numbered from 0 without gaps and the shards hold them in that order: a row's id is its document.
  return { documents: rows.rowIds, labelOffsets: rows.labelOffsets, labels: rows.labels };
}

function store({ documents, labelOffsets, labels }: LabelledDocuments): StoredLabelled {
  return { documents: [...documents], labelOffsets: [...labelOffsets], labels: [...labels] };
}

function restore(stored: StoredLabelled): LabelledDocuments {
  return {
    documents: Int32Array.from(stored.documents),
    labelOffsets: Int32Array.from(stored.labelOffsets),
    labels: Int32Array.from(stored.labels),
  };
}
