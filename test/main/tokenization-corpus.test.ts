import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpusDocuments, corpusFiles } from '../../src/engine/text/plain-corpus';
import { TokenShards } from '../../src/engine/text/token-shards';
import { TokenizationPool } from '../../src/main/workers/tokenization-pool';
import { bundleTokenizationWorker } from './tokenization-worker-bundle';

let workerFile = '';
let folder = '';
let pool: TokenizationPool;
beforeAll(async () => {
  workerFile = await bundleTokenizationWorker();
  folder = mkdtempSync(join(tmpdir(), 'thaw-pretraining-'));
  pool = new TokenizationPool({ workers: 2, workerFile });
}, 60_000);
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(dirname(workerFile), { recursive: true, force: true });
});

describe('a corpus of text files', () => {
  it('becomes token shards for pretraining, and held-out text ids of the same vocabulary', async () => {
    const article = (i: number): string =>
      `= Article ${i} =\nThe town lies by a river.\nHistory.\nIt was founded in ${1900 + i}.\n`;
    writeFileSync(join(folder, 'one.txt'), Array.from({ length: 30 }, (_, i) => article(i)).join(''));
    writeFileSync(join(folder, 'two.txt'), article(99));

    const files = await corpusFiles(folder);
    const training = join(folder, 'training');
    const { vocabulary, documents, unknownRate } = await pool.buildShards(corpusDocuments(files), {
      dir: training,
      tokenizer: { language: 'en' },
      vocabulary: { maxSize: 60_000, minCount: 2 },
    });
    expect(documents).toBe(31);
    expect(unknownRate).toBeGreaterThan(0);

    writeFileSync(join(folder, 'held-out.txt'), '= New =\nThe river was founded.\n');
    const heldOut = join(folder, 'held-out');
    await pool.buildShards(corpusDocuments([join(folder, 'held-out.txt')]), {
      dir: heldOut,
      tokenizer: { language: 'en' },
      vocabulary,
    });
    const shards = TokenShards.open(heldOut);
    const words = Array.from(shards.read(0), (id) => vocabulary.itos[id]);
    expect(words).toEqual(['xxbos', 'xxmaj', 'xxunk', '\n', 'xxmaj', 'the', 'river', 'was', 'founded', '.']);
    shards.close();
  });
});
