import { z } from 'zod';
import { columnChoiceSchema, readOptionsSchema, rejectedRowSchema } from './data-types';
import { coveragePointSchema } from './inspect-types';
import { evaluationSchema } from './training-types';

/*
 * A file that a classifier gives labels to, or is measured on. Shares are 0 to 1, intervals are 95 % (Wilson). Lists hold
 * the first or the most telling rows; counts are of all.
 */

/** The forms in which a file with labels is written. */
export const outputFormats = ['csv', 'tsv', 'jsonl', 'parquet'] as const;
const outputFormatSchema = z.enum(outputFormats);
export type OutputFormat = z.infer<typeof outputFormatSchema>;

/** What is written of the answers beside the file's own columns. */
export const answerShapeSchema = z.object({
  /** Only the answer; the answer and the most probable labels; the answer and the probability of every label. */
  labels: z.enum(['answer', 'best', 'all']).default('all'),
  /** How many of the most probable labels. */
  best: z.number().int().min(1).max(100).default(3),
  /** Whether probabilities stand beside the answer and the most probable labels; `all` is nothing but these. */
  probabilities: z.boolean().default(true),
});
export type AnswerShape = z.infer<typeof answerShapeSchema>;

const abstainBelow = z.number().min(0).max(1);
const jobId = z.object({ jobId: z.string() });
const none = z.object({});

/** So many rows of a kind are told with a file's result, in memory and in the answer. */
export const mostRejected = 1_000;
export const mostSaid = 20;
export const mostWrong = 500;
/** Of a text that is told so much, in characters. */
export const saidCharacters = 400;

/** A row of the file with the label by which it is among the surest or the least sure. */
const saidRowSchema = z.object({
  line: z.number().int(), // where it begins in the file that was read, from 1
  text: z.string(), // its beginning
  labels: z.array(z.string()), // that it got; empty: none
  label: z.string(), // that the probability is of
  probability: z.number(),
});
export type SaidRow = z.infer<typeof saidRowSchema>;

/** A file whose rows a classifier gave labels to. */
const classifiedFileSchema = z.object({
  file: z.string(), // that was written
  rows: z.number().int(),
  rejected: z.number().int(), // rows that could not be read and are not in it
  rejectedRows: z.array(rejectedRowSchema), // the first 1,000 of them
  unanswered: z.number().int(), // rows that got no label
  abstainBelow: z.number(), // what was gone by; 0: always an answer
  labels: z.array(z.object({ name: z.string(), count: z.number().int() })), // in the model's order
  surest: z.array(saidRowSchema),
  leastSure: z.array(saidRowSchema),
  seconds: z.number(),
});
export type ClassifiedFile = z.infer<typeof classifiedFileSchema>;

const knownSideSchema = z.enum(['train', 'valid']);
/** How the classifier knows a row's text from its training: it learned from it, or was chosen by it. */
export type KnownSide = z.infer<typeof knownSideSchema>;

const wrongRowSchema = z.object({
  line: z.number().int(),
  text: z.string(), // its beginning
  actual: z.array(z.string()),
  predicted: z.array(z.string()),
  probability: z.number(), // of the mistake: of the wrong label; of several labels the surest one that is wrongly given or missing
  known: knownSideSchema.nullable(),
});
export type WrongRow = z.infer<typeof wrongRowSchema>;

const shortMetrics = evaluationSchema.pick({ n: true, accuracy: true, accuracyInterval: true, macroF1: true, microF1: true }); // prettier-ignore

/** A classifier measured on a labelled file. */
const measuredFileSchema = evaluationSchema.extend({
  rejected: z.number().int(),
  rejectedRows: z.array(rejectedRowSchema), // the first 1,000
  /** Rows whose label is written in another case or with other spaces than the model's: taken for the same. */
  respelled: z.number().int(),
  /** One label a row: of the answers that are at least so sure, how many there are and how many are right; null without a limit. */
  answered: coveragePointSchema.nullable(),
  /** Rows with exactly the text of a row that the classifier learned from or was chosen by; null where its rows are not known. */
  known: z
    .object({
      train: z.number().int(),
      valid: z.number().int(),
      without: shortMetrics.nullable(), // on the other rows; null where there are none
    })
    .nullable(),
  wrong: z.object({ total: z.number().int(), rows: z.array(wrongRowSchema) }), // surest first
});
export type MeasuredFile = z.infer<typeof measuredFileSchema>;

/** What the columns of a file look like to a classifier, as columns of right answers. */
const answerColumnsSchema = z.object({
  /** The one that is taken where a person says nothing; null: none of them. */
  column: z.string().nullable(),
  /** By the values, or only by the name of the column that it was trained on. */
  by: z.enum(['values', 'name']).nullable(),
  rows: z.number().int(), // that were looked at
  columns: z.array(
    z.object({
      name: z.string(),
      filled: z.number().int(), // cells with something in them
      known: z.number().int(), // of them, cells of nothing but the model's labels
      separator: z.string().nullable(), // between several labels in a cell
      example: z.string().nullable(), // a value that is none of the model's labels
    }),
  ),
});
export type AnswerColumns = z.infer<typeof answerColumnsSchema>;

const validationSchema = z.object({
  n: z.number().int(),
  abstainBelow: z.number(), // as it is set for the project
  points: z.array(coveragePointSchema), // from threshold 0 to 1 in steps of a hundredth
});
export type AbstainOnValidation = z.infer<typeof validationSchema>;

const file = { path: z.string(), options: readOptionsSchema };
const saved = z.object({ file: z.string(), rows: z.number().int(), bytes: z.number() });

/** Giving labels to a file, and measuring on one. */
export const fileMethods = {
  'predict.file': {
    request: z.object({
      ...file,
      out: z.string(),
      /** Left out: those that the classifier was trained on. */
      textColumns: z.array(z.string()).min(1).optional(),
      format: outputFormatSchema.optional(), // left out: by the ending of `out`
      shape: answerShapeSchema.optional(), // left out: probabilities of all labels
      abstainBelow: abstainBelow.optional(), // left out: as the classifier has it
    }),
    response: jobId,
  },
  /** What classifying a file did; null while its job is not done, and once a later one has taken its place. */
  'predict.result': { request: jobId, response: classifiedFileSchema.nullable() },
  /** What holding back unsure answers does on validation rows, no look at test rows; null where nothing is known of it. */
  'predict.abstain': { request: none, response: validationSchema.nullable() },
  /** Which column of a file holds the right answers, by the values of its first rows. */
  'evaluate.columns': {
    request: z.object({ ...file, textColumns: z.array(z.string()) }),
    response: answerColumnsSchema,
  },
  /** Queues the measurement of the trained classifier on a labelled file that it has not seen. */
  'evaluate.file': {
    request: z.object({
      ...file,
      /** Left out: those that the classifier was trained on. */
      columns: columnChoiceSchema.optional(),
      abstainBelow: abstainBelow.optional(), // left out: as the classifier has it
    }),
    response: jobId,
  },
  /** What a measurement found; null while its job is not done, and once a later one has taken its place. */
  'evaluate.result': { request: jobId, response: measuredFileSchema.nullable() },
  /** Writes the rows that a labelling or a measurement of a file could not read, as far as they are told: CSV, or TSV by its name. */
  'file.saveRejected': { request: jobId.extend({ out: z.string().min(1) }), response: saved },
} as const;
