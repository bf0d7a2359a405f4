import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { CsvWriter } from '../../../src/engine/data/csv-writer';
import { readBatches } from '../../../src/engine/data/read-batches';
import { tempFiles } from './temp-file';

const write = tempFiles();

describe('reading a file to predict', () => {
  it('keeps all columns as they stand, in order, in batches', async () => {
    const lines = Array.from({ length: 2500 }, (_, i) => `00${String(i)};"text ${String(i)}; more";1,50;`);
    const path = write('predict.csv', iconv.encode(`id;Text für alle;preis;\n${lines.join('\n')}\n`, 'windows-1252'));
    const sizes: number[] = [];
    const rows: (readonly string[])[] = [];
    for await (const batch of readBatches(path, {}, ['preis', 'Text für alle'], 1000)) {
      sizes.push(batch.rows.length);
      rows.push(...batch.rows);
      expect(batch.columns).toEqual(['id', 'Text für alle', 'preis', 'column4']);
      expect(batch.wanted).toEqual([2, 1]);
    }
    expect(sizes).toEqual([1000, 1000, 501].map((n, i) => (i === 0 ? n - 1 : n)));
    expect(rows).toHaveLength(2500);
    expect(rows[7]).toEqual(['007', 'text 7; more', '1,50', '']);
  });

  it('names the columns that are there when one is missing', async () => {
    const path = write('columns.csv', 'text,label\na,b\n');
    const reading = async () => {
      for await (const batch of readBatches(path, {}, ['body'], 10)) void batch;
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'no-such-column',
      data: { expected: 'body', got: ['text', 'label'] },
    });
  });

  it('stops when it is cancelled', async () => {
    const path = write('cancel.csv', 'text,label\n' + 'some text,b\n'.repeat(500_000));
    const stop = new AbortController();
    let batches = 0;
    const reading = async () => {
      for await (const batch of readBatches(path, {}, [], 1000, stop.signal)) {
        batches += Number(batch.rows.length > 0);
        stop.abort();
      }
    };
    await expect(reading()).rejects.toMatchObject({ code: 'cancelled' });
    expect(batches).toBeLessThan(200);
  });

  it('needs memory for a batch, not for the file', async () => {
    const path = write('large.csv', 'text,label\n' + `${'word '.repeat(40)},b\n`.repeat(400_000)); // 80 MB
    let most = 0;
    let rows = 0;
    for await (const batch of readBatches(path, {}, [], 2000)) {
      rows += batch.rows.length;
      if (rows % 20_000 < 2000) most = Math.max(most, process.memoryUsage().heapUsed);
    }
    expect(rows).toBe(400_000);
    expect(most).toBeLessThan(300e6);
  });
});

describe('writing a CSV', () => {
  it('is read back the same, and appears only when it is whole', async () => {
    const path = join(dirname(write('x', '')), 'out.csv');
    const rows = [
      ['a, b', 'say "hi"', ''],
      ['line\nbreak', ' spaces ', 'é😀'],
      ['', '', 'x'],
    ];
    const writer = await CsvWriter.create(path, ['text', 'a,b', 'p']);
    await writer.write(rows);
    expect(readdirSync(dirname(path))).not.toContain('out.csv');
    await writer.close();
    expect(readFileSync(path, 'utf8').startsWith('text,"a,b",p\n"a, b","say ""hi""",\n')).toBe(true);
    const read: (readonly string[])[] = [];
    for await (const batch of readBatches(path, { header: true }, ['p'], 10)) read.push(...batch.rows);
    expect(read).toEqual(rows);
    expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('refuses a row of another width, and leaves nothing behind when given up', async () => {
    const path = join(dirname(write('y', '')), 'given-up.csv');
    const writer = await CsvWriter.create(path, ['a', 'b']);
    await expect(writer.write([['only one']])).rejects.toMatchObject({ code: 'bad-input' });
    await writer.abort();
    expect(readdirSync(dirname(path)).some((name) => name.includes('given-up'))).toBe(false);
  });

  it('a folder that is not there is a clear error', async () => {
    await expect(CsvWriter.create('/no/such/folder/out.csv', ['a'])).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
