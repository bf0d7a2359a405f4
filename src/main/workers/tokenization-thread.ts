import { Worker } from 'node:worker_threads';
import { AppError, fromEnvelope } from '../../shared/errors';
import type { TokenizationReply, TokenizationRequest, TokenizationResults } from './tokenization-protocol';

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: AppError) => void;
  readonly onProgress: ((share: number) => void) | undefined;
}

/** The pool's side of one tokenization worker: requests as promises, and what happens when the thread dies. */
export class TokenizationThread {
  /** Names of the vocabularies whose tokens this worker has, the last used last. */
  readonly vocabularies = new Set<number>();
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private ended: AppError | null = null;

  constructor(file: string) {
    // Flags of the parent (loaders, inspectors) are not the worker's.
    this.worker = new Worker(file, { execArgv: [] });
    this.worker.unref();
    this.worker.on('message', (reply: TokenizationReply) => this.settle(reply));
    this.worker.on('error', (cause: unknown) => this.fail('A tokenization worker failed', cause));
    this.worker.on('exit', (code) => this.fail(`A tokenization worker ended with code ${code}`));
  }

  /** How many requests are not answered yet. */
  get load(): number {
    return this.waiting.size;
  }

  /** False once the thread has ended; it cannot be used again then. */
  get alive(): boolean {
    return this.ended === null;
  }

  /**
   * Asks the worker; answers come in the order of the requests.
   * @throws AppError what the worker threw, or `internal` when it ended
   */
  ask<T extends TokenizationRequest>(
    request: T,
    transfer: readonly ArrayBuffer[] = [],
    onProgress?: (share: number) => void,
  ): Promise<TokenizationResults[T['type']]> {
    if (this.ended !== null) return Promise.reject(this.ended);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onProgress });
      this.worker.ref();
      this.worker.postMessage({ id, request }, transfer);
    });
  }

  /** Ends the thread; requests that wait are rejected. */
  async close(): Promise<void> {
    this.fail('The tokenization pool was closed');
    await this.worker.terminate();
  }

  private settle(reply: TokenizationReply): void {
    const waiting = this.waiting.get(reply.id);
    if ('progress' in reply) {
      waiting?.onProgress?.(reply.progress);
      return;
    }
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) this.worker.unref();
    if (waiting === undefined) return;
    if ('error' in reply) waiting.reject(fromEnvelope(reply.error));
    else waiting.resolve(reply.result as never);
  }

  private fail(what: string, cause?: unknown): void {
    if (this.ended !== null) return;
    const reason = cause instanceof Error ? `${what}: ${cause.message}` : `${what}.`;
    this.ended = new AppError('internal', reason, { hint: 'Try again; the texts themselves are unharmed.', cause });
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}

/** The thread with the fewest requests that wait. */
export function leastLoaded(threads: readonly TokenizationThread[]): TokenizationThread {
  return threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
}
