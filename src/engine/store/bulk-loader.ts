import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CancelledError } from '../../shared/errors';

/** How to follow a statement, and how to stop it. */
export interface LoadControl {
  readonly signal?: AbortSignal | undefined;
  /** The share of the work that is done, 0 to 1, several times a second. */
  readonly onShare?: ((share: number) => void) | undefined;
}

const LOOK_EVERY_MS = 200;

/**
 * Lets DuckDB read files that are not the project's: the one folder that the project's instance may read besides its own
 * file holds, for as long as it is read, a second name of the file (a hard link; on another disk, a copy).
 */
export class BulkLoader {
  /** @param connection one of its own, with `enable_progress_bar` */
  constructor(
    private readonly connection: DuckDBConnection,
    private readonly folder: string,
  ) {}

  /** Where a file is while it is read. */
  get place(): string {
    return join(this.folder, 'source');
  }

  /**
   * Lets `work` read `file` as {@link place}.
   * @throws Error of the file system, where it can neither be linked nor copied
   */
  async lend<T>(file: string, work: () => Promise<T>): Promise<T> {
    await this.clear();
    await mkdir(this.folder, { recursive: true });
    try {
      await link(file, this.place).catch(() => copyFile(file, this.place));
      return await work();
    } finally {
      await this.clear();
    }
  }

  /** Takes away what a killed process left. */
  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /**
   * Runs one statement, committed by itself.
   * @throws CancelledError once `signal` is aborted; then nothing has changed
   */
  async run(sql: string, { signal, onShare }: LoadControl): Promise<void> {
    if (signal?.aborted) throw new CancelledError();
    const stop = (): void => {
      this.connection.interrupt();
    };
    const look = setInterval(() => {
      const { percentage } = this.connection.progress;
      if (percentage >= 0) onShare?.(percentage / 100);
    }, LOOK_EVERY_MS);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await this.connection.run(sql);
    } catch (error) {
      if (signal?.aborted) throw new CancelledError();
      throw error;
    } finally {
      clearInterval(look);
      signal?.removeEventListener('abort', stop);
    }
  }

  close(): void {
    this.connection.closeSync();
  }
}
