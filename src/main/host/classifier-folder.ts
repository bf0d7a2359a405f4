import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { TokenizerOptions } from '../../engine/text/tokenizer';
import { tokenizerFileSchema, tokenizerIn } from '../../engine/text/tokenizer-file';
import { SENTENCEPIECE_FILE } from '../../engine/text/sentencepiece/sentencepiece-model';
import { Vocabulary } from '../../engine/text/vocabulary';
import { writeJsonAtomic } from '../../engine/weights/atomic-write';
import { columnChoiceSchema, type ColumnChoice } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import { blendSchema, comparisonSchema, type Blend } from '../../shared/training-types';
import { ensembleFileSchema, type EnsembleFile } from './ensemble-file';
import { readJson } from './json-file';

/** What of a classifier's `model.json` scoring needs; the training worker reads the rest. */
const classifierSchema = z.object({
  format: z.literal('thaw-classifier'),
  labels: z.array(z.string()).min(2),
  multiLabel: z.boolean(),
  temperature: z.number().positive(),
  thresholds: z.array(z.number()).nullable(),
  tokenizer: tokenizerFileSchema,
});
const modelSchema = z.discriminatedUnion('format', [classifierSchema, ensembleFileSchema]);

const trainingNotesSchema = z.object({
  format: z.literal('thaw-classifier'),
  version: z.literal(1),
  thaw: z.string(), // the version of Thaw that trained it
  runId: z.string().nullable().default(null), // of the project's run that it came from
  createdAt: z.string(),
  columns: columnChoiceSchema,
  majorityLabel: z.string(),
  baselineTemperature: z.number().positive().default(1),
  baselineThresholds: z.array(z.number()).nullable(),
  blend: blendSchema.nullable().default(null),
  abstainBelow: z.number().min(0).max(1).default(0), // one label a row: less sure texts get no answer
  comparison: comparisonSchema,
});
/** `training.json` in a classifier folder: what it was trained on and how good it was then. */
export type TrainingNotes = z.infer<typeof trainingNotesSchema>;

/** A model on disk, as far as the host needs it for probabilities: the weights stay with the training worker. */
export interface ScoringModel {
  readonly folder: string;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly temperature: number;
  readonly tokenizer: TokenizerOptions;
  readonly vocabulary: Vocabulary;
  /** The same for models that see the same token ids. */
  readonly encoding: string;
  /** An ensemble's members; empty for a single classifier. */
  readonly members: readonly EnsembleMember[];
  /** The TF-IDF baseline beside the model; null for a member that is only weights. */
  readonly baseline: { readonly file: string; readonly temperature: number; readonly blend: Blend | null } | null;
}

/** One model of an ensemble. */
export interface EnsembleMember {
  readonly name: string;
  readonly weight: number;
  readonly model: ScoringModel;
  /** Where each label of the ensemble stands among those of the member. */
  readonly places: Int32Array;
}

/** A classifier that can predict: one that Thaw trained, or one that was imported and is only weights. */
export interface PredictingModel extends ScoringModel {
  readonly thresholds: readonly number[] | null; // of its predictions, blended or not
  /** A text whose best label is less probable gets no answer; 0: all get one. */
  readonly abstainBelow: number;
  /** The columns that it was trained on; of an imported one `text`. */
  readonly columns: ColumnChoice;
}

/** A whole classifier: of a project, or an exported one. */
export interface ClassifierFolder extends PredictingModel {
  readonly deepThresholds: readonly number[] | null;
  readonly notes: TrainingNotes;
}

export const notesFile = 'training.json';

/** Writes what a classifier was trained on beside it. */
export async function writeTrainingNotes(
  folder: string,
  notes: Omit<TrainingNotes, 'format' | 'version' | 'abstainBelow'> & { readonly abstainBelow?: number },
): Promise<void> {
  const file: TrainingNotes = { abstainBelow: 0, ...notes, format: 'thaw-classifier', version: 1 };
  await writeJsonAtomic(path.join(folder, notesFile), file);
}

/**
 * Says from which probability on a classifier answers, in its folder, so that exports have it too.
 * @throws AppError `model-missing`, `model-format`
 */
export async function writeAbstainBelow(folder: string, abstainBelow: number): Promise<void> {
  const { notes } = await openClassifier(folder);
  await writeTrainingNotes(folder, { ...notes, abstainBelow });
}

/** What a classifier was trained on; null where the folder says nothing of it. @throws AppError `model-format` */
export async function readTrainingNotes(folder: string): Promise<TrainingNotes | null> {
  return readJson(path.join(folder, notesFile), trainingNotesSchema, "a classifier's notes", 'model-format');
}

/**
 * Opens a classifier folder: of a project, or an exported one; a single classifier or an ensemble.
 * @throws AppError `model-missing` or `model-format`
 */
export async function openClassifier(folder: string): Promise<ClassifierFolder> {
  const { model, thresholds } = await openModel(folder);
  const notes = await readTrainingNotes(folder);
  if (!notes)
    throw model.baseline === null && (await isImported(folder)) ? onlyWeights(folder) : incomplete(folder, notesFile);
  if (!model.baseline) throw incomplete(folder, 'baseline.bin');
  const blended = notes.blend?.used === true ? notes.blend.thresholds : thresholds;
  return { ...model, thresholds: blended, deepThresholds: thresholds, notes, columns: notes.columns, abstainBelow: notes.abstainBelow }; // prettier-ignore
}

/** Opens a classifier to predict with: also one that was imported. @throws AppError `model-missing` or `model-format` */
async function openForPrediction(folder: string): Promise<PredictingModel> {
  if (!(await isImported(folder))) return openClassifier(folder);
  const { model, thresholds } = await openModel(folder);
  const columns = { textColumns: ['text'], labelColumns: [], multiLabel: model.multiLabel, labelSeparator: null };
  return { ...model, thresholds, columns, abstainBelow: 0 };
}

const importedSchema = z.object({ facts: z.object({ imported: z.string() }) });

/** Whether the folder holds weights that `thaw import-weights` made a classifier of: nothing was measured there. */
async function isImported(folder: string): Promise<boolean> {
  const file = path.join(folder, 'model.json');
  if (!existsSync(file) || existsSync(path.join(folder, notesFile))) return false;
  return importedSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).success;
}

async function openModel(folder: string): Promise<{ model: ScoringModel; thresholds: readonly number[] | null }> {
  const file = await readJson(path.join(folder, 'model.json'), modelSchema, 'a classifier', 'model-format');
  if (!file) throw missing(folder);
  const vocabulary = await Vocabulary.load(path.join(folder, 'vocabulary.json'));
  const { labels, multiLabel, temperature, thresholds } = file;
  const tokenizer = tokenizerIn(folder, file.tokenizer);
  if (tokenizer.model !== undefined && !existsSync(tokenizer.model)) throw incomplete(folder, SENTENCEPIECE_FILE);
  const members = file.format === 'thaw-ensemble' ? await openMembers(folder, file) : [];
  const encoding = createHash('sha256').update(JSON.stringify([file.tokenizer, vocabulary.itos]));
  if (tokenizer.model !== undefined) encoding.update(await readFile(tokenizer.model));
  const baseline = await openBaseline(folder);
  const model = {
    folder,
    labels,
    multiLabel,
    temperature,
    tokenizer,
    vocabulary,
    encoding: encoding.digest('hex'),
    members,
    baseline,
  };
  return { model, thresholds };
}

async function openBaseline(folder: string): Promise<ScoringModel['baseline']> {
  const file = path.join(folder, 'baseline.bin');
  const notes = await readTrainingNotes(folder);
  if (!notes || !existsSync(file)) return null;
  return { file, temperature: notes.baselineTemperature, blend: notes.blend };
}

async function openMembers(folder: string, file: EnsembleFile): Promise<EnsembleMember[]> {
  const members: EnsembleMember[] = [];
  for (const { folder: inside, name, weight } of file.members) {
    const { model } = await openModel(path.join(folder, inside));
    const places = Int32Array.from(file.labels, (label) => model.labels.indexOf(label));
    if (model.labels.length !== file.labels.length || places.includes(-1) || model.multiLabel !== file.multiLabel) {
      throw new AppError('model-format', `${model.folder} has other labels than the ensemble that it belongs to.`, {
        data: { folder, labels: file.labels, got: model.labels },
      });
    }
    members.push({ name, weight, model, places });
  }
  return members;
}

/** Keeps the classifier that was opened last, and opens it anew when its folder was exchanged. */
export class ClassifierCache {
  #key = '';
  #classifier: ClassifierFolder | null = null;
  #imported: { readonly key: string; readonly model: PredictingModel } | null = null;

  /** For predicting; an imported classifier will do. @throws AppError `model-missing` or `model-format` */
  async openForPrediction(folder: string): Promise<PredictingModel> {
    if (!(await isImported(folder))) return this.open(folder);
    const key = `${folder} ${await modifiedAt(path.join(folder, 'model.json'))}`;
    if (this.#imported?.key !== key) this.#imported = { key, model: await openForPrediction(folder) };
    return this.#imported.model;
  }

  /** @throws AppError `model-missing` or `model-format` */
  async open(folder: string): Promise<ClassifierFolder> {
    const stamps = await Promise.all(['model.json', notesFile].map((name) => modifiedAt(path.join(folder, name))));
    const key = [folder, ...stamps].join(' ');
    if (this.#classifier && this.#key === key) return this.#classifier;
    const classifier = await openClassifier(folder);
    this.#key = key;
    this.#classifier = classifier;
    return classifier;
  }
}

async function modifiedAt(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return 0; // no such file: opening says so properly
  }
}

function missing(folder: string): AppError {
  return new AppError('model-missing', `${folder} holds no trained classifier (no model.json).`, {
    hint: 'Train a classifier first, or name the folder of an exported model.',
    data: { folder },
    says: { sentence: 'noClassifierIn', folder },
  });
}

function onlyWeights(folder: string): AppError {
  return new AppError(
    'model-format',
    `${folder} is an imported classifier: it can predict, but has no baseline and no figures of its own.`,
    {
      hint: 'Use it with: thaw predict --model FOLDER',
      data: { folder },
      says: { sentence: 'importedOnly', folder },
    },
  );
}

function incomplete(folder: string, name: string): AppError {
  return new AppError('model-format', `${folder} is not a whole classifier: ${name} is missing.`, {
    data: { folder, name },
  });
}
