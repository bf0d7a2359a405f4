import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/shared/data-types';
import { csvCell } from '../../../src/engine/data/csv-writer';
import { RecordReader, type RecordLayout } from '../../../src/engine/data/record-reader';

const COMMA: Dialect = { delimiter: ',', quote: '"', escape: '"' };

/** Reads `text` as a reader gets it from a file: in pieces of `size` characters. */
async function read(text: string, width: number, size = text.length, more: Partial<RecordLayout> = {}) {
  const layout: RecordLayout = { dialect: COMMA, lineBreak: '\n', skipLines: 0, width, minWidth: width, ...more };
  async function* pieces() {
    for (let at = 0; at < text.length; at += size) yield { text: text.slice(at, at + size), damaged: false, bytes: at };
  }
  const rows: (readonly string[])[] = [];
  const lines: number[] = [];
  const rejected: { line: number; reason: string; text: string }[] = [];
  for await (const batch of new RecordReader(layout).batches(pieces(), 3)) {
    rows.push(...batch.rows);
    lines.push(...batch.lines);
    rejected.push(...batch.rejected);
  }
  return { rows, lines, rejected };
}

/** The same numbers each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

describe('records', () => {
  it('what a CSV writer writes is read back the same, however the text is cut into pieces', async () => {
    const next = random(42);
    const parts = ['a', ',', '"', '\n', '\r\n', ' ', '""', 'é', '😀', '\t', ';', 'long word'];
    const cell = (): string =>
      Array.from({ length: Math.floor(next() * 6) }, () => parts[Math.floor(next() * parts.length)] ?? '').join('');
    for (let round = 0; round < 60; round++) {
      const width = 2 + Math.floor(next() * 3);
      const rows = Array.from({ length: 12 }, () => Array.from({ length: width }, cell));
      const end = round % 2 === 0 ? '\r\n' : '\n';
      const text = rows.map((row) => row.map((one) => csvCell(one)).join(',')).join(end);
      for (const size of [1, 2, 3, 7, 64, 10_000]) {
        expect((await read(text, width, size)).rows).toEqual(rows);
      }
    }
  });

  it('lines are counted as they stand in the file, over blank lines and line breaks in cells', async () => {
    const result = await read('a,1\r\n\r\n"b\nb",2\n\nc,3', 2);
    expect(result.rows).toEqual([
      ['a', '1'],
      ['b\nb', '2'],
      ['c', '3'],
    ]);
    expect(result.lines).toEqual([1, 3, 6]);
    expect(result.rejected).toEqual([]);
  });

  it('rows with too many or too few cells are rejected alone, with line, reason and text', async () => {
    const { rows, rejected } = await read('a,1\nb,2,3\nc\nd,4\n', 2);
    expect(rows).toEqual([
      ['a', '1'],
      ['d', '4'],
    ]);
    expect(rejected).toEqual([
      { line: 2, reason: 'expected 2 cells, got 3', text: 'b,2,3' },
      { line: 3, reason: 'expected 2 cells, got 1', text: 'c' },
    ]);
  });

  it('empty cells behind the last column are dropped, missing unnamed columns are empty', async () => {
    expect((await read('a,1,,\nb,2, \n', 2)).rows).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect((await read('a,1\nb,2,x\n', 3, 100, { minWidth: 2 })).rows).toEqual([
      ['a', '1', ''],
      ['b', '2', 'x'],
    ]);
  });

  it('a quotation mark that is never closed costs its line at most, not the file', async () => {
    const { rows, rejected } = await read('a,1\n"b, x,2\nc,3\nd,4\n', 2, 3);
    expect(rows).toEqual([
      ['a', '1'],
      ['c', '3'],
      ['d', '4'],
    ]);
    expect(rejected).toMatchObject([{ line: 2, text: '"b, x,2' }]);
    expect(rejected[0]?.reason).toMatch(/never closed/);
  });

  it('a quotation mark at the start of a text that is no quoting is text', async () => {
    const { rows, rejected } = await read('"Good" film,1\n"b,2\n5" screen,3\n"well, "so" he said",4\n"fine",5\n', 2);
    expect(rows).toEqual([
      ['"Good" film', '1'],
      ['"b', '2'],
      ['5" screen', '3'],
      ['well, "so" he said', '4'],
      ['fine', '5'],
    ]);
    expect(rejected).toEqual([]);
  });

  it('many unclosed quotation marks take linear time', async () => {
    const text = `${'"open, a, b\n'.repeat(3)}${'ok,1\n'.repeat(20_000)}${'"open, a, b\nok,2\n'.repeat(20_000)}`;
    const begun = performance.now();
    const { rows, rejected } = await read(text, 2, 1 << 16);
    expect(rows).toHaveLength(40_000);
    expect(rejected).toHaveLength(20_003);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it('a cell of 10 MB is read whole', async () => {
    const cell = 'word, and "more"\n'.repeat(620_000);
    const { rows } = await read(`${csvCell(cell)},big\nsmall,1\n`, 2, 1 << 20);
    expect(rows).toHaveLength(2);
    expect(rows[0]?.[0] === cell).toBe(true);
  });

  it('a NUL byte costs no row, wherever a piece that is read ends', async () => {
    for (const piece of [1, 3, 4, 64]) {
      const { rows, rejected } = await read('a,1\nb\0c,2\n"d\0\0",3\n', 2, piece);
      expect(rows).toEqual([
        ['a', '1'],
        ['b\ufffdc', '2'],
        ['d', '3'],
      ]);
      expect(rejected).toEqual([]);
    }
  });

  it('lines of old Macs, other delimiters and skipped lines', async () => {
    expect((await read('a,1\rb,2\r', 2, 2, { lineBreak: '\r' })).rows).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
    const bars: Dialect = { delimiter: '||', quote: '', escape: '' };
    expect((await read('junk\na||1\n"b|"||2\n', 2, 2, { dialect: bars, skipLines: 1 })).rows).toEqual([
      ['a', '1'],
      ['"b|"', '2'],
    ]);
    const backslash: Dialect = { delimiter: ',', quote: '"', escape: '\\' };
    expect((await read('"say \\"a, b\\"",1\n"back\\\\",2\n', 2, 3, { dialect: backslash })).rows).toEqual([
      ['say "a, b"', '1'],
      ['back\\', '2'],
    ]);
  });
});
