import { z } from 'zod';
import { rowSchema } from './data-types';

/*
 * What the inspect step asks and is told. Shares are 0 to 1, intervals are 95 %. A run is named by its id; null is the run
 * whose classifier is the project's.
 */

const share = z.number();
const interval = z.tuple([z.number(), z.number()]);

/** Whose figures are asked for: a run by its id, or null for that of the project's classifier. */
export const runChoice = { runId: z.string().nullable().default(null) };

/** One of those that are compared on the same rows. Macro and micro F1 are null where nothing can be said of them. */
export const contenderSchema = z.object({
  id: z.enum(['majority', 'baseline', 'deep', 'blend']),
  /** True for the one that predicts. */
  used: z.boolean(),
  accuracy: share,
  accuracyInterval: interval,
  macroF1: share.nullable(),
  macroF1Interval: interval.nullable(),
  microF1: share.nullable(),
  microF1Interval: interval.nullable(),
  ece: share.nullable(),
  loss: z.number().nullable(),
});
export type ContenderFigures = z.infer<typeof contenderSchema>;

/** One label of the classifier that predicts. Precision and recall with Wilson intervals, F1 with a bootstrap one. */
export const classFiguresSchema = z.object({
  label: z.string(),
  support: z.number().int(),
  predicted: z.number().int(), // rows that were given this label
  precision: share,
  precisionInterval: interval,
  recall: share,
  recallInterval: interval,
  f1: share,
  f1Interval: interval,
  baselineF1: share,
});
export type ClassFigures = z.infer<typeof classFiguresSchema>;

/** Two sets of answers to the same rows, compared row by row. */
export const pairedSchema = z.object({
  n: z.number().int(),
  bothRight: z.number().int(),
  onlyFirst: z.number().int(),
  onlySecond: z.number().int(),
  bothWrong: z.number().int(),
  /** Share right of the second minus that of the first, with its interval. */
  difference: z.number(),
  interval,
  p: z.number(), // exact McNemar test, two-sided
});
export type Paired = z.infer<typeof pairedSchema>;

export const overviewSchema = z.object({
  runId: z.string(),
  startedAt: z.string(),
  split: z.enum(['valid', 'test']),
  n: z.number().int(),
  multiLabel: z.boolean(),
  labels: z.array(z.string()),
  majorityLabel: z.string(),
  contenders: z.array(contenderSchema),
  /** First the baseline, second the classifier that predicts. */
  againstBaseline: pairedSchema,
  perClass: z.array(classFiguresSchema),
  /** confusion[actual][predicted]; null for multi-label. */
  confusion: z.array(z.array(z.number().int())).nullable(),
  /** Class numbers so that labels that are mixed up stand together. */
  order: z.array(z.number().int()),
});
export type Overview = z.infer<typeof overviewSchema>;

/** Of answers that are at least so sure: how many there are and how many of them are right. */
export const coveragePointSchema = z.object({
  threshold: share,
  kept: z.number().int(),
  right: z.number().int(),
  interval, // of right / kept
});
export type CoveragePointFigures = z.infer<typeof coveragePointSchema>;

const reliabilityBinSchema = z.object({
  low: share,
  high: share,
  count: z.number().int(),
  confidence: share,
  accuracy: share,
});
export type ReliabilityFigures = z.infer<typeof reliabilityBinSchema>;

export const confidenceSchema = z.object({
  runId: z.string(),
  split: z.enum(['valid', 'test']),
  n: z.number().int(),
  multiLabel: z.boolean(),
  /** How many answers there are to keep or to hold back: rows, or (multi-label) true labels of all rows. */
  total: z.number().int(),
  /** From threshold 0 to 1 in equal steps. */
  points: z.array(coveragePointSchema),
  perClass: z.array(
    z.object({
      label: z.string(),
      support: z.number().int(),
      kept: z.array(z.number().int()), // by threshold: rows given this label
      right: z.array(z.number().int()),
    }),
  ),
  thresholds: z.array(share).nullable(), // multi-label: those in use
  /** One label a row: below this the project's classifier gives no answer; null for a run that it does not come from. */
  abstainBelow: share.nullable(),
  temperature: z.number(),
  reliability: z.object({
    before: z.array(reliabilityBinSchema),
    after: z.array(reliabilityBinSchema),
    /** Of what predicts, where that is not the deep model alone. */
    used: z.array(reliabilityBinSchema).nullable(),
    eceBefore: share,
    eceAfter: share,
  }),
});
export type Confidence = z.infer<typeof confidenceSchema>;

/** Which held-out rows a list shows. */
export const rowListSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('confident-errors') }),
  z.object({ kind: z.literal('uncertain') }),
  z.object({ kind: z.literal('top-losses') }),
  z.object({ kind: z.literal('doubted') }),
  z.object({ kind: z.literal('cell'), actual: z.string(), predicted: z.string() }),
  z.object({ kind: z.literal('slice'), by: z.string(), key: z.string(), wrong: z.boolean() }),
  z.object({ kind: z.literal('changed'), other: z.string(), change: z.enum(['fixed', 'broken']) }),
]);
export type RowList = z.infer<typeof rowListSchema>;

/** Which of the rows that a run has held out a list shows: validation rows, by which it was chosen, test rows, or both. */
export const heldOutSideSchema = z.enum(['test', 'valid', 'both']);
export type HeldOutSide = z.infer<typeof heldOutSideSchema>;

/** A held-out row with what the run's classifier says of it. */
export const inspectedRowSchema = z.object({
  row: rowSchema, // as it is now
  split: z.enum(['valid', 'test']), // when the run began
  truth: z.array(z.string()), // its labels when the run began
  predicted: z.array(z.string()),
  scores: z.array(z.object({ label: z.string(), probability: share })), // the best five
  loss: z.number(),
  uncertainty: share,
  /** Labels that it should rather have, for doubted ones. */
  suggestion: z.array(z.string()).nullable(),
});
export type InspectedRow = z.infer<typeof inspectedRowSchema>;

export const inspectedRowsSchema = z.object({
  total: z.number().int(),
  /** How many rows the list has on either side, whichever of them is shown. */
  sides: z.object({ valid: z.number().int(), test: z.number().int() }),
  /** Doubted labels: how many wrong ones are to be expected among the held-out rows of the side shown. */
  estimate: z.number().nullable(),
  rows: z.array(inspectedRowSchema),
});
export type InspectedRows = z.infer<typeof inspectedRowsSchema>;

/** The rows of one kind: how many of them are right. */
export const sliceSchema = z.object({
  key: z.string(),
  /** Bounds of a slice of numbers or lengths, low inclusive, high inclusive; null: open. */
  range: z.tuple([z.number().nullable(), z.number().nullable()]).nullable(),
  n: z.number().int(),
  right: z.number().int(),
  interval,
  baselineRight: z.number().int(),
  /** `worse` and `better` only where the interval lies wholly on one side of the share of all rows. */
  compared: z.enum(['worse', 'even', 'better']),
});
export type Slice = z.infer<typeof sliceSchema>;

export const slicesSchema = z.object({
  runId: z.string(),
  by: z.string(),
  split: z.enum(['valid', 'test']),
  n: z.number().int(),
  right: z.number().int(),
  /** Columns of the data that rows can be parted by. */
  columns: z.array(z.string()),
  slices: z.array(sliceSchema),
});
export type Slices = z.infer<typeof slicesSchema>;

/** How rows are parted: by length in words, by language, or by a column (`column:` and its name). */
export const sliceByLength = 'length';
export const sliceByLanguage = 'language';
export const sliceByColumn = 'column:';

/** How the labelled rows of two runs differ, on all sides of the split; counts of rows. */
export const dataChangesSchema = z.object({
  relabelled: z.number().int(), // both runs have a label for them, not the same
  added: z.number().int(),
  gone: z.number().int(),
  learnedBefore: z.number().int(),
  learnedAfter: z.number().int(),
});
export type DataChanges = z.infer<typeof dataChangesSchema>;

export const changesSchema = z.object({
  before: z.string(),
  after: z.string(),
  /** Which rows could be compared: held out from both runs. */
  paired: pairedSchema,
  /** Labels that only one of the runs knows. */
  onlyBefore: z.array(z.string()),
  onlyAfter: z.array(z.string()),
  perClass: z.array(
    z.object({
      label: z.string(),
      support: z.number().int(),
      beforeRight: z.number().int(),
      afterRight: z.number().int(),
    }),
  ),
  data: dataChangesSchema,
  settings: z.array(z.object({ name: z.string(), before: z.string(), after: z.string() })),
});
export type Changes = z.infer<typeof changesSchema>;

/** One word of an explained text. Scores are changes of the log odds of the explained label, in nats. */
export const explainedWordSchema = z.object({
  text: z.string(),
  before: z.string(), // what stands between it and the word before: spaces mostly
  known: z.boolean(),
  /** Gradient times input: what the word adds, to first order. */
  gradient: z.number(),
  /** Log odds with the word minus without it; words of one group are left out together. */
  leftOut: z.number().nullable(),
  group: z.number().int(),
  /** The label's probability without this word (or its group). */
  without: share.nullable(),
});
export type ExplainedWord = z.infer<typeof explainedWordSchema>;

export const explanationSchema = z.object({
  label: z.string(),
  probability: share,
  labels: z.array(z.object({ label: z.string(), probability: share })), // all, best first
  words: z.array(explainedWordSchema),
  tail: z.string(), // what follows the last word
  /** How well the two methods agree: Spearman's rank correlation over the words; null for fewer than three words. */
  agreement: z.number().nullable(),
  /** Words that were left out together, as the text is long; 1: each by itself. */
  groupSize: z.number().int(),
  /** Share of the prediction that the gradient explains: the deep model's, where the classifier is a blend. */
  deepShare: share,
  milliseconds: z.number(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** An explanation that was asked of a run. */
export const runExplanationSchema = explanationSchema.extend({
  /** True where the weights of the run are gone: the project's classifier has answered in its place. */
  standIn: z.boolean(),
});
export type RunExplanation = z.infer<typeof runExplanationSchema>;

export const similarRowsSchema = z.object({
  /** `reading`: the training texts are being read once; ask again. */
  state: z.enum(['ready', 'reading']),
  done: z.number().int(),
  total: z.number().int(), // training rows that are searched
  of: z.number().int(), // training rows that there are
  rows: z.array(z.object({ row: rowSchema, similarity: z.number() })),
});
export type SimilarRows = z.infer<typeof similarRowsSchema>;

export const reportLanguageSchema = z.enum(['en', 'de', 'fr']);
export type ReportLanguage = z.infer<typeof reportLanguageSchema>;

const page = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) };

/** The engine methods of the inspect step. */
export const inspectMethods = {
  'inspect.overview': { request: z.object(runChoice), response: overviewSchema },
  'inspect.confidence': { request: z.object(runChoice), response: confidenceSchema },
  /** From now on the project's classifier, and what is exported of it, gives no answer below a probability; 0: always one. */
  'inspect.abstain': { request: z.object({ below: share }), response: z.object({}) },
  'inspect.rows': {
    request: z.object({ ...runChoice, list: rowListSchema, side: heldOutSideSchema.default('both'), ...page }),
    response: inspectedRowsSchema,
  },
  'inspect.slices': { request: z.object({ ...runChoice, by: z.string() }), response: slicesSchema },
  'inspect.changes': { request: z.object({ before: z.string(), after: z.string() }), response: changesSchema },
  /** Explains one prediction; `leaveOut` also reads the text without each of its words. */
  'inspect.explain': {
    request: z.object({
      ...runChoice,
      text: z.string(),
      label: z.string().nullable().default(null),
      leaveOut: z.boolean().default(true),
    }),
    response: runExplanationSchema,
  },
  /** The training rows that the run's encoder takes for most like a text. */
  'inspect.similar': {
    request: z.object({ ...runChoice, text: z.string(), limit: z.number().int().min(1).max(50) }),
    response: similarRowsSchema,
  },
  /** Writes everything about a run into one HTML file; without a path into the run's own folder. */
  'inspect.report': {
    request: z.object({
      ...runChoice,
      out: z.string().nullable().default(null),
      language: reportLanguageSchema.default('en'),
    }),
    response: z.object({ file: z.string(), bytes: z.number() }),
  },
} as const;
