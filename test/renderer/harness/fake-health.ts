import type { HealthIssue, HealthReport } from '../../../src/shared/health-types';
import type { SplitState } from '../../../src/shared/split-types';
import type { FakeHandlers } from './fake-engine';

const nothing = { groups: 0, affected: 0, facts: {}, examples: [], remedies: [], variants: [], labels: [] };
const example = (rowId: number, text: string, labels: string[], note: string | null = null, group = 0) => ({
  rowId,
  text,
  labels,
  note,
  group,
});

const issues: HealthIssue[] = [
  {
    ...nothing,
    id: 'conflict',
    weight: 'problem',
    count: 5,
    groups: 2,
    affected: 5,
    examples: [
      example(3, 'My parcel has been on its way for nine days now.', ['delivery'], null, 4),
      example(17, 'My parcel has been on its way for nine days now.', ['billing'], null, 4),
      example(21, 'Can I change the size?', ['orders'], null, 22),
      example(25, 'can I change the size?', ['returns'], null, 22),
    ],
    remedies: ['majority-label', 'unlabel', 'set-aside'],
  },
  {
    ...nothing,
    id: 'label-variants',
    weight: 'problem',
    count: 2,
    groups: 2,
    affected: 40,
    remedies: ['merge-labels'],
    variants: [
      { keep: 'delivery', merge: ['Delivery ', 'DELIVERY'], rows: 37, why: 'spelling' },
      { keep: 'billing', merge: ['biling'], rows: 3, why: 'typing' },
    ],
  },
  {
    ...nothing,
    id: 'mojibake',
    weight: 'warning',
    count: 12,
    affected: 12,
    examples: [example(40, 'Ich warte fÃ¼r immer', ['delivery'], 'Ich warte für immer')],
    remedies: ['repair-text', 'set-aside'],
  },
  {
    ...nothing,
    id: 'rare-label',
    weight: 'warning',
    count: 2,
    affected: 9,
    facts: { limit: 10, rows: 9 },
    labels: [
      { name: 'press', count: 2 },
      { name: 'jobs', count: 7 },
    ],
    remedies: ['unlabel', 'set-aside'],
  },
  {
    ...nothing,
    id: 'language',
    weight: 'note',
    count: 31,
    affected: 31,
    facts: { main: 'en', languages: 2 },
    examples: [example(55, 'Ich habe noch keine Antwort auf meine Frage', [], 'de')],
    remedies: ['set-aside'],
  },
];

/** Answers about the data's health, how rows are divided, and whole projects. */
export function fakeHealth(): Pick<
  FakeHandlers,
  | `health.${'report' | 'cancel' | 'rows' | 'apply' | 'undo' | 'aside'}`
  | `splits.${'state' | 'divide' | 'lock'}`
  | `project.${'diskUse' | 'rename' | 'duplicate' | 'trash' | 'trashed' | 'restore' | 'deleteTrashed'}`
  | 'import.paste'
  | 'shell.noteName'
> {
  let report: HealthReport = {
    rows: 5000,
    setAside: 0,
    labelled: 4000,
    words: { median: 14, most: 212, fewest: 1 },
    languages: [
      { language: 'en', rows: 4610 },
      { language: '', rows: 359 },
      { language: 'de', rows: 31 },
    ],
    issues,
    remedies: [],
    seconds: 1.2,
  };
  let state: SplitState = {
    plan: null,
    decided: false,
    rows: { train: 3200, valid: 400, test: 400, heldBack: 3 },
    labels: [{ name: 'delivery', train: 1600, valid: 200, test: 200 }],
    columns: ['customer', 'received_at'],
    suggestedGroup: 'customer',
    suggestedTime: 'received_at',
    given: 0,
    locked: false,
    looks: [],
  };
  return {
    'health.report': () => report,
    'health.cancel': () => ({}),
    'health.rows': ({ issue, offset, limit }) => {
      const rows = issues.find(({ id }) => id === issue)?.examples ?? [];
      return { total: rows.length, rows: rows.slice(offset, offset + limit) };
    },
    'health.apply': ({ issue, remedy }) => {
      const done = report.issues.find(({ id }) => id === issue);
      report = {
        ...report,
        issues: report.issues.filter(({ id }) => id !== issue),
        remedies: [
          {
            id: 1,
            issue,
            remedy,
            rows: done?.affected ?? 0,
            at: '2026-11-22T09:00:00Z',
            undone: false,
            forgotten: false,
          },
          ...report.remedies,
        ],
      };
      return { changed: done?.affected ?? 0, report };
    },
    'health.undo': ({ id, undone }) => {
      report = {
        ...report,
        issues: undone ? issues : report.issues,
        remedies: report.remedies.map((one) => (one.id === id ? { ...one, undone } : one)),
      };
      return report;
    },
    'health.aside': () => ({ total: 0, reasons: [], rows: [] }),
    'splits.state': () => state,
    'splits.divide': ({ plan }) => (state = { ...state, plan, decided: plan !== null }),
    'splits.lock': ({ locked }) => (state = { ...state, locked }),
    'project.diskUse': () => ({ total: 131_000_000, rows: 8e6, texts: 3e6, runs: 70e6, models: 50e6, other: 0 }),
    'project.rename': () => ({}),
    'project.duplicate': ({ path }) => ({ path: `${path}-copy` }),
    'project.trash': () => ({}),
    'project.trashed': () => [],
    'project.restore': () => ({ path: '/home/ada/Thaw/old' }),
    'project.deleteTrashed': () => ({}),
    'import.paste': () => ({ path: '/home/ada/Thaw/support-mails/imports/pasted.tsv' }),
    'shell.noteName': () => ({}),
  };
}
