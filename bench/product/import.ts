import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ProjectStore } from '../../src/engine/store/project-store';
import type { ColumnChoice } from '../../src/shared/data-types';
import { newProjectFile } from './new-project';
import { timed, withPeakMemory, type Prepare } from './serve';

const columns: ColumnChoice = {
  textColumns: ['text'],
  labelColumns: ['label'],
  multiLabel: false,
  labelSeparator: null,
};

/** A CSV file into a new project: seconds, and the memory of the process. */
export const importFile: Prepare = async (spec) => {
  const { file, folder } = spec as { readonly file: string; readonly folder: string };
  return async () => {
    const project = await mkdtemp(join(folder, 'project-'));
    const cpu = process.cpuUsage();
    try {
      await newProjectFile(project);
      const { seconds, value } = await timed(() =>
        withPeakMemory(async () => {
          const store = await ProjectStore.open(project);
          const { rows } = await store.importFile(file, {}, columns, 'data');
          await store.close();
          return rows;
        }),
      );
      const { user, system } = process.cpuUsage(cpu);
      return { seconds, megabytes: value.megabytes, rows: value.value, cpuSeconds: (user + system) / 1e6 };
    } finally {
      await rm(project, { recursive: true, force: true });
    }
  };
};

/** The same file by DuckDB's own reader into a table of a new database file, with as many threads. */
export const readCsv: Prepare = async (spec) => {
  const { file, folder } = spec as { readonly file: string; readonly folder: string };
  return async () => {
    const database = await mkdtemp(join(folder, 'read-csv-'));
    const cpu = process.cpuUsage();
    try {
      const { seconds, value } = await timed(() =>
        withPeakMemory(async () => {
          const instance = await DuckDBInstance.create(join(database, 'table.duckdb'), { threads: '2' });
          const connection = await instance.connect();
          await connection.run(`CREATE TABLE rows AS SELECT * FROM read_csv($1)`, [file]);
          connection.closeSync();
          instance.closeSync();
        }),
      );
      const { user, system } = process.cpuUsage(cpu);
      return { seconds, megabytes: value.megabytes, cpuSeconds: (user + system) / 1e6 };
    } finally {
      await rm(database, { recursive: true, force: true });
    }
  };
};

/** Milliseconds of one page of rows of a large table, the slowest of many places; the table is imported first. */
export const pages: Prepare = async (spec) => {
  const { file, rowsWanted } = spec as { readonly file: string; readonly rowsWanted: number };
  const project = await mkdtemp(join(tmpdir(), 'thaw-bench-pages-'));
  await newProjectFile(project);
  const store = await ProjectStore.open(project);
  while (store.counts().rows < rowsWanted) await store.importFile(file, {}, columns, 'data');
  return async () => {
    const { rows } = store.counts();
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const offset = Math.floor((((i * 7919) % 1000) / 1000) * rows);
      times.push((await timed(() => store.page({}, offset, 100))).seconds * 1000);
    }
    const { bavail, bsize } = await statfs(project);
    return { slowest: Math.max(...times), rows, freeMegabytes: (bavail * bsize) / 2 ** 20 };
  };
};
