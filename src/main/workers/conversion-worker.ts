import { parentPort } from 'node:worker_threads';
import { importModel } from '../../engine/weights/import-model';
import { toEnvelope } from '../../shared/errors';
import type { ConversionRequest } from './conversion-protocol';

/** The thread that makes model folders of other programs' weights, so that the engine host stays free to answer. */
parentPort?.on('message', ({ id, model }: ConversionRequest) => {
  void importModel(model).then(
    (result) => parentPort?.postMessage({ id, type: 'result', result }),
    (error: unknown) => parentPort?.postMessage({ id, type: 'error', error: toEnvelope(error) }),
  );
});
