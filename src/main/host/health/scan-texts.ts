import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ScanResult } from '../../../engine/health/health-scan';
import type { ProjectStore } from '../../../engine/store/project-store';
import type { HealthProgress } from '../../../shared/data-methods';
import { CancelledError } from '../../../shared/errors';
import { bundleFolder } from '../../platform/paths';
import type { HealthRequest } from '../../workers/health-protocol';
import { WorkerClient } from '../worker-client';

const ROWS_AT_ONCE = 8192;

/** How to follow a scan, and how to stop it. */
export interface ScanControl {
  readonly onProgress?: (progress: HealthProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Looks at all texts of a project in a thread of its own, which ends with the scan and gives its memory back. The next
 * rows are read while the thread looks at the ones before.
 * @throws CancelledError as soon as the signal is aborted, also in the middle of comparing; the thread then ends by itself
 */
export async function scanTexts(store: ProjectStore, { onProgress, signal }: ScanControl): Promise<ScanResult> {
  const { rows } = store.counts();
  const worker = new WorkerClient(
    'The health worker',
    () => new Worker(path.join(bundleFolder(), 'health-worker.cjs')),
  );
  const ask = (request: HealthRequest, onEvent?: (event: unknown) => void): Promise<unknown> =>
    worker.call({ ...request }, { onProgress: onEvent });
  let stopped: (() => void) | undefined;
  const stop = new Promise<never>((_, reject) => {
    stopped = () => reject(new CancelledError());
    signal?.addEventListener('abort', stopped, { once: true });
  });
  const scan = async (): Promise<ScanResult> => {
    await ask({ type: 'begin', texts: rows });
    let looking: Promise<unknown> = Promise.resolve();
    let done = 0;
    for await (const batch of store.documents(ROWS_AT_ONCE)) {
      await looking;
      if (signal?.aborted) throw new CancelledError();
      onProgress?.({ done, total: rows, stage: 'reading' });
      done += batch.length;
      looking = ask({ type: 'add', texts: batch.map(({ fields }) => fields.join('\n')) });
      looking.catch(() => undefined); // told where it is awaited
    }
    await looking;
    if (signal?.aborted) throw new CancelledError();
    const compared = (share: unknown): void =>
      onProgress?.({ done: Math.round(Number(share) * rows), total: rows, stage: 'comparing' });
    return (await ask({ type: 'finish' }, compared)) as ScanResult; // the worker is built from the same sources
  };
  try {
    if (signal?.aborted) throw new CancelledError();
    const scanning = scan();
    scanning.catch(() => undefined);
    return await Promise.race([scanning, stop]);
  } finally {
    if (stopped) signal?.removeEventListener('abort', stopped);
    const closed = worker.close();
    if (!signal?.aborted) await closed;
  }
}
