import { parentPort } from 'node:worker_threads';
import { HealthScan } from '../../engine/health/health-scan';
import { AppError, toEnvelope } from '../../shared/errors';
import type { HealthRequest, HealthResult } from './health-protocol';

/** The thread that looks at all texts, so that the engine host stays free to answer. */

let scan: HealthScan | null = null;

function answer(request: HealthRequest, onProgress: (share: number) => void): HealthResult | null {
  if (request.type === 'begin') {
    scan = new HealthScan(request.texts);
    return null;
  }
  if (!scan) throw new AppError('internal', 'The health worker was given texts before a scan was begun.');
  if (request.type === 'add') {
    scan.add(request.texts);
    return null;
  }
  const result = scan.finish(onProgress);
  scan = null;
  return result;
}

if (!parentPort) throw new AppError('internal', 'The health worker was not started as a worker thread.');
const port = parentPort;
port.on('message', (request: (HealthRequest & { readonly id: number }) | { readonly type: 'cancel' }) => {
  if (request.type === 'cancel') return; // whoever asked stops sending texts
  try {
    const { id } = request;
    const result = answer(request, (share) => port.postMessage({ id, type: 'progress', event: share }));
    const arrays = result
      ? [result.flags, result.words, result.sameAs, result.nearlyAs, result.language, result.sampled, result.likeness]
      : [];
    port.postMessage(
      { id, type: 'result', result },
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    port.postMessage({ id: request.id, type: 'error', error: toEnvelope(error) });
  }
});
