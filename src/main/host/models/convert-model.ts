import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ModelToImport } from '../../../engine/weights/import-model';
import type { SavedImport } from '../../../engine/weights/save-imported';
import { CancelledError } from '../../../shared/errors';
import { bundleFolder } from '../../platform/paths';
import { WorkerClient } from '../worker-client';

/** Makes a model folder of other programs' weights. */
export type ConvertModel = (model: ModelToImport, signal: AbortSignal) => Promise<SavedImport>;

/** {@link ConvertModel} in a thread of its own, which ends with it and gives its memory back. @throws as `importModel`; CancelledError */
export const convertInWorker: ConvertModel = async (model, signal) => {
  const worker = new WorkerClient(
    'The conversion worker',
    () => new Worker(path.join(bundleFolder(), 'conversion-worker.cjs')),
  );
  const stop = (): void => void worker.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    // The worker's answer has the type of its protocol; both are built from the same sources.
    return (await worker.call({ type: 'import', model })) as SavedImport;
  } catch (error) {
    if (signal.aborted) throw new CancelledError();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.close();
  }
};
