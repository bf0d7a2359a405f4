import { z } from 'zod';
import { errorSentenceSchema } from './error-sentences';
import { runNoteSchema } from './run-notes';

/** The stages of a whole job, in order. Names are the papers'. A run shows only those it has. */
export const stageIds = [
  'import',
  'tokenize',
  'baseline',
  'probe',
  'language-model-new-rows', // embedding rows of words the pretrained model has never seen; the rest frozen
  'language-model-all',
  'classifier-linear', // few labelled texts: a linear head on frozen layers, to its optimum
  'classifier-head', // gradual unfreezing: the head,
  'classifier-last', // then the last encoder layer,
  'classifier-last-two', // the last two,
  'classifier-chain', // chain-thaw in their place: each layer in its turn,
  'classifier-all', // everything
  'calibrate',
  'find-rate',
  'evaluate',
  'predict',
  'export',
] as const;
export const stageIdSchema = z.enum(stageIds);
export type StageId = z.infer<typeof stageIdSchema>;

/** A held-out text with its true labels and what the classifier says. `text` is its beginning, '' until the host knows it. */
export const sampleSchema = z.object({
  row: z.number().int(),
  text: z.string(),
  actual: z.array(z.string()),
  predicted: z.array(z.object({ label: z.string(), probability: z.number() })), // best first, a few
  loss: z.number(), // nats
});
export type Sample = z.infer<typeof sampleSchema>;

/** What a running task reports. Losses in nats, rates per second, times in seconds, memory in bytes. */
export const progressEventSchema = z.discriminatedUnion('type', [
  /** A stage begins. `stages` is the whole track, so that it can be drawn from the start. */
  z.object({ type: z.literal('stage'), stage: stageIdSchema, stages: z.array(stageIdSchema) }),
  /** Work that is counted and not trained: rows read, texts tokenized. `total` is null while it is not known. */
  z.object({
    type: z.literal('count'),
    stage: stageIdSchema,
    done: z.number(),
    total: z.number().nullable(),
    unit: z.enum(['rows', 'bytes', 'texts', 'tokens', 'percent']),
    secondsLeft: z.number().nullable(),
  }),
  /** One training step (reported about four times a second, not for each batch). */
  z.object({
    type: z.literal('step'),
    stage: stageIdSchema,
    step: z.number(),
    steps: z.number(),
    epoch: z.number(), // with its fraction: 1.5 is the middle of the second
    epochs: z.number(),
    loss: z.number(),
    smoothedLoss: z.number(),
    learningRate: z.number(),
    momentum: z.number(),
    tokensPerSecond: z.number(),
    secondsLeft: z.number().nullable(), // of the whole run
    memoryBytes: z.number(),
  }),
  /** The end of an epoch, with what validation said. */
  z.object({
    type: z.literal('epoch'),
    stage: stageIdSchema,
    epoch: z.number(),
    epochs: z.number(),
    trainLoss: z.number(),
    validLoss: z.number().nullable(),
    accuracy: z.number().nullable(),
    macroF1: z.number().nullable(),
    perplexity: z.number().nullable(),
  }),
  /** Held-out texts at the end of an epoch: the same few each time, and those that the classifier errs on most. */
  z.object({
    type: z.literal('samples'),
    stage: stageIdSchema,
    epoch: z.number(),
    held: z.number().int(), // held-out texts
    wrong: z.number().int(), // of them
    samples: z.array(sampleSchema),
    errors: z.array(sampleSchema), // the greatest loss first
  }),
  /** What the language model writes after a few words of a held-out text. `share` is of the stage, 0 to 1. */
  z.object({
    type: z.literal('generated'),
    stage: stageIdSchema,
    share: z.number(),
    prompt: z.string(),
    text: z.string(),
    backward: z.boolean(), // what was written stands before the prompt
  }),
  /** One of several parts of a job begins that are about equally long, each with stages of its own; the first is 0. */
  z.object({ type: z.literal('part'), place: z.number().int(), parts: z.number().int() }),
  /**
   * Something for the person: what was decided and why, or what is unusual. `message` says it in English; `note` is the
   * same as data, left out where there is none (and of a newer version's code that is not known here).
   */
  z.object({
    type: z.literal('note'),
    level: z.enum(['info', 'warning']),
    message: z.string(),
    note: runNoteSchema.optional().catch(undefined),
  }),
]);
export type ProgressEvent = z.infer<typeof progressEventSchema>;

export const jobStateSchema = z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled', 'interrupted']);
export type JobState = z.infer<typeof jobStateSchema>;

export const jobKindSchema = z.enum(['import', 'train', 'predict-file', 'evaluate', 'export', 'find-rate', 'ablate']);
export type JobKind = z.infer<typeof jobKindSchema>;

export const errorEnvelopeSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  /** Left out where there are no words for it, and where they are of a newer version. */
  says: errorSentenceSchema.optional().catch(undefined),
});

/** A job as every face of Thaw sees it. `fraction` is of the whole job, 0 to 1. */
export const jobSchema = z.object({
  id: z.string(),
  kind: jobKindSchema,
  /** In English, for the command line and logs; the window has words of its own for each kind. */
  title: z.string(),
  /** The name of the file or folder that it works on; null or left out where there is none. */
  subject: z.string().nullable().optional(),
  state: jobStateSchema,
  stage: stageIdSchema.nullable(),
  fraction: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  startedAt: z.string().nullable(), // ISO 8601
  endedAt: z.string().nullable(),
  error: errorEnvelopeSchema.nullable(),
  /** For a training job: the run it writes. */
  runId: z.string().nullable(),
});
export type Job = z.infer<typeof jobSchema>;
