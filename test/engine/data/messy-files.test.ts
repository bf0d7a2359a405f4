import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkFile } from '../../../src/engine/data/check-file';
import { previewFile } from '../../../src/engine/data/preview-file';
import { FIXTURES, tempFiles, tempFolder } from './temp-file';

const write = tempFiles();
const folder = tempFolder();

describe('files that cannot be read say what is wrong and what to do', () => {
  it.each([
    ['a missing file', () => join(folder, 'none.csv'), 'file-not-found', /no file .*none\.csv/],
    [
      'a folder without texts',
      () => (mkdirSync(join(folder, 'sub'), { recursive: true }), join(folder, 'sub')),
      'no-rows',
      /no text file/,
    ],
    ['a device', () => '/dev/null', 'file-unreadable', /expected a file, got a device/],
    ['an empty file', () => write('empty.csv', ''), 'no-rows', /0 bytes/],
    ['a file of blank lines', () => write('blank.csv', '\n \r\n\n'), 'no-rows', /blank lines/],
    [
      'a spreadsheet',
      () => write('sheet.xlsx', Buffer.from('504b030414000600', 'hex')),
      'file-format',
      /its end is missing/,
    ],
    ['a picture', () => write('image.csv', Buffer.from('89504e470d0a1a0a00', 'hex')), 'file-format', /PNG/],
    [
      'unknown binary data',
      () =>
        write(
          'binary.csv',
          Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251),
        ),
      'file-format',
      /bytes that no text has/,
    ],
    ['a gzip archive', () => write('rows.csv.gz', gzipSync('text,label\na,b\n')), 'file-format', /gzip archive/],
    [
      'a gzip archive called .csv',
      () => write('rows.csv', gzipSync('text,label\na,b\n')),
      'file-format',
      /gzip archive/,
    ],
    [
      'a web page called .xls',
      () => write('report.xls', '<html><body><table><tr><td>a</td></tr></table></body></html>'),
      'file-format',
      /a web page/,
    ],
    ['only skipped lines', () => write('skipped.csv', 'a,b\n'), 'no-rows', /skipped/],
  ])('%s', async (name, path, code, message) => {
    const options = name === 'only skipped lines' ? { skipLines: 3 } : {};
    const error: unknown = await previewFile(path(), options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'AppError', code });
    expect((error as Error).message).toMatch(message);
    expect((error as { hint?: string }).hint).toBeTruthy();
  });

  it.skipIf(process.getuid?.() !== 0)('a file without permission', async () => {
    const path = write('secret.csv', 'a,b\n');
    chmodSync(path, 0);
    // Root may read everything, so this process has to be nobody for a moment.
    process.seteuid?.(65534);
    const error: unknown = await previewFile(path, {}).catch((thrown: unknown) => thrown);
    process.seteuid?.(0);
    expect(error).toMatchObject({ code: 'file-unreadable', data: { systemCode: 'EACCES' } });
  });
});

describe('what a file is is told by its content', () => {
  it('text that is called .xlsx, a workbook that is called .csv, JSON that is called .csv', async () => {
    const rows = 'text,label\ngood film,a\nbad film,b\n';
    expect(await previewFile(write('text.xlsx', rows), {})).toMatchObject({ format: 'delimited', estimatedRows: 2 });
    const workbook = join(folder, 'workbook.csv');
    copyFileSync(join(FIXTURES, '../formats/mails.xlsx'), workbook);
    expect(await previewFile(workbook, {})).toMatchObject({ format: 'xlsx', estimatedRows: 40 });
    const lines = write('lines.csv', '{"text":"good film","label":"a"}\n{"text":"bad film","label":"b"}\n');
    expect(await previewFile(lines, {})).toMatchObject({
      format: 'json',
      rows: [
        ['good film', 'a'],
        ['bad film', 'b'],
      ],
    });
    const table = write('braces.csv', '{"a"} is a set,x\n{"b"} is one too,y\n');
    expect(await previewFile(table, {})).toMatchObject({ format: 'delimited' });
  });

  it.skipIf(process.getuid?.() !== 0)('a folder in which one may not look is listed, and costs no other', async () => {
    const mails = join(folder, 'mails');
    for (const label of ['spam', 'ham', 'locked']) mkdirSync(join(mails, label), { recursive: true });
    for (const label of ['spam', 'ham']) writeFileSync(join(mails, label, '1.txt'), `${label} mail`);
    chmodSync(folder, 0o755);
    chmodSync(join(mails, 'locked'), 0);
    process.seteuid?.(65534);
    const [check, alone] = await Promise.allSettled([checkFile(mails, {}), checkFile(join(mails, 'locked'), {})]);
    process.seteuid?.(0);
    expect(check).toMatchObject({
      value: { rows: 2, rejected: [{ text: 'locked/', reason: expect.stringContaining('EACCES') as string }] },
    });
    expect(alone).toMatchObject({ reason: { name: 'AppError', code: 'file-unreadable' } });
  });
});

describe('odd files are read right', () => {
  it('a byte order mark, quotes in the header, CRLF and LF mixed, blank lines, no line break at the end', async () => {
    const path = write('mixed.csv', '\ufeff"text","label"\r\n"a, b",x\n\r\n\n"line\r\nbreak",y\nlast,z');
    expect(await checkFile(path, {})).toEqual({
      encoding: 'utf-8',
      dialect: { delimiter: ',', quote: '"', escape: '"' },
      header: true,
      columns: ['text', 'label'],
      rows: 3,
      rejected: [],
      rejectedCount: 0,
    });
  });

  it('only a header: no rows, and the preview says so', async () => {
    const path = write('header.csv', 'text,label\n');
    expect(await checkFile(path, {})).toMatchObject({ header: true, columns: ['text', 'label'], rows: 0 });
    const preview = await previewFile(path, {});
    expect(preview.rows).toEqual([]);
    expect(preview.estimatedRows).toBe(0);
    expect(preview.notes).toContain('The file has a header but no rows.');
  });

  it('one column, with and without a name', async () => {
    expect(await checkFile(write('named.csv', 'text\ngood, really\nbad\n'), {})).toMatchObject({
      columns: ['text'],
      rows: 2,
      header: true,
    });
    expect(await checkFile(write('bare.txt', 'it was good , and long .\nno .\n'), {})).toMatchObject({
      columns: ['column1'],
      rows: 2,
      header: false,
    });
  });

  it('ragged rows are counted and listed with their lines; the rest is kept', async () => {
    const path = write('ragged.csv', 'text,label\na,1\nb\nc,2,3\nd,4,,\n"e\ne",5\nf,6,7\n');
    expect(await checkFile(path, {})).toMatchObject({
      rows: 3,
      rejectedCount: 3,
      rejected: [
        { line: 3, reason: 'expected 2 cells, got 1', text: 'b' },
        { line: 4, reason: 'expected 2 cells, got 3', text: 'c,2,3' },
        { line: 8, reason: 'expected 2 cells, got 3', text: 'f,6,7' },
      ],
    });
  });

  it('damaged bytes reject their rows only', async () => {
    const good = Buffer.from('größer,ja\nschöner,nein\n'.repeat(20));
    const path = write(
      'damage.csv',
      Buffer.concat([Buffer.from('text,label\n'), good, Buffer.from([0x67, 0xff, 0x2c, 0x31, 0x0a]), good]),
    );
    const check = await checkFile(path, {});
    expect(check).toMatchObject({ encoding: 'utf-8', rows: 80, rejectedCount: 1 });
    expect(check.rejected[0]).toMatchObject({ line: 42, reason: 'bytes that cannot be decoded in this encoding' });
  });

  it('NUL bytes cost no row: padding goes, others become U+FFFD, and their lines are listed', async () => {
    const path = write('nul.csv', 'text,label\na\0\0b,1\n"c\nd",2\nfilled up\0\0\0\0,3\n');
    expect(await checkFile(path, {})).toMatchObject({
      encoding: 'utf-8',
      rows: 3,
      rejected: [],
      repaired: { count: 2, lines: [2, 5] },
    });
    const preview = await previewFile(path, {});
    expect(preview.rows).toEqual([
      ['a\ufffdb', '1'],
      ['c\nd', '2'],
      ['filled up', '3'],
    ]);
    expect(preview.notes).toContain('Of the first rows 2 rows have NUL bytes, read as \ufffd; the first is line 2.');
  });

  it('cells filled up with many NUL bytes do not make a table binary', async () => {
    const rows = Array.from(
      { length: 50 },
      (_, i) => `text number ${String(i)}${'\0'.repeat(8)},${i % 2 === 0 ? 'a' : 'b'}\n`,
    );
    const check = await checkFile(write('padded.csv', `text,label\n${rows.join('')}`), {});
    expect(check).toMatchObject({ encoding: 'utf-8', rows: 50, rejectedCount: 0, repaired: { count: 50 } });
  });

  it("Excel's line that names the separator is followed and not read", async () => {
    const path = write('excel.csv', 'sep=;\r\ntext;label\r\nhello, you;a\r\n');
    const preview = await previewFile(path, {});
    expect(preview).toMatchObject({ skipLines: 1, header: true, rows: [['hello, you', 'a']] });
    expect(preview.dialect.delimiter).toBe(';');
  });

  it('row numbers without a name in front are a column of their own', async () => {
    const path = write('r.csv', '"text","label"\n"1","good film","a"\n"2","bad film","b"\n');
    const preview = await previewFile(path, {});
    expect(preview.columns.map(({ name }) => name)).toEqual(['column1', 'text', 'label']);
    expect(preview.rows[0]).toEqual(['1', 'good film', 'a']);
  });

  it('UTF-16 with a tab separator, as spreadsheets save "Unicode text"', async () => {
    const path = write(
      'unicode.txt',
      iconv.encode('text\tlabel\r\nschön, oder\t1\r\n"er sagt ""ja"""\t2\r\n', 'utf-16le', { addBOM: true }),
    );
    const preview = await previewFile(path, {});
    expect(preview).toMatchObject({
      encoding: 'utf-16le',
      rows: [
        ['schön, oder', '1'],
        ['er sagt "ja"', '2'],
      ],
    });
  });

  it('a preview shows raw and parsed rows side by side, and options override each guess', async () => {
    const path = write('override.csv', 'ham;it is, fine\nspam;"win"\n');
    const guessed = await previewFile(path, {});
    expect(guessed).toMatchObject({
      header: false,
      estimatedRows: 2,
      rows: [
        ['ham', 'it is, fine'],
        ['spam', 'win'],
      ],
    });
    expect(guessed.rawLines).toEqual([
      { line: 1, text: 'ham;it is, fine' },
      { line: 2, text: 'spam;"win"' },
    ]);
    const changed = await previewFile(path, { header: true, quote: '', delimiter: ';', encoding: 'latin1' });
    expect(changed).toMatchObject({
      encoding: 'latin1',
      encodingReason: 'chosen',
      header: true,
      rows: [['spam', '"win"']],
    });
    expect(changed.columns.map(({ name }) => name)).toEqual(['ham', 'it is, fine']);
    expect((await previewFile(path, { skipLines: 1 })).rows).toEqual([['spam', 'win']]);
  });
});

describe('real files', () => {
  it('BANKING77 rows with line breaks in quotes and mixed line ends: 44', async () => {
    const check = await checkFile(join(FIXTURES, 'banking77-quoted-line-breaks.csv'), {});
    expect(check).toMatchObject({
      encoding: 'utf-8',
      header: true,
      columns: ['text', 'category'],
      rows: 44,
      rejectedCount: 0,
    });
  });

  it('film review sentences in Windows-1252, one a line: 112, with their dashes', async () => {
    const path = join(FIXTURES, 'rt-polarity-windows-1252.txt');
    const preview = await previewFile(path, {});
    expect(preview).toMatchObject({ encoding: 'windows-1252', header: false, estimatedRows: 112 });
    expect(preview.dialect).toEqual({ delimiter: '\n', quote: '', escape: '' });
    expect(preview.rows.flat().join('\n')).toContain('a slew of songs \u2014 a few potential hits');
    expect((await checkFile(path, {})).rows).toBe(112);
  });

  /** Originals that may not be shipped; set THAW_MESSY_DATA to the folder that has them. */
  const originals = process.env['THAW_MESSY_DATA'] ?? '';
  it.skipIf(originals === '').each([
    ['SMSSpamCollection.tsv', 5574, false, ['column1', 'column2'], 'utf-8'],
    ['ag_news_official_test_noheader.csv', 7600, false, ['column1', 'column2', 'column3'], 'utf-8'],
    ['banking77_train_original_quoted_newlines.csv', 10003, true, ['text', 'category'], 'utf-8'],
    ['spam_latin1_5cols_crlf.csv', 5572, true, ['Type', 'Message', 'column3', 'column4', 'column5'], 'macintosh'],
    ['rt-polarity.pos.latin1.txt', 5331, false, ['column1'], 'windows-1252'],
  ])('%s: %i rows', async (file, rows, header, columns, encoding) => {
    expect(await checkFile(join(originals, file), {})).toMatchObject({
      rows,
      header,
      columns,
      encoding,
      rejectedCount: 0,
    });
  });
});
