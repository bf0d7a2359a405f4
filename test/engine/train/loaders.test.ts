import { describe, expect, it } from 'vitest';
import {
  chunksOf,
  longChunksOf,
  padDocuments,
  type DocumentBatch,
  type DocumentChunk,
} from '../../../src/engine/model/document-batch';
import type { DocumentLoaderOptions } from '../../../src/engine/train/document-loader';
import { DocumentLoader } from '../../../src/engine/train/document-loader';
import { Random } from '../../../src/engine/train/random';
import type { StreamOptions, TokenDocumentSource } from '../../../src/engine/train/stream-loader';
import { StreamLoader } from '../../../src/engine/train/stream-loader';

/** Documents of given lengths; every token of document d is a number of its own. */
function source(lengths: readonly number[]): TokenDocumentSource & { readonly all: readonly number[][] } {
  let next = 10;
  const all = lengths.map((length) => Array.from({ length }, () => next++));
  return { all, length: (d) => all[d]!.length, read: (d) => all[d]! };
}

const everything = (lengths: readonly number[]): Int32Array => Int32Array.from(lengths.keys());

describe('text as a stream', () => {
  const lengths = Array.from({ length: 400 }, (_, i) => 1 + ((i * 37) % 90));
  const docs = source(lengths);
  const options: StreamOptions = { batchSize: 4, bptt: 70, variableLength: true, backward: false };
  const epoch = (loader: StreamLoader): { windows: number[]; rows: number[][] } => {
    const rows: number[][] = Array.from({ length: options.batchSize }, () => []);
    const windows: number[] = [];
    loader.startEpoch();
    for (let batch = loader.next(); batch; batch = loader.next()) {
      windows.push(batch.time);
      for (let t = 0; t < batch.time; t++) {
        rows.forEach((row, b) => {
          row.push(batch.ids[t * batch.batch + b]!);
          // The target of a place is the token that comes next in its row, also over the edge of a window.
          if (row.length > 1 && previous[b] !== row.at(-1)) broken++;
          previous[b] = batch.targets[t * batch.batch + b]!;
        });
      }
    }
    return { windows, rows };
  };
  const previous: number[] = [];
  let broken = 0;

  it('gives every token once, in rows that read on where the last window ended', () => {
    const loader = new StreamLoader(docs, everything(lengths), options, new Random(1));
    const { rows } = epoch(loader);
    expect(broken).toBe(0);
    const seen = rows.flat();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(loader.tokensPerEpoch);
    const total = lengths.reduce((a, b) => a + b);
    expect(total - seen.length).toBeLessThanOrEqual(2 * options.batchSize);
  });

  it('orders the documents anew in every epoch, the same for the same seed', () => {
    const make = (seed: number): StreamLoader => new StreamLoader(docs, everything(lengths), options, new Random(seed));
    const [a, b] = [make(1), make(1)];
    const [first, again] = [epoch(a).rows, epoch(a).rows];
    expect(epoch(b).rows).toEqual(first);
    expect(again).not.toEqual(first);
    expect(epoch(make(2)).rows).not.toEqual(first);
  });

  it('draws the length of each window anew: 95 % around bptt, 5 % around half, with a deviation of 5', () => {
    const long = source([600_000]);
    const loader = new StreamLoader(long, Int32Array.of(0), { ...options, batchSize: 2 }, new Random(3));
    const windows: number[] = [];
    loader.startEpoch();
    for (let batch = loader.next(); batch; batch = loader.next()) windows.push(batch.time);
    const [full, half] = [windows.filter((n) => n > 52), windows.filter((n) => n <= 52)];
    expect(windows.length).toBeGreaterThan(4000);
    expect(half.length / windows.length).toBeGreaterThan(0.035);
    expect(half.length / windows.length).toBeLessThan(0.065);
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    const deviation = Math.sqrt(mean(full.map((n) => (n - mean(full)) ** 2)));
    expect(mean(full)).toBeCloseTo(70, 0);
    expect(mean(half)).toBeGreaterThan(33);
    expect(mean(half)).toBeLessThan(37);
    expect(deviation).toBeGreaterThan(4.6);
    expect(deviation).toBeLessThan(5.4);
  });

  it('keeps windows of one length where that is asked', () => {
    const fixed = new StreamLoader(docs, everything(lengths), { ...options, variableLength: false }, new Random(1));
    expect(new Set(epoch(fixed).windows.slice(0, -1))).toEqual(new Set([70]));
  });
});

describe('batches of documents', () => {
  const lengths = Array.from({ length: 1601 }, (_, i) => 1 + ((i * 7919) % 300));
  const options: DocumentLoaderOptions = {
    batchSize: 32,
    batchTokens: 4000,
    bptt: 20,
    padding: 1,
    maxTokens: null,
    backward: false,
  };
  const loader = new DocumentLoader(source(lengths), everything(lengths), options);
  const kinds = {
    sortish: (random: Random) => loader.sortishBatches(random),
    random: (random: Random) => loader.randomBatches(random),
    sorted: () => loader.sortedBatches(),
  };
  const padding = (batches: readonly Int32Array[]): number => {
    const cells = batches.reduce((sum, batch) => sum + batch.length * lengths[batch[0]!]!, 0);
    return cells / lengths.reduce((a, b) => a + b) - 1;
  };

  // 1,601 documents: one more than a stretch of sortish batches holds, so that one is left over.
  it.each(Object.entries(kinds))(
    '%s: every document once, longest first in each batch, within the limits',
    (_, batchesOf) => {
      for (let seed = 0; seed < 20; seed++) {
        const batches = batchesOf(new Random(seed));
        expect(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual([...lengths.keys()]);
        for (const batch of batches) {
          const own = [...batch].map((place) => lengths[place]!);
          expect(own).toEqual([...own].sort((a, b) => b - a));
          expect(batch.length).toBeLessThanOrEqual(33); // one that is left over joins another
          if (batch.length > 3) expect(own[0]! * (own.length - 1)).toBeLessThanOrEqual(4000);
        }
      }
    },
  );

  it('batches hold rows from all parts of the file, also where many texts are of one length', () => {
    // As in a file sorted by label: what comes first must not fill batches of its own.
    const lengths = Array.from({ length: 2000 }, (_, i) => 10 + ((i * 7) % 3));
    const source = { length: (d: number) => lengths[d]!, read: (d: number) => new Int32Array(lengths[d]!).fill(9) };
    const sizes = { batchSize: 32, batchTokens: 4000, bptt: 70, padding: 1, maxTokens: null, backward: false };
    const sorted = new DocumentLoader(source, Int32Array.from(lengths.keys()), sizes);
    for (const batches of [sorted.sortishBatches(new Random(1)), sorted.randomBatches(new Random(1))]) {
      const shares = batches
        .filter((batch) => batch.length === 32)
        .map((batch) => batch.filter((place) => place < 1000).length / batch.length);
      // 32 rows of a half each: a share beyond .15 and .85 would be 4 standard deviations away.
      expect(Math.min(...shares)).toBeGreaterThan(0.15);
      expect(Math.max(...shares)).toBeLessThan(0.85);
    }
  });

  it('sortish batches come in another order each time and hold little padding, random ones much', () => {
    const random = new Random(1);
    const [first, second] = [loader.sortishBatches(random), loader.sortishBatches(random)];
    expect(first.map((batch) => [...batch])).not.toEqual(second.map((batch) => [...batch]));
    expect(padding(first)).toBeLessThan(0.1);
    expect(padding(loader.sortedBatches())).toBeLessThan(0.1);
    expect(padding(loader.randomBatches(random))).toBeGreaterThan(0.5);
  });

  it('pairs a long text that is left over with one other, and does not pad a whole batch to its length', () => {
    const uneven = Array<number>(1601).fill(20);
    for (let seed = 0; seed < 5; seed++) {
      // The one document of the last stretch is made the long one.
      const order = new Random(seed).shuffle(everything(uneven));
      const last = order.at(-1)!;
      const own = uneven.map((_, i) => (i === last ? 50_000 : 20));
      const some = new DocumentLoader(source(own), everything(own), options);
      const batch = some.sortishBatches(new Random(seed)).find((each) => each.includes(last))!;
      expect(batch).toHaveLength(2);
      expect(batch[0]).toBe(last);
    }
  });

  it('never leaves a training batch with one document, which batch norm could not use', () => {
    for (const count of [2, 3, 33, 65, 1601]) {
      const some = new DocumentLoader(source(lengths), everything(lengths.slice(0, count)), options);
      for (const batches of [some.sortishBatches(new Random(1)), some.randomBatches(new Random(1))]) {
        expect(Math.min(...batches.map((batch) => batch.length))).toBeGreaterThan(1);
      }
    }
  });

  it('reads a backward model’s documents from their end, cut at their beginning’s far side', () => {
    const small = source([5, 3]);
    const load = (more: Partial<DocumentLoaderOptions>): number[] => {
      const each = new DocumentLoader(small, Int32Array.of(0), { ...options, ...more });
      return [...each.load(Int32Array.of(0)).batch.ids];
    };
    expect(load({})).toEqual([10, 11, 12, 13, 14]);
    expect(load({ backward: true })).toEqual([14, 13, 12, 11, 10]);
    expect(load({ maxTokens: 3 })).toEqual([10, 11, 12]);
  });

  it('cuts the gradient to the last tokens by whole chunks, as fastai’s max_len does', () => {
    const one = new DocumentLoader(source([95, 95]), Int32Array.of(0, 1), options);
    const { batch } = one.load(Int32Array.of(0, 1));
    const kept = (maxLength: number | null): number[] =>
      [...chunksOf(batch, 20, maxLength)].filter((chunk) => chunk.kept).map(({ window }) => window.time);
    expect(kept(null)).toEqual([20, 20, 20, 20, 15]);
    // A chunk counts where no more than max_len tokens are left from its start: here those that start at 60 and 80.
    expect(kept(40)).toEqual([20, 15]);
    expect(kept(15)).toEqual([15]);
  });

  it('cuts what no gradient is wanted of into few chunks of the same tokens', () => {
    const lengths = [95, 95, 80, 61, 22, 3];
    const documents = lengths.map((length, d) => Array.from({ length }, (_, t) => 1000 * (d + 1) + t));
    /** Steps of one token each, kept where their chunk of 20 is. */
    const reference = function* (batch: DocumentBatch, maxLength: number | null): Generator<DocumentChunk> {
      let start = 0;
      for (const chunk of chunksOf(batch, 1, null)) {
        const whole = Math.floor(start++ / 20) * 20;
        yield { ...chunk, kept: maxLength === null || batch.time - whole <= maxLength };
      }
    };
    for (const step of [20, 5]) {
      const batch = padDocuments(documents, step, 1);
      for (const maxLength of [null, 40, 15]) {
        const pooled = (chunks: Iterable<DocumentChunk>): { tokens: number[]; kept: number[]; ends: number } => {
          const [tokens, kept]: [number[], number[]] = [[], []];
          let ends = 0;
          for (const chunk of chunks) {
            const read = [...chunk.window.ids].filter((_, i) => chunk.mask[i] === 1);
            tokens.push(...read);
            if (chunk.kept) kept.push(...read);
            ends += chunk.lastRow.filter(
              (row, d) => row >= 0 && chunk.window.ids[row]! % 1000 === lengths[d]! - 1,
            ).length;
          }
          return { tokens, kept, ends };
        };
        const long = [...longChunksOf(batch, 20, maxLength, 200)];
        // In order of time: documents begin at multiples of the step, so the order within a time step is the same.
        expect(pooled(long)).toEqual(pooled(reference(batch, maxLength)));
        expect(Math.max(...long.map(({ window }) => window.ids.length))).toBeLessThanOrEqual(200);
      }
    }
    const alone = padDocuments([documents[0]!], 5, 1);
    expect([...longChunksOf(alone, 20, null, 1000)].map(({ window }) => window.time)).toEqual([95]);
    expect([...longChunksOf(alone, 20, 40, 1000)].map(({ window, kept }) => [window.time, kept])).toEqual([
      [60, false],
      [35, true],
    ]);
  });
});
