import path from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { HumanNumbersParams } from '../../engine/human-numbers/human-numbers-task';
import type { RungResult } from '../../engine/human-numbers/train-rung';
import type { InputGradient } from '../../engine/inspect/input-gradient';
import type { ParityResult } from '../../engine/parity/run-parity';
import type { MeasuredSpeeds } from '../../engine/tasks/measure-speeds';
import type {
  FindRateParams,
  LanguageModelEvaluation,
  PretrainParams,
  PretrainResult,
  ProbeResult,
  SpeedParams,
  TrainParams,
  TrainResult,
} from '../../engine/tasks/protocol';
import { AppError } from '../../shared/errors';
import { progressEventSchema, type ProgressEvent } from '../../shared/jobs';
import type { RateCurve } from '../../shared/training-types';
import { prepareEnvironment } from '../platform/environment';
import { bundleFolder } from '../platform/paths';
import type { JobControl } from './job-control';
import { WorkerClient } from './worker-client';

/** The training worker: the one thread that loads TensorFlow. It is started by the first call. */
export class TrainingClient {
  readonly #worker: WorkerClient;
  readonly #backendKnown: (backend: string) => void;
  #probe: ProbeResult | null = null;

  /** @param backendKnown is told once which kernels are in use, in words */
  constructor(backendKnown: (backend: string) => void = () => undefined) {
    this.#backendKnown = backendKnown;
    this.#worker = new WorkerClient('The training worker', () => {
      prepareEnvironment();
      return new Worker(path.join(bundleFolder(), 'training-worker.cjs'), { env: SHARE_ENV });
    });
  }

  /** True once TensorFlow may have been loaded. */
  get started(): boolean {
    return this.#worker.started;
  }

  /** Loads TensorFlow, measures this machine once, and says what was found. */
  async probe(): Promise<ProbeResult> {
    if (this.#probe && this.#worker.started) return this.#probe;
    // The worker's answers have the types of the protocol; both are built from the same sources.
    const probe = (await this.#worker.call({ type: 'probe' })) as ProbeResult;
    this.#probe = probe;
    this.#backendKnown(describeBackend(probe));
    return probe;
  }

  /** Trains; pause, resume and cancel of the job reach the worker. `map` may change what is reported, or hold it back. */
  async train(
    params: TrainParams,
    control: JobControl,
    map: (event: ProgressEvent) => ProgressEvent | null = (event) => event,
  ): Promise<TrainResult> {
    return (await this.#task({ type: 'train', params }, control, map)) as TrainResult;
  }

  /** Pretrains a language model on a corpus. */
  async pretrain(params: PretrainParams, control: JobControl): Promise<PretrainResult> {
    return (await this.#task({ type: 'pretrain', params }, control)) as PretrainResult;
  }

  /**
   * The probabilities of documents, calibrated. Answered between training steps too.
   * @param keep models that stay loaded beside this one, as they will be asked next (an ensemble's)
   * @returns // [documents, classes]
   */
  async predict(
    modelDir: string,
    ids: Int32Array,
    offsets: Int32Array,
    classes: number,
    keep: readonly string[] = [],
  ): Promise<Float32Array> {
    const result = (await this.#worker.call({ type: 'predict', modelDir, ids, offsets, keep })) as {
      probabilities: Float32Array;
    };
    const expected = (offsets.length - 1) * classes;
    if (result.probabilities.length === expected) return result.probabilities;
    throw new AppError(
      'model-format',
      `${modelDir} gave ${result.probabilities.length} probabilities, expected ${expected}.`,
    );
  }

  /** What each token of one document adds to the log odds of a class (null: the most probable one). */
  async explain(
    modelDir: string,
    ids: Int32Array,
    target: number | null,
    keep: readonly string[] = [],
  ): Promise<InputGradient> {
    return (await this.#worker.call({ type: 'explain', modelDir, ids, target, keep })) as InputGradient;
  }

  /** The pooled encoder states of documents. // [documents, pooled width] */
  async states(
    modelDir: string,
    ids: Int32Array,
    offsets: Int32Array,
    keep: readonly string[] = [],
  ): Promise<Float32Array> {
    const request = { type: 'states', modelDir, ids, offsets, keep };
    return ((await this.#worker.call(request)) as { states: Float32Array }).states;
  }

  /** Perplexity of a language model on the texts of a shards folder. */
  async lmEvaluate(modelDir: string, shardsDir: string, control: JobControl): Promise<LanguageModelEvaluation> {
    return (await this.#task({ type: 'lm-evaluate', modelDir, shardsDir }, control)) as LanguageModelEvaluation;
  }

  /** Sweeps the learning rate of a run that is not begun. */
  async findRate(params: FindRateParams, control: JobControl): Promise<RateCurve> {
    return (await this.#task({ type: 'find-rate', params }, control)) as RateCurve;
  }

  /** Times a few training steps of a run that is not begun; the caller sees to it that nothing else trains. */
  async measureSpeeds(params: SpeedParams): Promise<MeasuredSpeeds> {
    // The worker's answers have the types of the protocol; both are built from the same sources.
    return (await this.#worker.call({ type: 'measure-speeds', params })) as MeasuredSpeeds;
  }

  /** Runs the parity cases below a folder against the kernels in use. */
  async parity(folder: string): Promise<ParityResult[]> {
    return (await this.#worker.call({ type: 'parity', folder })) as ParityResult[];
  }

  /** Trains one rung of the ladder of Human Numbers. */
  async humanNumbers(params: HumanNumbersParams, control: JobControl): Promise<RungResult> {
    return (await this.#task({ type: 'human-numbers', params }, control)) as RungResult;
  }

  /** Ends the worker thread. */
  async close(): Promise<void> {
    await this.#worker.close();
  }

  async #task(
    request: Readonly<Record<string, unknown>>,
    control: JobControl,
    map: (event: ProgressEvent) => ProgressEvent | null = (event) => event,
  ): Promise<unknown> {
    await control.checkpoint();
    let stopListening = (): void => undefined;
    try {
      return await this.#worker.call(request, {
        signal: control.signal,
        onStart: (id) => {
          // Posted after the request itself: a job that is paused already must find its task there.
          queueMicrotask(() => {
            stopListening = control.listen({
              pause: () => this.#worker.post({ type: 'pause', id }),
              resume: () => this.#worker.post({ type: 'resume', id }),
              finish: () => this.#worker.post({ type: 'finish', id }),
            });
          });
        },
        onProgress: (event) => {
          const mapped = map(progressEventSchema.parse(event));
          if (mapped) control.report(mapped);
        },
      });
    } finally {
      stopListening();
    }
  }
}

/** Which kernels are in use, in words: "TensorFlow 2.21.0, native kernels, bf16". */
export function describeBackend(probe: ProbeResult): string {
  const name = probe.backend === 'tensorflow' ? 'TensorFlow' : `TensorFlow.js (${probe.backend})`;
  return `${name} ${probe.version}, ${probe.kernels} kernels, ${probe.precision}`;
}
