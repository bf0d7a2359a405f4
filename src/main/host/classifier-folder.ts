import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Vocabulary } from '../../engine/text/vocabulary';
import { writeJsonAtomic } from '../../engine/weights/atomic-write';
import { columnChoiceSchema } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import { comparisonSchema } from '../../shared/training-types';
import { readJson } from './json-file';

/** What of `model.json` scoring needs; the training worker reads the rest. */
const modelSchema = z.object({
  labels: z.array(z.string()).min(2),
  multiLabel: z.boolean(),
  temperature: z.number().positive(),
  thresholds: z.array(z.number()).nullable(),
  tokenizer: z.object({ language: z.string().optional() }),
});

const trainingNotesSchema = z.object({
  format: z.literal('thaw-classifier'),
  version: z.literal(1),
  thaw: z.string(), // the version of Thaw that trained it
  createdAt: z.string(),
  columns: columnChoiceSchema,
  majorityLabel: z.string(),
  baselineThresholds: z.array(z.number()).nullable(),
  comparison: comparisonSchema,
});
/** `training.json` in a classifier folder: what it was trained on and how good it was then. */
export type TrainingNotes = z.infer<typeof trainingNotesSchema>;

/** A classifier on disk, as far as the host needs it: the weights stay with the training worker. */
export interface ClassifierFolder {
  readonly folder: string;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly thresholds: readonly number[] | null;
  readonly tokenizer: { readonly language?: string | undefined };
  readonly vocabulary: Vocabulary;
  readonly baselineFile: string;
  readonly notes: TrainingNotes;
}

const notesFile = 'training.json';

/** Writes what a classifier was trained on beside it. */
export async function writeTrainingNotes(
  folder: string,
  notes: Omit<TrainingNotes, 'format' | 'version'>,
): Promise<void> {
  const file: TrainingNotes = { format: 'thaw-classifier', version: 1, ...notes };
  await writeJsonAtomic(path.join(folder, notesFile), file);
}

/** What a classifier was trained on; null where the folder says nothing of it. @throws AppError `model-format` */
export async function readTrainingNotes(folder: string): Promise<TrainingNotes | null> {
  return readJson(path.join(folder, notesFile), trainingNotesSchema, "a classifier's notes", 'model-format');
}

/**
 * Opens a classifier folder: of a project, or an exported one.
 * @throws AppError `model-missing` or `model-format`
 */
async function openClassifier(folder: string): Promise<ClassifierFolder> {
  const model = await readJson(path.join(folder, 'model.json'), modelSchema, 'a classifier', 'model-format');
  if (!model) throw missing(folder);
  const notes = await readTrainingNotes(folder);
  const baselineFile = path.join(folder, 'baseline.bin');
  if (!notes) throw incomplete(folder, notesFile);
  if (!existsSync(baselineFile)) throw incomplete(folder, 'baseline.bin');
  const vocabulary = await Vocabulary.load(path.join(folder, 'vocabulary.json'));
  return { folder, ...model, vocabulary, baselineFile, notes };
}

/** Keeps the classifier that was opened last, and opens it anew when its folder was exchanged. */
export class ClassifierCache {
  #key = '';
  #classifier: ClassifierFolder | null = null;

  /** @throws AppError `model-missing` or `model-format` */
  async open(folder: string): Promise<ClassifierFolder> {
    const key = `${folder} ${await modifiedAt(path.join(folder, 'model.json'))}`;
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
  });
}

function incomplete(folder: string, name: string): AppError {
  return new AppError('model-format', `${folder} is not a whole classifier: ${name} is missing.`, {
    data: { folder, name },
  });
}
