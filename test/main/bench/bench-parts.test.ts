import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readArguments } from '../../../bench/arguments';
import { readIds, writeIds } from '../../../bench/ids-file';
import { plainRow, row } from '../../../bench/report';
import { ResultBook } from '../../../bench/result-book';
import { median } from '../../../bench/statistics';

const folder = mkdtempSync(join(tmpdir(), 'thaw-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('parts of the bench', () => {
  it('takes the middle of odd and even numbers of values', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('gives ratios of product to peer, and none where one is missing', () => {
    const both = row('lm-train', 'x', 'tokens/s', { product: 300, peer: 200, fp32: [90, 100] });
    expect([both.ratio, both.fp32Ratio]).toEqual([1.5, 0.9]);
    expect(row('lm-train', 'x', 'tokens/s', { product: 300 })).toMatchObject({
      peer: null,
      ratio: null,
      fp32Ratio: null,
    });
    expect(Object.keys(plainRow(both))).toEqual(['section', 'what', 'unit', 'product', 'peer', 'ratio', 'fp32Ratio']);
  });

  it('runs all sections but million and quality unless some are named, in their own order', () => {
    expect(readArguments([])?.sections).toEqual(expect.arrayContaining(['lm-train', 'memory']));
    expect(readArguments([])?.sections).not.toContain('quality');
    expect(readArguments([])?.sections).not.toContain('million');
    expect(readArguments(['import', 'lm-train', '--json'])).toMatchObject({
      sections: ['lm-train', 'import'],
      json: true,
    });
    expect(readArguments(['--smoke'])).toMatchObject({ repeats: 1, peers: false });
    expect(() => readArguments(['speed'])).toThrow(/no section speed/);
    expect(() => readArguments(['--repeats', '0'])).toThrow(/--repeats is "0"/);
    expect(readArguments(['--help'])).toBeNull();
  });

  it('hands documents over in a file that both sides read', () => {
    const file = join(folder, 'ids.bin');
    const documents = { ids: Int32Array.of(4, 5, 6, 7), offsets: Int32Array.of(0, 1, 1, 4) };
    writeIds(file, documents);
    expect([...new Int32Array(new Uint8Array(readFileSync(file)).buffer)]).toEqual([3, 1, 1, 4, 4, 5, 6, 7]);
    expect(readIds(file)).toEqual(documents);
  });

  it('keeps results as they come, and measures again only what was cut off', async () => {
    const first = new ResultBook(folder);
    await first.once({ set: 'a', method: 'quick', minutes: 3, seed: 1 }, () => Promise.resolve(0.5));
    await first.once({ set: 'a', method: 'quick', minutes: 3, seed: 2 }, () => Promise.resolve(0.7));
    await first.once({ set: 'a', method: 'vectors', minutes: 0, seed: 0 }, () => Promise.resolve(null));
    appendFileSync(join(folder, 'results.csv'), 'a,quick,3,3');
    const again = new ResultBook(folder);
    const asked: number[] = [];
    for (const seed of [1, 2, 3]) {
      await again.once({ set: 'a', method: 'quick', minutes: 3, seed }, () => {
        asked.push(seed);
        return Promise.resolve(0.6);
      });
    }
    expect(asked).toEqual([3]);
    expect(new ResultBook(folder).of('a').map((each) => each.accuracy)).toEqual([0.5, 0.7, 0.6]);
    expect(readFileSync(again.write(), 'utf8')).toContain('| a | 60.00 (50.00 70.00 60.00) |');
  });
});
