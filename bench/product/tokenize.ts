import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenizationPool } from '../../src/main/workers/tokenization-pool';
import { timed, withPeakMemory, type Prepare } from './serve';

/** Texts to token shards on disk, vocabulary included, as training does it: tokens a second. Texts are in memory before. */
export const tokenizeTexts: Prepare = async (spec) => {
  const { file } = spec as { readonly file: string };
  const texts = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => [JSON.parse(line) as string]);
  async function* batches(): AsyncGenerator<readonly (readonly string[])[]> {
    for (let start = 0; start < texts.length; start += 2000) yield texts.slice(start, start + 2000);
  }
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'thaw-bench-'));
    // Each measurement starts its threads anew, as each run of the peer starts its processes.
    const pool = new TokenizationPool();
    const cpu = process.cpuUsage();
    try {
      const { seconds, value } = await timed(() =>
        withPeakMemory(() =>
          pool.buildShards(batches(), {
            dir: join(folder, 'shards'),
            tokenizer: { language: 'en' },
            vocabulary: { maxSize: 60_000, minCount: 2 },
          }),
        ),
      );
      const { user, system } = process.cpuUsage(cpu);
      const { tokens } = value.value;
      return { rate: tokens / seconds, tokens, cpuSeconds: (user + system) / 1e6, megabytes: value.megabytes };
    } finally {
      await pool.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
};
