import type { Request } from '../../src/shared/contract';
import type { SessionBook } from './book';
import { pause, type BenchWindow } from './window';

/** What a session works with. */
export interface Session {
  readonly window: BenchWindow;
  readonly book: SessionBook;
  /** The file of rows, and how many it has. */
  readonly file: string;
  readonly rows: number;
  /** Where the project is made. */
  readonly project: string;
}

const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };

/** Looks at the file and imports it into a new project. */
export async function importRows({ window, book, file, rows, project }: Session): Promise<void> {
  book.begin('Import');
  await window.call('project.create', { path: project, name: 'A million' });
  await book.note(
    'first look at the file',
    async () => (await window.call('import.preview', { path: file, options: {} })).ms,
  );
  await book.note(`import of ${rows.toLocaleString('en')} rows, a fifth labelled`, async () => {
    const begun = performance.now();
    const { value } = await window.call('import.run', { path: file, options: {}, columns, role: 'data' });
    return window.jobEnded(value.jobId, begun);
  });
}

/** The health report: whole, stopped on the way, after a label, and a remedy with its way back. */
export async function health({ window, book, rows }: Session): Promise<void> {
  book.begin('Health');
  await book.note('cancelled on the way: until it has ended', async () => {
    const report = window.call('health.report', {}).then(
      () => null,
      () => performance.now(),
    );
    await pause(Math.min(1500, rows / 200));
    const begun = performance.now();
    await window.call('health.cancel', {});
    const ended = await report;
    return ended === null ? 0 : ended - begun;
  });
  await book.note('report on all texts', async () => (await window.call('health.report', {})).ms);
  await book.note('the same after a label', async () => {
    await window.call('labels.set', { rowId: 1, labels: ['objective'] });
    return (await window.call('health.report', {})).ms;
  });
  await book.note('a page of the rows behind a finding', async () => {
    return (await window.call('health.rows', { issue: 'duplicate', offset: 1000, limit: 100 })).ms;
  });
  const remedy = { issue: 'duplicate', remedy: 'keep-first', merges: [] } as const;
  await book.note('copies set aside, and the report anew', async () => {
    const { value, ms } = await window.call('health.apply', { ...remedy, merges: [] });
    if (value.changed < rows / 200) throw new Error(`Only ${String(value.changed)} copies were set aside.`);
    return ms;
  });
  await book.note(
    'taken back, and the report anew',
    async () => (await window.call('health.undo', { id: 1, undone: true })).ms,
  );
}

/** Pages of the table: plain, filtered, searched. */
export async function table({ window, book, rows }: Session): Promise<void> {
  book.begin('Table');
  const page = async (filter: Request<'rows.page'>['filter'], offset: number): Promise<number> =>
    (await window.call('rows.page', { filter, offset, limit: 100 })).ms;
  const places = (count: number): number[] => Array.from({ length: 10 }, (_, i) => Math.floor(((count - 100) * i) / 9));
  const each = async (filter: Request<'rows.page'>['filter'], count: number): Promise<number[]> => {
    const times: number[] = [];
    for (const offset of places(count)) times.push(await page(filter, offset));
    return times;
  };
  await book.note('a page of 100, from the first to the last', () => each({}, rows));
  await book.note('rows of a label, first page', () => page({ label: 'objective' }, 0));
  await book.note('rows of a label, further pages', () => each({ label: 'objective' }, rows / 12));
  await book.note('rows without a label, first page', () => page({ labelled: false }, 0));
  await book.note('search for a word, first page', () => page({ search: 'character' }, 0));
  await book.note('search for a word, further pages', () => each({ search: 'character' }, rows / 60));
  await book.note('the same with a filter', () => page({ search: 'character', labelled: false }, 0));
}

/** Rows divided into those that train, validate and test. */
export async function splits({ window, book }: Session): Promise<void> {
  book.begin('Splits');
  const plan = { strategy: 'stratified', column: null, validShare: 0.1, testShare: 0.1, seed: 1 } as const;
  await book.note(
    'rows divided by label, copies kept together',
    async () => (await window.call('splits.divide', { plan })).ms,
  );
  await book.note('how they are divided', async () => (await window.call('splits.state', {})).ms);
}
