import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { checkFile } from '../../../src/engine/data/check-file';
import { previewFile } from '../../../src/engine/data/preview-file';
import { readBatches } from '../../../src/engine/data/read-batches';
import type { ReadOptions } from '../../../src/shared/data-types';

const folder = mkdtempSync(join(tmpdir(), 'thaw-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const workbook = resolve(__dirname, '../../fixtures/formats/mails.xlsx');

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}
async function rowsOf(path: string, options: ReadOptions = {}) {
  const rows: string[][] = [];
  const rejected: { line: number; reason: string }[] = [];
  for await (const batch of readBatches(path, options, [], 7)) {
    rows.push(...batch.rows.map((row) => [...row]));
    rejected.push(...batch.rejected.map(({ line, reason }) => ({ line, reason })));
  }
  return { rows, rejected };
}

describe('an Excel workbook', () => {
  it('is read from the first sheet that holds a table, below its title', async () => {
    const preview = await previewFile(workbook, {});
    expect(preview).toMatchObject({
      format: 'xlsx',
      sheets: ['Cover', 'Mails'],
      sheet: 'Mails',
      header: true,
      skipLines: 2,
    });
    expect(preview.columns.slice(0, 4).map(({ name, suggestedRole }) => [name, suggestedRole])).toEqual([
      ['Nr', 'id'],
      ['Text', 'text'],
      ['Topic', 'label'],
      ['Received', 'time'],
    ]);
    expect(preview.estimatedRows).toBe(40);
  });

  it('gives texts with line breaks, dates, numbers and truth as they are shown', async () => {
    const { rows } = await rowsOf(workbook);
    expect(rows).toHaveLength(40);
    expect(rows[1]?.slice(0, 6)).toEqual([
      '2',
      'Line one\nLine two & <three> "four" – ünïcode €',
      expect.any(String),
      '2025-11-02 09:30:00',
      '0.1',
      'false',
    ]);
    expect(rows[3]?.[4]).toBe('0.3'); // not 0.30000000000000004
  });

  it('can be read from another line and without a header', async () => {
    const { columns, rows } = await checkFile(workbook, { skipLines: 10, header: false });
    expect(columns.slice(0, 2)).toEqual(['column1', 'column2']);
    expect(rows).toBe(33);
  });

  it('says which sheets there are where another is asked for', async () => {
    await expect(previewFile(workbook, { sheet: 'Nope' })).rejects.toThrow('"Cover", "Mails"');
    await expect(previewFile(workbook, { sheet: 'Cover' })).rejects.toThrow('its sheets are empty');
  });

  it('opens at the sheet with the rows, not at a page of notes before it', async () => {
    const { zipSync, strToU8 } = await import('fflate');
    const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
    const related = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
    const sheet = (rows: readonly (readonly string[])[]): string =>
      `<worksheet xmlns="${main}"><sheetData>${rows.map((cells, r) => `<row r="${String(r + 1)}">${cells.map((cell, c) => `<c r="${String.fromCharCode(65 + c)}${String(r + 1)}" t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`).join('')}</sheetData></worksheet>`;
    const mails = Array.from({ length: 60 }, (_, i) => [`Mail ${String(i)} about parcel ${String(i * 7919)}`, i % 2 === 0 ? 'late' : 'lost', String(i % 5)]); // prettier-ignore
    const files = {
      'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${related}"><sheets><sheet name="Notes" sheetId="1" r:id="a"/><sheet name="Data" sheetId="2" r:id="b"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="a" Target="worksheets/one.xml"/><Relationship Id="b" Target="worksheets/two.xml"/></Relationships>',
      'xl/worksheets/one.xml': sheet([['Read me'], ['Made by hand.']]),
      'xl/worksheets/two.xml': sheet([['Mail', 'Kind of mail', 'Stars'], ...mails]),
    };
    const zipped = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
    const preview = await previewFile(write('notes.xlsx', Buffer.from(zipped)), {});
    expect(preview.sheet).toBe('Data');
    // Stars are figures where a column of words names the kind.
    expect(preview.columns.map(({ suggestedRole }) => suggestedRole)).toEqual(['text', 'label', 'ignore']);
  });

  it('is refused where it is damaged, or another archive', async () => {
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(workbook);
    await expect(previewFile(write('cut.xlsx', bytes.subarray(0, 4000)), {})).rejects.toThrow('its end is missing');
    const { zipSync } = await import('fflate');
    const zip = write('texts.zip', Buffer.from(zipSync({ 'a.txt': new Uint8Array([65]) })));
    await expect(previewFile(zip, {})).rejects.toThrow('no .xlsx workbook');
  });
});

describe('JSON', () => {
  const records = [
    { text: 'First, with "quotes" and\na break', label: ['a', 'b'], meta: { page: 1 } },
    { text: 'Second ünï', label: ['b'], score: 0.5 },
    { text: 'Third', label: [], done: true },
  ];
  const cells = [
    ['First, with "quotes" and\na break', 'a|b', '1', '', ''],
    ['Second ünï', 'b', '', '0.5', ''],
    ['Third', '', '', '', 'true'],
  ];

  it('is read line by line, and lines that are none are rejected with their reason', async () => {
    const lines = records.map((record) => JSON.stringify(record));
    const path = write('records.jsonl', [lines[0], '', '{"text": "broken', lines[1], '[1, 2]', lines[2]].join('\n'));
    const { rows, rejected } = await rowsOf(path);
    expect(rows).toEqual(cells);
    expect(rejected.map(({ line }) => line)).toEqual([3, 5]);
    expect(rejected[0]?.reason).toContain('no valid JSON');
    expect((await previewFile(path, {})).columns.map(({ name }) => name)).toEqual([
      'text',
      'label',
      'meta.page',
      'score',
      'done',
    ]);
  });

  it.each([0, 2])('is read from one array, indented by %i', async (indent) => {
    const path = write(`array-${String(indent)}.json`, JSON.stringify(records, null, indent));
    expect((await rowsOf(path)).rows).toEqual(cells);
  });

  it('is read from an array that is larger than a piece of the file', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => ({
      text: `row ${String(i)} [with] {brackets} \\" and "quotes"`,
      n: i,
    }));
    const path = write('many.json', JSON.stringify(many));
    const { rows, rejected } = await rowsOf(path);
    expect(rejected).toEqual([]);
    expect(rows).toHaveLength(30_000);
    expect(rows[29_999]).toEqual([many[29_999]?.text, '29999']);
  });

  it('is not seen in a table whose text begins with a bracket', async () => {
    expect((await previewFile(write('t.csv', 'text,label\n"[1] one",a\n{x},b\n'), {})).format).toBe('delimited');
  });
});

describe('Parquet', () => {
  it('is read with lists as cells, nothing for NULL, whatever its name', async () => {
    const path = join(folder, "it's [a] file.data");
    const db = await DuckDBInstance.create(':memory:');
    const connection = await db.connect();
    await connection.run(
      `COPY (SELECT range AS id, 'text ' || range AS text, CASE WHEN range % 2 = 0 THEN ['x', 'y'] END AS labels,
         DATE '2025-01-01' + range::INTEGER AS day FROM range(5000)) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`,
    );
    connection.closeSync();
    db.closeSync();
    const preview = await previewFile(path, {});
    expect(preview).toMatchObject({ format: 'parquet', estimatedRows: 5000 });
    const { rows } = await rowsOf(path);
    expect(rows).toHaveLength(5000);
    expect(rows.slice(0, 2)).toEqual([
      ['0', 'text 0', 'x|y', '2025-01-01'],
      ['1', 'text 1', '', '2025-01-02'],
    ]);
    expect(preview.columns.find(({ name }) => name === 'day')?.suggestedRole).toBe('time');
  });

  it('is refused where it is cut off', async () => {
    await expect(previewFile(write('cut.parquet', 'PAR1 and no more'), {})).rejects.toThrow(
      'cannot be read as Parquet',
    );
  });
});

describe('a folder of texts', () => {
  it('takes folders as labels and as sides, decodes each file by itself, and passes over what is no text', async () => {
    const files: Record<string, string | Buffer> = {
      'reviews/README.txt': 'about the data',
      'reviews/train/pos/1.txt': 'gut für mich\n',
      'reviews/train/neg/2.txt': Buffer.from('schlecht für mich', 'latin1'),
      'reviews/test/pos/10.txt': '\ufeffwith a mark',
      'reviews/train/unsup/5.txt': 'no label',
      'reviews/train/pos/picture.txt': Buffer.from([0, 1, 2, 3, 0, 255, 254, 0]),
      'reviews/train/pos/.hidden.txt': 'hidden',
    };
    for (const [name, content] of Object.entries(files)) write(name, content);
    const { rows, rejected } = await rowsOf(join(folder, 'reviews'));
    expect(rows).toEqual([
      ['with a mark', 'pos', 'test', 'test/pos/10.txt'],
      ['schlecht für mich', 'neg', 'train', 'train/neg/2.txt'],
      ['gut für mich', 'pos', 'train', 'train/pos/1.txt'],
      ['no label', '', 'unlabelled', 'train/unsup/5.txt'],
    ]);
    expect(rejected).toHaveLength(1);
    const preview = await previewFile(join(folder, 'reviews'), {});
    expect(preview.columns.map(({ name, suggestedRole }) => `${name}: ${suggestedRole}`)).toEqual([
      'text: text',
      'label: label',
      'split: split',
      'file: id',
    ]);
  });

  it('says so where no text is in it', async () => {
    mkdirSync(join(folder, 'empty/deep'), { recursive: true });
    await expect(previewFile(join(folder, 'empty'), {})).rejects.toThrow('no text file');
  });
});

describe('several labels in one cell', () => {
  it('are noticed by what parts them', async () => {
    const labels = ['a;b', 'b', 'c;a', 'a', 'b;c', 'a;b;c', 'c', 'a;c'];
    const lines = Array.from(
      { length: 40 },
      (_, i) => `some text number ${String(i)} for the reader\t${labels[i % 8] ?? ''}`,
    );
    const preview = await previewFile(write('multi.tsv', ['text\tlabel', ...lines].join('\n')), {});
    expect(preview.columns[1]).toMatchObject({ suggestedRole: 'label', suggestedSeparator: ';' });
  });
});
