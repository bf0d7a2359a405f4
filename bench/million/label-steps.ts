import type { Request, Response } from '../../src/shared/contract';
import type { Session } from './data-steps';
import type { BenchWindow } from './window';

const PAGE = 20;
type Order = Request<'labels.queue'>['order'];

/** The orders that rows come in, with what some need. */
const queues: readonly (readonly [Order, string, Partial<Request<'labels.queue'>>])[] = [
  ['uncertain', 'uncertain', {}],
  ['diverse', 'diverse', {}],
  ['random', 'random', {}],
  ['doubted', 'doubted', {}],
  ['file', 'as in the file', {}],
  ['filter', 'search for a word', { filter: { search: 'family', labelled: false } }],
  ['filter', 'all without a label', { filter: { labelled: false } }],
  ['similar', 'similar to a text', { similarTo: 3 }],
];

/** Rows labelled one by one and taken back; the quick model in the background. */
export async function singleLabels({ window, book, rows }: Session): Promise<void> {
  book.begin('Label');
  const rowIds = await waitingRows(window, 60);
  await book.note('one row labelled, on the disk', async () => {
    const times: number[] = [];
    for (const [i, rowId] of rowIds.entries())
      times.push((await window.call('labels.set', { rowId, labels: [i % 2 === 0 ? 'objective' : 'subjective'] })).ms);
    return times;
  });
  await book.note('one label taken back', () => repeated(20, async () => (await window.call('history.undo', {})).ms));
  await book.note('done again', () => repeated(20, async () => (await window.call('history.redo', {})).ms));
  await book.note('one row skipped', async () => {
    const times: number[] = [];
    for (const rowId of (await waitingRows(window, 80)).slice(60))
      times.push((await window.call('labels.mark', { rowIds: [rowId], mark: 'skip', on: true })).ms);
    return times;
  });
  await book.note('quick model fitted anew behind a label', async () => {
    const [rowId = rows - 1] = await waitingRows(window, 1);
    return (await window.run(FIT, rowId)) as number;
  });
}

/** In the page: a label, then how long until the engine tells that the quick model has learned from it. */
const FIT = `async (rowId) => {
  const begun = performance.now();
  let stop;
  const told = new Promise((resolve) => { stop = window.thaw.on('labelling', resolve); });
  await window.thaw.invoke('labels.set', { rowId, labels: ['objective'] });
  await told;
  stop();
  return performance.now() - begun;
}`;

/** Every queue: its first page, and the pages after it while rows are labelled. */
export async function labelQueues({ window, book }: Session): Promise<void> {
  book.begin('Queues');
  for (const [order, name, more] of queues) {
    const ask = (exclude: number[]): Promise<{ value: Response<'labels.queue'>; ms: number }> =>
      window.call('labels.queue', { order, limit: PAGE, exclude, ...more });
    let shown: number[] = [];
    await book.note(`${name}: first page`, async () => {
      const { value, ms } = await ask([]);
      shown = value.rows.map(({ id }) => id);
      return ms;
    });
    await book.note(`${name}: next page`, () =>
      repeated(8, async () => {
        const [first] = shown;
        // A label in between: what was worked out for the page before holds no longer.
        if (first !== undefined) await window.call('labels.set', { rowId: first, labels: ['subjective'] });
        const { value, ms } = await ask(shown);
        shown = [...shown, ...value.rows.map(({ id }) => id)];
        return ms;
      }),
    );
  }
}

/** All rows of a search labelled at once, then all that are left. */
export async function bulkLabels({ window, book, rows }: Session): Promise<void> {
  book.begin('Bulk');
  const changes = [
    ['rows of a search', { search: 'family', labelled: false }],
    ['all rows without a label', { labelled: false }],
  ] as const;
  for (const [name, filter] of changes) {
    const change = { kind: 'rows', filter, labels: ['subjective'], mode: 'replace' } as const;
    let count = 0;
    await book.note(`${name}: what would change`, async () => {
      const { value, ms } = await window.call('labels.preview', { change });
      count = value.changed;
      return ms;
    });
    if (count === 0 || count > rows) throw new Error(`Expected rows to change, got ${String(count)}.`);
    await book.note(
      `${name}: ${count.toLocaleString('en')} rows labelled`,
      async () => (await window.call('labels.apply', { change })).ms,
    );
    await book.note(`${name}: taken back`, async () => (await window.call('history.undo', {})).ms);
  }
}

async function waitingRows(window: BenchWindow, count: number): Promise<number[]> {
  const { value } = await window.call('labels.queue', { order: 'random', limit: count, exclude: [] });
  return value.rows.map(({ id }) => id);
}

async function repeated(times: number, work: () => Promise<number>): Promise<number[]> {
  const measured: number[] = [];
  for (let i = 0; i < times; i++) measured.push(await work());
  return measured;
}
