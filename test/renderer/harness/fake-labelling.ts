import type { Response } from '../../../src/shared/contract';
import type { Row } from '../../../src/shared/data-types';
import type { LabelInsight } from '../../../src/shared/label-types';
import type { FakeHandlers } from './fake-engine';

type Methods =
  | 'labels.describe'
  | 'labels.saveSet'
  | 'labels.previewSet'
  | 'labels.takeSet'
  | 'labels.mark'
  | 'labels.note'
  | 'labels.preview'
  | 'labels.likelihood'
  | 'labels.apply'
  | 'labels.suggest'
  | 'labels.rows'
  | 'labels.insight';

/** Labels that were given, to be taken back and given again. */
export class Undone {
  readonly past: { number: number; rowId: number; before: string[]; after: string[] }[] = [];
  readonly future: { number: number; rowId: number; before: string[]; after: string[] }[] = [];
  made = 0;
}

/** A given label as a step of the history. */
export const stepOf = (change: Undone['past'][number] | undefined): Response<'labels.state'>['undoStep'] =>
  change === undefined ? null : { number: change.number, kind: 'label', rows: 1, label: change.after[0] ?? '' };

/** A learning curve as real labels make one. */
export const insight: LabelInsight = {
  state: 'ready',
  measure: 'accuracy',
  points: [
    { labels: 800, share: 0.71, low: 0.68, high: 0.74, rows: 4000 },
    { labels: 1600, share: 0.776, low: 0.75, high: 0.8, rows: 4000 },
    { labels: 2400, share: 0.806, low: 0.78, high: 0.83, rows: 4000 },
    { labels: 3200, share: 0.824, low: 0.8, high: 0.845, rows: 4000 },
  ],
  forOnePoint: 230,
  atOnce: 0,
  doubted: 41,
  at: 4000,
};

/** The rows that the part of the filter which the fake knows lets through. */
function matching(rows: readonly Row[], search = '', labelled?: boolean): readonly Row[] {
  return rows.filter(
    (row) =>
      row.text.toLowerCase().includes(search.toLowerCase()) &&
      (labelled === undefined || row.labels.length > 0 === labelled),
  );
}

/** The fake's answers about marks, changes of many rows, and what labels are worth. */
export function labellingFakes(rows: Row[], state: () => Response<'labels.state'>): Pick<FakeHandlers, Methods> {
  const mark = (row: Row): NonNullable<Row['marks']> =>
    (row.marks ??= { flagged: false, skipped: false, kept: false, note: '' });
  const withMarks = (): Response<'labels.state'> => ({
    ...state(),
    marks: {
      flagged: rows.filter((row) => row.marks?.flagged).length,
      skipped: rows.filter((row) => row.marks?.skipped).length,
      noted: rows.filter((row) => row.marks?.note).length,
    },
  });
  return {
    'labels.describe': () => state(),
    'labels.saveSet': ({ out }) => ({ file: out, labels: state().labels.length }),
    'labels.previewSet': ({ path }) => ({ file: path, added: ['refund'], changed: ['billing'], moved: true, kept: 4 }),
    'labels.takeSet': () => ({ ...state(), canUndo: true, undoStep: { kind: 'label-set', rows: 0, label: '' } }),
    'labels.mark': ({ rowIds, mark: name, on }) => {
      const key = ({ flag: 'flagged', skip: 'skipped', keep: 'kept' } as const)[name];
      for (const row of rows) if (rowIds === undefined || rowIds.includes(row.id)) mark(row)[key] = on;
      return withMarks();
    },
    'labels.note': ({ rowId, note }) => {
      for (const row of rows) if (row.id === rowId) mark(row).note = note;
      return withMarks();
    },
    'labels.likelihood': () => ({
      // One row at each whole per cent from 1 on.
      percents: Array.from({ length: 101 }, (_, percent) => Number(percent > 0)),
      said: 100,
      rows: rows.length,
    }),
    'labels.preview': ({ change, from = 0 }) => {
      const found = change.kind === 'rows' ? matching(rows, change.filter.search, change.filter.labelled) : rows;
      const name = change.kind === 'rows' ? (change.labels[0] ?? '') : 'other';
      return {
        matched: found.length,
        changed: found.length,
        losing: 0,
        overwritten: found.filter((row) => row.labels.length > 0).length,
        labels: [{ name, before: 812, after: 812 + found.length }],
        examples: found.slice(from, from + 20),
      };
    },
    'labels.apply': ({ change }) => {
      const found = change.kind === 'rows' ? matching(rows, change.filter.search, change.filter.labelled) : [];
      const names = change.kind === 'rows' ? change.labels : [];
      for (const row of found) row.labels = [...names];
      return { ...state(), canUndo: true, undoStep: { kind: 'bulk', rows: found.length, label: names[0] ?? '' } };
    },
    'labels.suggest': () => ({ basis: 'none', rows: [] }),
    'labels.rows': ({ rowIds }) => rowIds.flatMap((id) => rows.filter((row) => row.id === id)),
    'labels.insight': () => insight,
  };
}
