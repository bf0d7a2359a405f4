import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { bundleFolder } from '../platform/paths';
import type {
  BaselineDocuments,
  BaselineFitRequest,
  BaselineFitResult,
  BaselinePredictResult,
  DiverseOrderRequest,
  DiverseOrderResult,
  SimilarRequest,
  SimilarResult,
} from '../workers/baseline-protocol';
import { WorkerClient } from './worker-client';

/** The TF-IDF baseline in a thread of its own, started by the first call. */
export class BaselineClient {
  readonly #worker = new WorkerClient(
    'The baseline worker',
    () => new Worker(path.join(bundleFolder(), 'baseline-worker.cjs')),
  );

  /** Fits a baseline and applies it; aborting the signal stops the fit. @throws CancelledError when aborted */
  async fit(
    request: Omit<BaselineFitRequest, 'type' | 'stop'>,
    signal?: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    // The worker's answers have the types of its protocol; both are built from the same sources.
    const result = (await this.#callWithStop({ ...request, type: 'fit' }, signal)) as BaselineFitResult;
    return result.probabilities;
  }

  /** Places of texts so that each next one stands for most of what is not covered yet. @throws CancelledError */
  async diverse(request: Omit<DiverseOrderRequest, 'type' | 'stop'>, signal?: AbortSignal): Promise<Int32Array> {
    return ((await this.#callWithStop({ ...request, type: 'diverse' }, signal)) as DiverseOrderResult).places;
  }

  /** How much the texts behind the first one resemble it. // [compared] */
  async similar(request: Omit<SimilarRequest, 'type'>): Promise<Float32Array> {
    return ((await this.#worker.call({ ...request, type: 'similar' })) as SimilarResult).likeness;
  }

  async #callWithStop(request: { readonly type: string }, signal?: AbortSignal): Promise<unknown> {
    const stop = new SharedArrayBuffer(1);
    const set = (): void => void Atomics.store(new Uint8Array(stop), 0, 1);
    signal?.addEventListener('abort', set, { once: true });
    try {
      return await this.#worker.call({ ...request, stop }, { signal });
    } finally {
      signal?.removeEventListener('abort', set);
    }
  }

  /** Applies a baseline that was saved. // [documents, classes] */
  async predict(file: string, documents: BaselineDocuments): Promise<Float32Array> {
    const result = (await this.#worker.call({ type: 'predict', file, documents })) as BaselinePredictResult;
    return result.probabilities;
  }

  /** Ends the worker thread. */
  async close(): Promise<void> {
    await this.#worker.close();
  }
}
