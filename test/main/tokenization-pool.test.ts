import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TokenShards } from '../../src/engine/text/token-shards';
import { tokenize } from '../../src/engine/text/tokenizer';
import { Vocabulary } from '../../src/engine/text/vocabulary';
import type { DocumentFields } from '../../src/main/workers/tokenization-build';
import { TokenizationPool } from '../../src/main/workers/tokenization-pool';
import { committedRows } from '../engine/text/parity-rows';
import { bundleTokenizationWorker } from './tokenization-worker-bundle';

let workerFile = '';
let folder = '';
let pools: TokenizationPool[] = [];

beforeAll(async () => {
  workerFile = await bundleTokenizationWorker();
}, 60_000);
afterAll(() => rmSync(dirname(workerFile), { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thaw-shards-'));
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  pools = [];
  rmSync(folder, { recursive: true, force: true });
});

function makePool(workers: number): TokenizationPool {
  const pool = new TokenizationPool({ workers, workerFile });
  pools.push(pool);
  return pool;
}

const texts = committedRows().map((row) => row.text);

/** Enough documents for several batches, in batches of uneven size. */
function manyDocuments(times: number): DocumentFields[] {
  return Array.from({ length: times }, (_, i) =>
    texts.map((text) => [`${text} number ${i % 97}`, i % 3 === 0 ? 'Second field' : '']),
  ).flat();
}

async function* inBatches(
  documents: readonly DocumentFields[],
  size: number,
): AsyncGenerator<readonly DocumentFields[]> {
  for (let i = 0; i < documents.length; i += size) {
    await Promise.resolve();
    yield documents.slice(i, i + size);
  }
}

const limits = { maxSize: 60_000, minCount: 2 };

describe('TokenizationPool.buildShards', () => {
  it('keeps every document, in order, with the ids of its tokens', async () => {
    const documents = manyDocuments(30);
    const dir = join(folder, 'shards');
    const built = await makePool(2).buildShards(inBatches(documents, 37), { dir, tokenizer: {}, vocabulary: limits });
    const shards = TokenShards.open(dir);
    expect([shards.documents, shards.tokens, shards.width]).toEqual([documents.length, built.tokens, 2]);
    const { itos } = built.vocabulary;
    let unknown = 0;
    for (let d = 0; d < documents.length; d++) {
      const wanted = tokenize(documents[d] ?? []).map((token) => (built.vocabulary.has(token) ? token : 'xxunk'));
      const got = Array.from(shards.read(d), (id) => itos[id]);
      expect(got, `document ${d}`).toEqual(wanted);
      expect(shards.length(d)).toBe(wanted.length);
      unknown += wanted.filter((token) => token === 'xxunk').length;
    }
    expect(built.unknownRate).toBeCloseTo(unknown / built.tokens, 12);
    expect(shards.vocabulary().itos).toEqual(itos);
    shards.close();
    expect(readdirSync(dir).sort()).toEqual(['ids.bin', 'offsets.bin', 'shards.json', 'vocabulary.json']);
    expect(readdirSync(folder)).toEqual(['shards']);
  });

  it('makes the same files whatever the number of workers and the size of the batches', async () => {
    const documents = manyDocuments(60);
    const contents: string[][] = [];
    for (const [workers, size] of [
      [1, 1000],
      [2, 64],
      [5, 7],
    ] as const) {
      const dir = join(folder, `shards-${workers}`);
      await makePool(workers).buildShards(inBatches(documents, size), {
        dir,
        tokenizer: {},
        vocabulary: { maxSize: 900, minCount: 1 },
      });
      contents.push(
        readdirSync(dir)
          .sort()
          .map((name) => readFileSync(join(dir, name), 'base64')),
      );
    }
    expect(contents[1]).toEqual(contents[0]);
    expect(contents[2]).toEqual(contents[0]);
  });

  it('orders the vocabulary by frequency and then by first occurrence, as one thread would', async () => {
    const documents = manyDocuments(40);
    const counts = new Map<string, number>();
    for (const document of documents)
      for (const token of tokenize(document)) counts.set(token, (counts.get(token) ?? 0) + 1);
    const { vocabulary } = await makePool(3).buildShards(inBatches(documents, 50), {
      dir: join(folder, 's'),
      tokenizer: {},
      vocabulary: limits,
    });
    expect(vocabulary.itos).toEqual(Vocabulary.fromCounts(counts, limits).itos);
  });

  it('uses a finished vocabulary as it is', async () => {
    const vocabulary = Vocabulary.fromCounts(
      new Map([
        ['the', 9],
        ['film', 5],
      ]),
    );
    const dir = join(folder, 's');
    const built = await makePool(2).buildShards(inBatches([['The film'], ['a film']], 1), {
      dir,
      tokenizer: {},
      vocabulary,
    });
    expect(built.vocabulary).toBe(vocabulary);
    const shards = TokenShards.open(dir);
    expect([...shards.read(0)]).toEqual([2, 8, 9, 10]);
    expect([...shards.read(1)]).toEqual([2, 0, 10]);
    expect(built.unknownRate).toBeCloseTo(1 / 7, 12);
    shards.close();
  });

  it('makes an empty folder of no documents', async () => {
    const dir = join(folder, 's');
    const built = await makePool(2).buildShards(inBatches([], 1), { dir, tokenizer: {}, vocabulary: limits });
    expect([built.documents, built.tokens, built.unknownRate]).toEqual([0, 0, 0]);
    expect(TokenShards.open(dir).documents).toBe(0);
  });

  it('reads no faster than the workers follow', async () => {
    let read = 0;
    let done = 0;
    let furthest = 0;
    const long = 'some words of a long document '.repeat(10_000);
    async function* source(): AsyncGenerator<readonly DocumentFields[]> {
      for (; read < 60; read++) {
        await Promise.resolve();
        furthest = Math.max(furthest, read - done);
        yield [[long]];
      }
    }
    await makePool(2).buildShards(source(), {
      dir: join(folder, 's'),
      tokenizer: {},
      vocabulary: limits,
      onProgress: (documents) => (done = documents),
    });
    expect(done).toBe(60);
    expect(furthest).toBeLessThanOrEqual(6);
  });

  it('replaces the shards that were there, and refuses a folder with something else in it', async () => {
    const dir = join(folder, 's');
    const pool = makePool(2);
    await pool.buildShards(inBatches([['one']], 1), { dir, tokenizer: {}, vocabulary: limits });
    await pool.buildShards(inBatches([['one'], ['two']], 1), { dir, tokenizer: {}, vocabulary: limits });
    expect(TokenShards.open(dir).documents).toBe(2);
    writeFileSync(join(folder, 'mine.txt'), 'keep');
    const refused = pool.buildShards(inBatches([['one']], 1), { dir: folder, tokenizer: {}, vocabulary: limits });
    await expect(refused).rejects.toMatchObject({ code: 'bad-input' });
    expect(readdirSync(folder).sort()).toEqual(['mine.txt', 's']);
  });
});

describe('an unfinished buildShards', () => {
  it('is cancelled by its signal and leaves nothing', async () => {
    const pool = makePool(2);
    const abort = new AbortController();
    const documents = manyDocuments(200);
    const running = pool.buildShards(inBatches(documents, 100), {
      dir: join(folder, 's'),
      tokenizer: {},
      vocabulary: limits,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(folder)).toEqual([]);
    // The pool is as good as new.
    const built = await pool.buildShards(inBatches(documents, 100), {
      dir: join(folder, 's'),
      tokenizer: {},
      vocabulary: limits,
    });
    expect(built.documents).toBe(documents.length);
  });

  it('fails with what the source of the texts throws, and leaves nothing', async () => {
    async function* broken(): AsyncGenerator<readonly DocumentFields[]> {
      yield* inBatches(manyDocuments(20), 100);
      throw new Error('the file is gone');
    }
    const running = makePool(2).buildShards(broken(), { dir: join(folder, 's'), tokenizer: {}, vocabulary: limits });
    await expect(running).rejects.toThrow('the file is gone');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails with an AppError when a worker dies, leaves nothing, and the pool goes on with a new worker', async () => {
    const crashing = join(folder, 'crashing-worker.cjs');
    const flag = join(folder, 'crash');
    writeFileSync(flag, '');
    writeFileSync(
      crashing,
      `const { parentPort } = require('node:worker_threads'); const fs = require('node:fs');
       parentPort.on('message', (m) => { if (m.request.type === 'encode' && fs.existsSync(${JSON.stringify(flag)})) process.exit(7); });
       require(${JSON.stringify(workerFile)});`,
    );
    const pool = new TokenizationPool({ workers: 2, workerFile: crashing });
    pools.push(pool);
    const run = (): Promise<unknown> =>
      pool.buildShards(inBatches(manyDocuments(20), 100), {
        dir: join(folder, 's'),
        tokenizer: {},
        vocabulary: limits,
      });
    await expect(run()).rejects.toMatchObject({ name: 'AppError', code: 'internal' });
    expect(readdirSync(folder).sort()).toEqual(['crash', 'crashing-worker.cjs']);
    rmSync(flag);
    await run();
    expect(existsSync(join(folder, 's', 'shards.json'))).toBe(true);
  });
});

describe('TokenizationPool.numericalise', () => {
  it('gives the ids of each document, the same as tokenize and the vocabulary one after the other', async () => {
    const pool = makePool(2);
    const documents = manyDocuments(40);
    const vocabulary = Vocabulary.fromCounts(new Map(tokenize([texts.join(' ')]).map((token, i) => [token, i + 2])));
    for (let again = 0; again < 2; again++) {
      const { ids, offsets } = await pool.numericalise(documents, vocabulary, {});
      expect(offsets.length).toBe(documents.length + 1);
      documents.forEach((document, d) => {
        const wanted = tokenize(document).map((token) => vocabulary.idOf(token));
        expect([...ids.subarray(offsets[d], offsets[d + 1])]).toEqual(wanted);
      });
    }
  });

  it('keeps many vocabularies apart', async () => {
    const pool = makePool(1);
    const vocabularies = Array.from({ length: 7 }, (_, i) => Vocabulary.fromCounts(new Map([[`word${i}`, 5]])));
    for (let round = 0; round < 2; round++) {
      for (const [i, vocabulary] of vocabularies.entries()) {
        const { ids } = await pool.numericalise([[`word${i} word${i + 1}`]], vocabulary, {});
        expect([...ids]).toEqual([2, 9, 0]);
      }
    }
  });

  it('answers with nothing for no documents', async () => {
    const { ids, offsets } = await makePool(2).numericalise([], Vocabulary.fromCounts(new Map()), {});
    expect([ids.length, ...offsets]).toEqual([0, 0]);
  });
});
