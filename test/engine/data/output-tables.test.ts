import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputFormatOf } from '../../../src/engine/data/output/output-format';
import { createTableWriter, type OutputCell, type OutputColumn } from '../../../src/engine/data/output/table-writer';
import { readBatches } from '../../../src/engine/data/read-batches';
import { outputFormats } from '../../../src/shared/file-types';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-output-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const columns: readonly OutputColumn[] = [
  { name: 'id', kind: 'text' },
  { name: 'Text "quoted"', kind: 'text' },
  { name: 'tags', kind: 'list' },
  { name: 'p:a', kind: 'number' },
];
const rows: readonly (readonly OutputCell[])[] = [
  ['007', 'two\nlines, a comma and "quotes"', ['a', 'b'], 0.25],
  ['', '', [], 1],
  ['x', 'tab\there', ['c'], 0.1234567],
  ['y', 'no answer', [], null],
];

async function read(file: string): Promise<{ columns: readonly string[]; rows: (readonly string[])[] }> {
  const found: (readonly string[])[] = [];
  let names: readonly string[] = [];
  for await (const batch of readBatches(file, {}, [], 1000)) {
    names = batch.columns;
    found.push(...batch.rows);
  }
  return { columns: names, rows: found };
}

describe('tables that are written', () => {
  it.each(outputFormats)('%s is read again with the same cells, in the same order', async (format) => {
    const file = path.join(folder, `table.${format}`);
    const writer = await createTableWriter(file, format, columns, '|');
    await writer.write(rows.slice(0, 1));
    await writer.write(rows.slice(1));
    await writer.close();
    expect(writer.rows).toBe(4);
    const found = await read(file);
    expect(found.columns).toEqual(columns.map(({ name }) => name));
    const texts = found.rows.map((row) => row.slice(0, 3));
    expect(texts).toEqual(rows.map(([id, text, labels]) => [id, text, Array.isArray(labels) ? labels.join('|') : '']));
    expect(found.rows.map((row) => (row[3] === '' ? null : Number(row[3])))).toEqual([
      0.25,
      1,
      format === 'parquet' ? 0.1234567 : 0.123457,
      null,
    ]);
  });

  it.each(outputFormats)(
    '%s has its name only when it is whole, and leaves nothing when it is given up',
    async (format) => {
      const inside = await mkdtemp(path.join(folder, 'half-'));
      const file = path.join(inside, `table.${format}`);
      const writer = await createTableWriter(file, format, columns, ';');
      // More than waits in memory: part of it is on the disk, as when a process is killed.
      const text = 'x'.repeat(1000);
      await writer.write(Array.from({ length: 600 }, () => ['1', text, ['a'], 0.5]));
      const names = await readdir(inside);
      expect(names.length).toBe(1);
      expect(names).not.toContain(`table.${format}`);
      await writer.abort();
      expect(await readdir(inside)).toEqual([]);
    },
  );

  it('writes lists and numbers as such into JSON Lines, with the columns in their order', async () => {
    const file = path.join(folder, 'lines.jsonl');
    // Names that are numbers come first in an object of JavaScript: not in the file.
    const named = columns.map((column, i) => ({ ...column, name: ['2', 'Text "quoted"', '1', 'p:a'][i] ?? '' }));
    const writer = await createTableWriter(file, 'jsonl', named, ';');
    await writer.write(rows.slice(2, 4));
    await writer.close();
    const [first, second] = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(first).toBe('{"2":"x","Text \\"quoted\\"":"tab\\there","1":["c"],"p:a":0.123457}');
    expect(second).toContain('"1":[],"p:a":null');
  });

  it('gives columns of Parquet that differ by case alone names of their own', async () => {
    const file = path.join(folder, 'case.parquet');
    const both: OutputColumn[] = [{ name: 'Text', kind: 'text' }, { name: 'text', kind: 'text' }]; // prettier-ignore
    const writer = await createTableWriter(file, 'parquet', both, ';');
    await writer.write([['a', 'b']]);
    await writer.close();
    expect(await read(file)).toEqual({ columns: ['Text', 'text (2)'], rows: [['a', 'b']] });
  });

  it('cannot be put where there is no folder', async () => {
    for (const format of outputFormats) {
      const file = path.join(folder, 'missing', `table.${format}`);
      await expect(createTableWriter(file, format, columns, ';')).rejects.toMatchObject({ code: 'file-not-found' });
    }
  });

  it('have the form that their ending says', () => {
    const names = ['a.csv', 'b.TSV', 'c.jsonl', 'd.ndjson', 'e.parquet', 'f.txt', 'g'];
    expect(names.map(outputFormatOf)).toEqual(['csv', 'tsv', 'jsonl', 'jsonl', 'parquet', 'csv', 'csv']);
    expect(() => outputFormatOf('/tmp/answers.xlsx')).toThrow(/expected a name that ends in .csv.*got .xlsx/);
  });
});
