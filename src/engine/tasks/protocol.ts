import type { ErrorEnvelope } from '../../shared/errors';
import type { HumanNumbersParams } from '../human-numbers/human-numbers-task';
import type { EncoderConfig } from '../model/config';
import type { TokenizerFile } from '../text/tokenizer-file';
import type { HeldOutLogits } from '../train/linear-head';
import type { ProgressEvent } from '../../shared/jobs';
import type { TrainingPlan, TrainingRequest } from '../../shared/training-types';

/** The messages between the engine host and the training worker: plain data and typed arrays, copied or transferred. */
export type WorkerTask =
  | { readonly id: number; readonly type: 'probe' }
  | { readonly id: number; readonly type: 'train'; readonly params: TrainParams }
  | { readonly id: number; readonly type: 'pretrain'; readonly params: PretrainParams }
  | {
      readonly id: number;
      readonly type: 'predict';
      readonly modelDir: string;
      readonly ids: Int32Array;
      readonly offsets: Int32Array; // documents + 1
      /** Models that stay loaded beside this one; every other is given up. */
      readonly keep: readonly string[];
    }
  | {
      readonly id: number;
      readonly type: 'explain';
      readonly modelDir: string;
      readonly ids: Int32Array; // one document
      readonly target: number | null; // class to explain; null: the most probable one
      readonly keep: readonly string[];
    }
  | {
      readonly id: number;
      readonly type: 'states';
      readonly modelDir: string;
      readonly ids: Int32Array;
      readonly offsets: Int32Array; // documents + 1
      readonly keep: readonly string[];
    }
  | { readonly id: number; readonly type: 'lm-evaluate'; readonly modelDir: string; readonly shardsDir: string }
  | { readonly id: number; readonly type: 'measure-speeds'; readonly params: SpeedParams }
  | { readonly id: number; readonly type: 'find-rate'; readonly params: FindRateParams }
  | { readonly id: number; readonly type: 'parity'; readonly folder: string }
  | { readonly id: number; readonly type: 'human-numbers'; readonly params: HumanNumbersParams };

/** What may be said of a task that is under way. */
export interface WorkerControl {
  readonly id: number;
  /** `finish`: end the part that trains now, with the best weights so far. */
  readonly type: 'pause' | 'resume' | 'cancel' | 'finish';
}

export type WorkerRequest = WorkerTask | WorkerControl;

export type WorkerReply =
  | { readonly id: number; readonly type: 'progress'; readonly event: ProgressEvent }
  | { readonly id: number; readonly type: 'result'; readonly result: unknown }
  | { readonly id: number; readonly type: 'error'; readonly error: ErrorEnvelope };

export interface ProbeResult {
  readonly backend: string;
  readonly kernels: 'native' | 'portable';
  readonly why: string;
  readonly version: string;
  readonly device: string;
  readonly precision: 'fp32' | 'bf16';
  /** Thaw's own kernels, or null and why not. */
  readonly fused: { readonly name: string; readonly threads: number } | null;
  readonly fusedWhy: string;
  readonly gemmGflops: number;
}

/** Documents with their labels in compressed rows: document i has labels[labelOffsets[i] … labelOffsets[i + 1]). */
export interface LabelledDocuments {
  readonly documents: Int32Array; // indexes in the shards
  readonly labelOffsets: Int32Array;
  readonly labels: Int32Array; // class ids
}

export interface TrainParams {
  readonly runDir: string; // checkpoints
  readonly shardsDir: string;
  readonly outDir: string; // gets language-model/ and classifier/
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly languageModelTrain: Int32Array;
  readonly languageModelValid: Int32Array;
  readonly train: LabelledDocuments;
  readonly valid: LabelledDocuments;
  readonly request: TrainingRequest;
  /** The minutes that the person gave, where those of the request are what is left of them. */
  readonly askedMinutes?: number | undefined;
  /** How much each class counts where the request does not want all of them to count alike. // [labels], null: alike by row */
  readonly classWeights?: Float32Array | null;
  readonly pretrainedDir: string | null;
  /** Reads every text from its end, in the language model and in the classifier; false when left out. */
  readonly backward?: boolean;
  readonly resume: boolean;
  readonly tokenizer: TokenizerFile;
  /** How much work an interruption may cost at most; 20 when left out. */
  readonly checkpointSeconds?: number;
}

/** A run whose learning rate is looked for; nothing is written to its folders. */
export interface FindRateParams {
  readonly train: TrainParams;
  readonly part: 'language-model' | 'classifier';
  /** From which rate to which, in how many steps. */
  readonly range: { readonly from: number; readonly to: number; readonly steps: number };
}

/** A run whose speed is timed on a sample of its texts. */
export interface SpeedParams {
  readonly train: TrainParams;
  /** Words that the vocabulary of all texts will about have. */
  readonly vocabulary: number;
}

export interface TrainResult {
  readonly languageModelDir: string | null;
  readonly classifierDir: string;
  readonly validLogits: Float32Array; // [valid documents, classes]
  /** What models without them say of training documents, by their places among these; null where that is not known. */
  readonly heldOut: HeldOutLogits | null;
  readonly temperature: number;
  readonly thresholds: readonly number[] | null;
  readonly plan: TrainingPlan;
  readonly seconds: number;
}

export interface TeacherParams {
  readonly sentencesDir: string; // token shards on the vocabulary of the corpus
  readonly vectorsFile: string; // float16, row after row
  readonly width: number;
  readonly batchSize: number; // sentences a step
  readonly weight: number;
}

export interface PretrainParams {
  readonly shardsDir: string; // with vocabulary.json
  readonly validShardsDir: string | null;
  readonly outDir: string; // gets the language model; checkpoints beside it
  readonly sizes: Pick<EncoderConfig, 'kind' | 'embedding' | 'hidden' | 'layers' | 'qrnn'>;
  readonly minutes: number; // of training, over all sittings
  /** The last minutes, over which the learning rate falls to nothing. */
  readonly decayMinutes: number;
  readonly batchSize: number;
  readonly bptt: number;
  readonly learningRate: number;
  readonly dropMultiplier: number;
  readonly seed: number;
  readonly backward: boolean;
  readonly resume: boolean;
  /** Folder of a language model of the same sizes and words, whose weights are the first; left out: drawn by chance. */
  readonly startFrom?: string | undefined;
  readonly name: string;
  /** Sentences and their vectors to learn from beside the next word; left out: none. */
  readonly teacher?: TeacherParams | undefined;
  readonly tokenizer: TokenizerFile;
}

export interface PretrainResult {
  readonly modelDir: string;
  readonly tokensSeen: number;
  readonly epochs: number;
  readonly perplexity: number | null;
  readonly seconds: number;
}

export interface LanguageModelEvaluation {
  readonly tokens: number;
  readonly perplexity: number;
  readonly unknownRate: number;
  readonly tokensPerSecond: number;
}
