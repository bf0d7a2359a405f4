import type { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { AppError, CancelledError, fromEnvelope, toEnvelope, type ErrorCode } from '../../shared/errors';
import { errorEnvelopeSchema } from '../../shared/jobs';

const replySchema = z.discriminatedUnion('type', [
  z.object({ id: z.number(), type: z.literal('progress'), event: z.unknown() }),
  z.object({ id: z.number(), type: z.literal('result'), result: z.unknown() }),
  z.object({ id: z.number(), type: z.literal('error'), error: errorEnvelopeSchema }),
]);

/** How a call is watched and stopped. */
export interface CallOptions {
  readonly onProgress?: ((event: unknown) => void) | undefined;
  /** Aborting posts `{type: 'cancel'}`; the call ends when the worker says so. */
  readonly signal?: AbortSignal | undefined;
  /** Gets the call's id before it is sent, for pause and resume. */
  readonly onStart?: ((id: number) => void) | undefined;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((event: unknown) => void) | undefined;
}

/**
 * Calls to one worker thread, which is started by the first call. A worker that ends by itself fails every open call
 * with `engine-gone`; the next call starts a new one.
 */
export class WorkerClient {
  readonly #start: () => Worker;
  readonly #what: string;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #nextId = 1;

  /** @param what names the worker in messages, as in "The training worker" */
  constructor(what: string, start: () => Worker) {
    this.#what = what;
    this.#start = start;
  }

  /** True once the worker thread was started. */
  get started(): boolean {
    return this.#worker !== null;
  }

  /** Sends a request (without its id) and resolves with the worker's result. */
  async call(request: Readonly<Record<string, unknown>>, options: CallOptions = {}): Promise<unknown> {
    if (options.signal?.aborted) throw new CancelledError();
    const worker = this.#ensure();
    const id = this.#nextId++;
    const result = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress: options.onProgress });
    });
    options.onStart?.(id);
    const cancel = (): void => this.post({ type: 'cancel', id });
    options.signal?.addEventListener('abort', cancel, { once: true });
    try {
      worker.postMessage({ ...request, id });
      return await result;
    } finally {
      options.signal?.removeEventListener('abort', cancel);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#worker?.unref();
    }
  }

  /** Sends a message that has no answer. */
  post(message: Readonly<Record<string, unknown>>): void {
    this.#worker?.postMessage(message);
  }

  /** Ends the worker thread; open calls fail. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#failAll(new AppError('engine-gone', `${this.#what} was closed.`));
    await worker?.terminate();
  }

  #ensure(): Worker {
    if (this.#worker) {
      this.#worker.ref();
      return this.#worker;
    }
    const worker = this.#start();
    this.#worker = worker;
    worker.on('message', (message: unknown) => this.#receive(message));
    worker.on('error', (error: Error) => this.#lost(worker, error));
    worker.on('exit', (code) => this.#lost(worker, new Error(`it ended with exit code ${code}`)));
    return worker;
  }

  #receive(message: unknown): void {
    const parsed = replySchema.safeParse(message);
    if (!parsed.success) {
      this.#failAll(
        new AppError('internal', `${this.#what} sent a message that is no reply: ${z.prettifyError(parsed.error)}`),
      );
      return;
    }
    const reply = parsed.data;
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    if (reply.type === 'progress') pending.onProgress?.(reply.event);
    else if (reply.type === 'result') pending.resolve(reply.result);
    else pending.reject(fromEnvelope({ ...reply.error, code: reply.error.code as ErrorCode }));
  }

  /** An error and an exit may both come for one death; the first one counts. */
  #lost(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#failAll(workerError(this.#what, error));
  }

  #failAll(error: AppError): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}

function workerError(what: string, error: Error): AppError {
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new AppError('out-of-memory', `${what} ran out of memory.`, {
      hint: 'Choose a smaller batch or the quick preset, or close other programs, and resume the run.',
      says: { sentence: 'memory' },
      cause: error,
    });
  }
  return new AppError('engine-gone', `${what} ended unexpectedly: ${toEnvelope(error).message}.`, {
    hint: 'What was saved is safe. Resume the run to go on from its last checkpoint.',
    says: { sentence: 'engineEnded' },
    cause: error,
  });
}
