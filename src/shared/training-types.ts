import { z } from 'zod';
import { errorEnvelopeSchema, progressEventSchema, jobStateSchema } from './jobs';
import { planReasonSchema, planWarningSchema } from './run-notes';
import { runOptionsSchema } from './run-options';

export const presetSchema = z.enum(['quick', 'standard', 'best']);
export type Preset = z.infer<typeof presetSchema>;

/** What a person asks of a training run; what is left out is planned from the data and a timed probe. */
export const trainingRequestSchema = z.object({
  preset: presetSchema.default('standard'),
  minutes: z.number().positive().optional(), // a budget that is kept
  seed: z.number().int().default(0),
  fineTuneLanguageModel: z.boolean().default(true),
  /** A folder with a language model; null trains from scratch; left out takes the shipped one. */
  pretrained: z.string().nullable().optional(),
  classWeights: z.boolean().default(false),
  /** Share of the labelled rows that is kept for the final measurement where no test file was given; left out: a tenth, at most 2,000 rows. */
  testShare: z.number().min(0).max(0.5).optional(),
  /** Advanced options; what is left out is chosen by the plan. */
  options: runOptionsSchema.default({}),
});
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

/** Texts in another language than the language model has read (ISO 639-1 codes), and models of the catalogue that fit. */
export const languageMismatchSchema = z.object({
  model: z.string(),
  read: z.string(),
  texts: z.string(),
  fitting: z.array(z.string()),
});
export type LanguageMismatch = z.infer<typeof languageMismatchSchema>;

/** The plan of a run before it starts: what will be done, in numbers, and why. */
export const trainingPlanSchema = z.object({
  stages: z.array(z.object({ stage: z.string(), epochs: z.number(), learningRate: z.number(), seconds: z.number() })),
  batchSize: z.number().int(),
  bptt: z.number().int(),
  maxLength: z.number().int(),
  seconds: z.number(), // an estimate of the whole
  /** Runs of earlier versions hold English sentences. */
  reasons: z.array(z.union([planReasonSchema, z.string()])),
  /** Of the data that a run would learn from; left out by the run itself, which tells them in notes. */
  warnings: z.array(planWarningSchema).optional(),
  /** Whether both speeds were timed on this machine for this run, or taken from the usual ones; left out by the run itself. */
  timed: z.boolean().optional(),
  /** Left out by the run itself, which says it in a note. */
  languageMismatch: languageMismatchSchema.nullable().optional(),
});
export type TrainingPlan = z.infer<typeof trainingPlanSchema>;

export const classMetricsSchema = z.object({
  label: z.string(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  support: z.number().int(),
});
export type ClassMetrics = z.infer<typeof classMetricsSchema>;

/** How good a model is on some rows. Shares are 0 to 1; intervals are 95 % (Wilson). */
export const metricsSchema = z.object({
  n: z.number().int(),
  accuracy: z.number(), // multi-label: share of rows with exactly the right set
  accuracyInterval: z.tuple([z.number(), z.number()]),
  macroF1: z.number(),
  microF1: z.number(),
  ece: z.number(), // expected calibration error, 15 bins of equal width
  loss: z.number(),
  perClass: z.array(classMetricsSchema),
  /** confusion[actual][predicted]; null for multi-label. */
  confusion: z.array(z.array(z.number().int())).nullable(),
});
export type Metrics = z.infer<typeof metricsSchema>;

/** What was found out about blending the deep model with the TF-IDF baseline. */
export const blendSchema = z.object({
  /** True where predictions are the blend: the run asked for it, or it pays and the run left the choice open. */
  used: z.boolean(),
  /** Shares of the deep model and of the baseline in the mean of their probabilities, and the temperature on it. */
  weights: z.object({ model: z.number(), baseline: z.number() }),
  temperature: z.number().positive(),
  thresholds: z.array(z.number()).nullable(),
  /** On validation rows, the blend by cross-fitting. Loss in nats; score is accuracy, or micro F1 at 0.5 for several labels. */
  validation: z.object({
    n: z.number().int(),
    modelLoss: z.number(),
    blendLoss: z.number(),
    modelScore: z.number(),
    blendScore: z.number(),
    pays: z.boolean(),
  }),
});
export type Blend = z.infer<typeof blendSchema>;

/** Expected calibration error before and after the temperature, on rows of one split. */
const calibrationSchema = z.object({ n: z.number().int(), before: z.number(), after: z.number() });

/** Whether the network tells more of held-out texts than the shares of the labels do. */
export const learnedSchema = z.enum(['yes', 'unsure', 'no']);
export type Learned = z.infer<typeof learnedSchema>;

/** How it was decided whether predictions are the blend: `rule`: `n` validation texts were too few to judge it by. */
const blendChoiceSchema = z.object({
  used: z.boolean(),
  by: z.enum(['judged', 'rule', 'asked']),
  n: z.number().int(),
});

/** The classifier on validation texts: it learned nothing from them, but its weights were chosen by them. */
const onValidationSchema = metricsSchema.pick({ n: true, accuracy: true, accuracyInterval: true });

/** The model, the TF-IDF baseline and the majority class, on the same rows. */
export const comparisonSchema = z.object({
  split: z.enum(['valid', 'test']),
  labels: z.array(z.string()),
  model: metricsSchema, // the classifier as it predicts
  baseline: metricsSchema, // with a temperature of its own
  majority: z.object({ label: z.string(), accuracy: z.number() }),
  temperature: z.number(), // of the deep model
  eceBeforeTemperature: z.number(), // of the deep model
  /** The deep model without the baseline, where the classifier is a blend. */
  deep: metricsSchema.nullable().optional(),
  /** The blend of both, used or not; left out where none was fitted. */
  blend: metricsSchema.nullable().optional(),
  /** The models that were averaged, each by itself, with its weight. */
  members: z.array(z.object({ name: z.string(), weight: z.number(), metrics: metricsSchema })).optional(),
  calibration: z.object({ valid: calibrationSchema, test: calibrationSchema.nullable() }).optional(),
  /** Of the network alone, on all held-out rows; left out by runs of before it was told. */
  learned: learnedSchema.optional(),
  /** Left out where no blend was fitted, and by runs of before it was told. */
  blendChoice: blendChoiceSchema.optional(),
  /** Beside a measurement on test rows; the blend's accuracy by cross-fitting where it was judged. */
  validation: onValidationSchema.optional(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** A classifier measured on a labelled file, beside its baseline and the majority class of its training rows. */
export const evaluationSchema = metricsSchema.extend({
  documentsPerSecond: z.number(),
  labels: z.array(z.string()), // the model's, then those it does not know
  thresholds: z.array(z.number()).nullable(),
  baseline: metricsSchema,
  deep: metricsSchema.nullable(), // the deep model alone, where the classifier is a blend
  blend: metricsSchema.nullable(), // used or not; null where none was fitted
  majority: z.object({ label: z.string(), accuracy: z.number() }),
  unknownLabels: z.array(z.string()),
  unlabelled: z.number().int(), // rows that were left out
});

/** A run as it stands on disk (`runs/<id>/run.json`), with its curves. */
export const runSchema = z.object({
  id: z.string(),
  /** What a person calls the run; null: by its date. */
  name: z.string().nullable().default(null),
  state: jobStateSchema,
  request: trainingRequestSchema,
  plan: trainingPlanSchema.nullable(),
  startedAt: z.string(), // when it was asked for; it may have waited in the queue
  begunAt: z.string().nullable().default(null), // when its turn came first
  endedAt: z.string().nullable(),
  device: z.string(), // 'TensorFlow 2.21.0 on the processor, bf16' …
  comparison: comparisonSchema.nullable(),
  /** Why it has failed; null or left out where it has not. */
  error: errorEnvelopeSchema.nullable().optional(),
  /** Whether there is something that it can go on from; told with the run, not kept in its file. */
  canGoOn: z.boolean().optional(),
});
export type Run = z.infer<typeof runSchema>;

export const runWithEventsSchema = runSchema.extend({ events: z.array(progressEventSchema) });
export type RunWithEvents = z.infer<typeof runWithEventsSchema>;

/** What a run takes on disk, in bytes: its classifier (kept for averages and comparisons), and everything together. */
export const runDiskSchema = z.object({ runId: z.string(), classifier: z.number(), whole: z.number() });
export type RunDisk = z.infer<typeof runDiskSchema>;

/** A run whose learning rate is looked for, and the sweep: from which rate to which, in how many steps (as fastai's `lr_find`). */
export const findRateRequestSchema = trainingRequestSchema.extend({
  part: z.enum(['language-model', 'classifier']).default('classifier'),
  from: z.number().positive().default(1e-7),
  to: z.number().positive().default(10),
  steps: z.number().int().min(20).max(10_000).default(100),
});

/** What the learning-rate finder says: the curve for a chart, and rates that it suggests (null where it is too short). */
export const rateCurveSchema = z.object({
  part: z.enum(['language-model', 'classifier']),
  /** Losses in nats; `smoothed` is NaN-free: the sweep ends before. */
  points: z.array(z.object({ rate: z.number(), loss: z.number(), smoothed: z.number() })),
  /** True where the loss blew up before the last rate was reached. */
  diverged: z.boolean(),
  suggestions: z.object({
    valley: z.number().nullable(),
    slide: z.number().nullable(),
    minimum: z.number().nullable(),
    steep: z.number().nullable(),
  }),
});
export type RateCurve = z.infer<typeof rateCurveSchema>;

/** One text with the model's probabilities, best first. */
export const predictionSchema = z.object({
  text: z.string(),
  labels: z.array(z.object({ label: z.string(), probability: z.number() })),
  unknownWords: z.array(z.string()),
});
export type Prediction = z.infer<typeof predictionSchema>;
