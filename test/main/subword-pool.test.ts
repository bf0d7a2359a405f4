import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SentencePieceModel } from '../../src/engine/text/sentencepiece/sentencepiece-model';
import { subwordVocabulary } from '../../src/engine/text/sentencepiece/subword-vocabulary';
import { TokenShards } from '../../src/engine/text/token-shards';
import { tokenize } from '../../src/engine/text/tokenizer';
import { SENTENCEPIECE_FILE } from '../../src/engine/text/sentencepiece/sentencepiece-model';
import { charsmapFile } from '../../src/main/host/run-tokenizer';
import type { DocumentFields } from '../../src/main/workers/tokenization-build';
import { TokenizationPool } from '../../src/main/workers/tokenization-pool';
import { committedRows } from '../engine/text/parity-rows';
import { bundleTokenizationWorker } from './tokenization-worker-bundle';

const folder = mkdtempSync(join(tmpdir(), 'thaw-subwords-'));
const documents: DocumentFields[] = committedRows().map(({ text }, i) => [text, `Second FIELD ${i % 7}`]);
let workerFile = '';
let pool = new TokenizationPool({ workers: 2 });

beforeAll(async () => {
  workerFile = await bundleTokenizationWorker();
  pool = new TokenizationPool({ workers: 2, workerFile });
}, 60_000);
afterAll(async () => {
  await pool.close();
  rmSync(dirname(workerFile), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

async function* inBatches(size: number): AsyncGenerator<readonly DocumentFields[]> {
  for (let i = 0; i < documents.length; i += size) {
    await Promise.resolve();
    yield documents.slice(i, i + size);
  }
}

const learning = { language: 'en', maxPieces: 900, charsmap: charsmapFile() };

describe('sub-words in the tokenization pool', () => {
  const file = join(folder, 'learned.model');

  it('are learned in a worker that tells how far it is', async () => {
    const progress: number[] = [];
    writeFileSync(
      file,
      await pool.learnPieces(inBatches(20), { ...learning, onProgress: (share) => progress.push(share) }),
    );
    expect(progress.length).toBeGreaterThan(10);
    const model = SentencePieceModel.load(file);
    expect(model.pieces.length).toBeGreaterThan(200);
    expect(model.pieces.length).toBeLessThanOrEqual(900);
    expect(model.encode('xxbos xxfld 1 xxmaj the').pieces.slice(0, 2)).toEqual(['▁xxbos', '▁xxfld']);
  });

  it('become shards with the model beside them, the same whatever the number of workers', async () => {
    const vocabulary = subwordVocabulary(SentencePieceModel.load(file));
    const tokenizer = { language: 'en', model: file };
    for (const workers of [1, 3]) {
      const own = new TokenizationPool({ workers, workerFile });
      const built = await own.buildShards(inBatches(9), {
        dir: join(folder, `shards-${workers}`),
        tokenizer,
        vocabulary,
      });
      await own.close();
      expect(built.documents).toBe(documents.length);
    }
    expect(readFileSync(join(folder, 'shards-1/ids.bin')).equals(readFileSync(join(folder, 'shards-3/ids.bin')))).toBe(
      true,
    );
    const kept = join(folder, 'shards-1', SENTENCEPIECE_FILE);
    expect(readFileSync(kept).equals(readFileSync(file))).toBe(true);
    const shards = TokenShards.open(join(folder, 'shards-1'));
    for (let d = 0; d < documents.length; d += 5) {
      const wanted = tokenize(documents[d] ?? [], { model: kept });
      expect(Array.from(shards.read(d), (id) => vocabulary.itos[id])).toEqual(wanted);
      expect(wanted.slice(0, 2)).toEqual(['xxbos', 'xxfld']);
    }
    shards.close();
    const { ids, offsets } = await pool.numericalise(documents.slice(0, 3), vocabulary, tokenizer);
    const first = Array.from(ids.subarray(offsets[0], offsets[1]), (id) => vocabulary.itos[id]);
    expect(first).toEqual(tokenize(documents[0] ?? [], tokenizer));
  });

  it('can be stopped while they are learned, and nothing is left', async () => {
    const abort = new AbortController();
    const learned = pool.learnPieces(inBatches(20), {
      ...learning,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    await expect(learned).rejects.toMatchObject({ code: 'cancelled' });
    await expect(pool.learnPieces(inBatches(20), { ...learning, signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('are refused with the reason where the model is none', async () => {
    const broken = join(folder, 'broken.model');
    writeFileSync(broken, 'no model');
    const options = {
      dir: join(folder, 'broken'),
      tokenizer: { model: broken },
      vocabulary: { maxSize: 100, minCount: 1 },
    };
    await expect(pool.buildShards(inBatches(9), options)).rejects.toMatchObject({ code: 'model-format' });
    expect(existsSync(join(folder, 'broken'))).toBe(false);
  });
});
