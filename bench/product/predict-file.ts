import { rm } from 'node:fs/promises';
import { EngineHost } from '../../src/main/host/engine-host';
import { JobControl } from '../../src/main/host/job-control';
import { timed, type Prepare } from './serve';

interface FileSpec {
  readonly file: string;
  readonly out: string;
  readonly folder: string;
}

/**
 * Rows of a file scored into another file, by the engine as `thaw predict --data` uses it: rows a second, and the memory
 * of the process in the first and in the last quarter of the run (most of each, in MB).
 */
export const predictFile: Prepare = async (spec) => {
  const { file, out, folder } = spec as FileSpec;
  const host = new EngineHost();
  const control = new JobControl(() => undefined);
  // The first texts load TensorFlow, the model and the tokenization threads.
  await host.scoring.predictTexts(folder, ['a text to begin with']);
  return async () => {
    const memory: number[] = [];
    const timer = setInterval(() => memory.push(process.memoryUsage.rss() / 2 ** 20), 100);
    const request = { path: file, options: {}, out, textColumns: ['text'] };
    try {
      const { seconds, value } = await timed(() => host.scoring.predictFile(folder, request, control));
      const most = (part: readonly number[]): number => Math.max(0, ...part);
      const quarter = memory.length >> 2;
      const early = most(memory.slice(quarter, 2 * quarter));
      return { rate: value.rows / seconds, rows: value.rows, early, late: most(memory.slice(-quarter)) };
    } finally {
      clearInterval(timer);
      await rm(out, { force: true });
    }
  };
};
