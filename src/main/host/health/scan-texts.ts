import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ScanResult } from '../../../engine/health/health-scan';
import type { ProjectStore } from '../../../engine/store/project-store';
import { CancelledError } from '../../../shared/errors';
import { bundleFolder } from '../../platform/paths';
import type { HealthRequest } from '../../workers/health-protocol';
import { WorkerClient } from '../worker-client';

const ROWS_AT_ONCE = 4096;

/** How to follow a scan, and how to stop it. */
export interface ScanControl {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Looks at all texts of a project in a thread of its own, which ends with the scan and gives its memory back.
 * @throws CancelledError once the signal is aborted
 */
export async function scanTexts(store: ProjectStore, { onProgress, signal }: ScanControl): Promise<ScanResult> {
  const { rows } = store.counts();
  const worker = new WorkerClient(
    'The health worker',
    () => new Worker(path.join(bundleFolder(), 'health-worker.cjs')),
  );
  const ask = (request: HealthRequest): Promise<unknown> => worker.call({ ...request });
  try {
    await ask({ type: 'begin', texts: rows });
    let done = 0;
    for await (const batch of store.documents(ROWS_AT_ONCE)) {
      if (signal?.aborted) throw new CancelledError();
      await ask({ type: 'add', texts: batch.map(({ fields }) => fields.join('\n')) });
      done += batch.length;
      onProgress?.(done, rows);
    }
    return (await ask({ type: 'finish' })) as ScanResult; // the worker is built from the same sources
  } finally {
    await worker.close();
  }
}
