import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { openSourceTable, readTable } from '../../../src/engine/data/source-table';
import { scanStrict } from '../../../src/engine/data/strict-scan';
import { Database } from '../../../src/engine/store/database';
import { loadStrict, numberLoaded } from '../../../src/engine/store/load-strict';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { rowColumns } from '../../../src/engine/store/row-sql';
import { createTables } from '../../../src/engine/store/schema';
import { Random } from '../../../src/engine/train/random';
import { CancelledError } from '../../../src/shared/errors';
import { tempFiles } from '../data/temp-file';
import { projectFolder, TEXT_LABEL } from './project-folder';

const write = tempFiles();
let files = 0;
const csv = (content: string): string => write(`${++files}.csv`, content);

/** The rows that a project holds after an import, as they lie in its file. */
async function storedRows(content: string): Promise<readonly unknown[]> {
  const folder = projectFolder();
  const store = await ProjectStore.open(folder);
  await store.importFile(csv(content), {}, TEXT_LABEL, 'data');
  await store.close();
  const instance = await DuckDBInstance.create(join(folder, 'store.duckdb'));
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll('SELECT id, line, text, others[1], others[2] FROM rows ORDER BY id');
  connection.closeSync();
  instance.closeSync();
  return rows.getRows();
}

/** The same rows as our own reader gives them. */
async function readRows(content: string): Promise<readonly unknown[]> {
  const table = await openSourceTable(csv(content), {});
  const rows: unknown[] = [];
  for await (const batch of readTable(table, 100)) {
    batch.rows.forEach(([text, label, more], i) => rows.push([rows.length, batch.lines[i], text, label, more ?? null]));
  }
  return rows;
}

async function isStrict(content: string, chunkBytes?: number): Promise<boolean> {
  const table = await openSourceTable(csv(content), {});
  return (await scanStrict(table, undefined, undefined, chunkBytes)) !== null;
}

const head = 'text,label,note\n';
const strict: Readonly<Record<string, string>> = {
  'plain cells': `${head}one,a,x\ntwo,b,\n,a,z\n`,
  'quotes, doubled quotes and empty quotes': `${head}"he said ""no""",a,""\n"""",b,"x,y"\n"",a,x\n`,
  'line breaks inside cells': `${head}"one\ntwo\n\nthree",a,x\nnext,b,"a\r\nb"\n`,
  'blank lines between rows': `${head}one,a,x\n\n\ntwo,b,y\n`,
  CRLF: `${head}one,a,x\n"two, too",b,y\n`.replaceAll('\n', '\r\n'),
  'no line break at the end': `${head}one,a,x\ntwo,b,y`,
  'spaces round cells': `${head} one , a,x \n\ttwo,b , y\n`,
  'other scripts': `${head}Grüße — 你好 🙂,a,é\n"ß, ż",b,ﬁ\n`,
  'a byte order mark': `\ufeff${head}one,a,x\ntwo,b,y\n`,
};
const lenient: Readonly<Record<string, string>> = {
  'a quotation mark inside a cell': `${head}"one, two",a,x\n"two, three",a,x\n5" wide,a,x\n`,
  'a quotation mark behind a space': `${head}"one, two",a,x\n"two, three",a,x\n "one",a,x\n`,
  'text behind a closing quotation mark': `${head}"one" more,a,x\ntwo,b,y\nthree,a,z\n`,
  'a row with a cell too many': `${head}one,a,x,extra\ntwo,b,y\nthree,a,z\n`,
  'a row with a cell too few': `${head}one,a\ntwo,b,y\nthree,a,z\n`,
  'line breaks of two kinds': `${head}one,a,x\r\ntwo,b,y\n`,
  'a quotation mark that is never closed': `${head}one,a,x\n"two,b,y\nthree,a,z\n`,
  'a NUL': `${head}one\0,a,x\ntwo,b,y\n`,
};

describe('import of strict files', () => {
  for (const [what, content] of Object.entries(strict)) {
    it(`gives the rows of our own reader: ${what}`, async () => {
      expect(await isStrict(content)).toBe(true);
      expect(await storedRows(content)).toEqual(await readRows(content));
    });
  }
  for (const [what, content] of Object.entries(lenient)) {
    it(`leaves to our own reader: ${what}`, async () => {
      expect(await isStrict(content)).toBe(false);
      expect(await storedRows(content)).toEqual(await readRows(content));
    });
  }

  it('finds the same however the bytes are cut into pieces', async () => {
    const content = Object.values(strict).slice(0, 4).join('').replaceAll(head, '');
    const table = await openSourceTable(csv(head + content), {});
    const whole = await scanStrict(table);
    for (const size of [1, 2, 3, 7, 16]) {
      expect(await scanStrict(table, undefined, undefined, size)).toEqual(whole);
    }
  });

  it('gives the rows of our own reader for random files', async () => {
    const random = new Random(3);
    const pieces = ['a', 'word ', ',', '"', '\n', ' ', 'ü', '🙂', '', 'long '.repeat(50)];
    const cell = (): string => {
      const text = Array.from({ length: random.below(6) }, () => pieces[random.below(pieces.length)]).join('');
      return /[",\n]/.test(text) || random.uniform() < 0.3 ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const rows = Array.from({ length: 5000 }, (_, i) => `${cell()},${i % 2 ? 'a' : 'b'},${cell()}`);
    const content = `${head}${rows.join('\n')}\n`;
    expect(await isStrict(content, 1000)).toBe(true);
    expect(await storedRows(content)).toEqual(await readRows(content));
  });
});

describe('loading of strict files', () => {
  const rows = (count: number): string =>
    head + Array.from({ length: count }, (_, i) => `text ${String(i)},${i % 2 ? 'a' : 'b'},x\n`).join('');
  const inFile = async <T>(folder: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const instance = await DuckDBInstance.create(join(folder, 'store.duckdb'));
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  };
  const ids = (connection: DuckDBConnection) =>
    connection.runAndReadAll('SELECT count(*), min(id), max(id) FROM rows').then((found) => found.getRows()[0]);

  it('numbers the rows of a second file behind those of the first', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    await store.importFile(csv(rows(5000)), {}, TEXT_LABEL, 'data');
    await store.importFile(csv(rows(3000)), {}, TEXT_LABEL, 'test');
    expect(await store.page({ search: 'text 2999' }, 0, 10)).toMatchObject({ rows: [{ id: 2999 }, { id: 7999 }] });
    await store.close();
    expect(await inFile(folder, ids)).toEqual([8000n, 0, 7999]);
  });

  it('is how strict files come in: each row is held against the scan, and one that differs is refused', async () => {
    const database = await Database.open(join(projectFolder(), 'store.duckdb'));
    await createTables(database);
    const table = await openSourceTable(csv(rows(300_000)), {});
    const columns = rowColumns(table.columns.length, [0]);
    const found = await loadStrict(database.loader, table, columns, { onShare: () => undefined });
    expect(found?.count).toBe(300_000);
    const number = async (sizes: Int32Array): Promise<boolean> => {
      const connection = await database.connect();
      await connection.run('BEGIN');
      const same = await numberLoaded(connection, { ...found!, sizes }, { importId: 0, firstRow: 0 });
      await connection.run(same ? 'COMMIT' : 'ROLLBACK');
      connection.closeSync();
      return same;
    };
    expect(await number(found!.sizes.map((size, row) => (row === 299_999 ? size + 1 : size)))).toBe(false);
    expect(await number(found!.sizes)).toBe(true);
    const places = 'SELECT count(*) FROM rows WHERE id = line - 2 AND text = concat($1::VARCHAR, id)';
    expect(await database.all(places, ['text '])).toEqual([[300_000n]]);
    await database.close();
  });

  it('takes away what a killed import had read', async () => {
    const folder = projectFolder();
    const first = await ProjectStore.open(folder);
    await first.importFile(csv(rows(100)), {}, TEXT_LABEL, 'data');
    await first.close();
    await inFile(folder, (connection) =>
      connection.run("INSERT INTO rows SELECT -1, -1, 9, 'left over', NULL, NULL FROM range(3000)"),
    );
    mkdirSync(join(folder, 'store.duckdb.import'));
    writeFileSync(join(folder, 'store.duckdb.import', 'source'), 'left over');
    const store = await ProjectStore.open(folder);
    expect(existsSync(join(folder, 'store.duckdb.import'))).toBe(false);
    await store.importFile(csv(rows(200)), {}, TEXT_LABEL, 'data');
    expect((await store.page({ search: 'left over' }, 0, 10)).rows).toEqual([]);
    await store.close();
    expect(await inFile(folder, ids)).toEqual([300n, 0, 299]);
  });

  it('leaves nothing behind when it is cancelled while DuckDB reads', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const file = csv(rows(400_000));
    const stop = new AbortController();
    const job = store.importFile(file, {}, TEXT_LABEL, 'data', { signal: stop.signal });
    while (!existsSync(join(folder, 'store.duckdb.import', 'source'))) await setTimeout(1);
    stop.abort();
    await expect(job).rejects.toThrow(CancelledError);
    expect(store.counts().rows).toBe(0);
    expect(existsSync(join(folder, 'store.duckdb.import'))).toBe(false);
    await store.close();
    expect(await inFile(folder, ids)).toEqual([0n, null, null]);
  });

  it('does not open files to the project that are not being imported', async () => {
    const folder = projectFolder();
    const database = await Database.open(join(folder, 'store.duckdb'));
    const file = csv(rows(10)).replaceAll("'", "''");
    await expect(database.all(`SELECT * FROM read_csv('${file}')`)).rejects.toThrow(/Permission Error/);
    await expect(database.all(`SET enable_external_access = true`)).rejects.toThrow();
    await expect(database.all(`SET allowed_directories = ['/']`)).rejects.toThrow();
    await database.loader.lend(file, async () => {
      expect(await database.all(`SELECT count(*) FROM read_csv('${database.loader.place}')`)).toEqual([[10n]]);
    });
    await expect(database.all(`SELECT * FROM read_csv('${database.loader.place}')`)).rejects.toThrow();
    await database.close();
  });
});
