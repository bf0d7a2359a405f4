import type { Row } from '../../../src/shared/data-types';
import type { InspectedRow, inspectMethods } from '../../../src/shared/inspect-types';
import { predictionsFor } from './fake-data';
import { comparison } from './fake-run';
import type { FakeHandlers } from './fake-engine';

type Interval = [number, number];
const around = (value: number, half: number): Interval => [Math.max(0, value - half), Math.min(1, value + half)];

/** @param begun the row's labels when the run began, which no later label changes */
function inspected(
  row: Row,
  begun: readonly string[],
  said: string,
  labels: readonly string[],
  doubted: boolean,
): InspectedRow {
  const truth = begun.length > 0 ? begun : [labels[0] ?? ''];
  return {
    row,
    split: row.id % 2 === 0 ? 'test' : 'valid',
    truth: [...truth],
    predicted: [said],
    scores: predictionsFor(said, labels, row.id).slice(0, 5),
    loss: 1.4 + (row.id % 7) / 5,
    uncertainty: 0.4,
    suggestion: doubted ? [said] : null,
  };
}

/** The inspect step's answers of the fake engine. */
export function fakeInspect(
  labels: readonly string[],
  rows: () => readonly Row[],
): Pick<FakeHandlers, keyof typeof inspectMethods> {
  const measured = comparison(labels);
  const { model, baseline, majority } = measured;
  const begun = new Map(rows().map(({ id, labels: own }) => [id, own]));
  const other = (label: string): string => labels[(labels.indexOf(label) + 1) % labels.length] ?? '';
  return {
    'inspect.overview': () => ({
      runId: 'run-1',
      startedAt: '2026-11-20T09:00:00Z',
      split: 'valid',
      n: model.n,
      multiLabel: false,
      labels: [...labels],
      majorityLabel: majority.label,
      contenders: [
        { id: 'majority', used: false, accuracy: majority.accuracy, accuracyInterval: around(majority.accuracy, 0.03), macroF1: null, macroF1Interval: null, microF1: null, microF1Interval: null, ece: null, loss: null }, // prettier-ignore
        ...([['baseline', baseline], ['deep', model]] as const).map(([id, metrics]) => ({
          id,
          used: id === 'deep',
          accuracy: metrics.accuracy,
          accuracyInterval: metrics.accuracyInterval,
          macroF1: metrics.macroF1,
          macroF1Interval: around(metrics.macroF1, 0.025),
          microF1: metrics.microF1,
          microF1Interval: around(metrics.microF1, 0.02),
          ece: metrics.ece,
          loss: metrics.loss,
        })),
      ], // prettier-ignore
      againstBaseline: { n: 1000, bothRight: 850, onlyFirst: 21, onlySecond: 64, bothWrong: 65, difference: 0.043, interval: [0.025, 0.061], p: 0.000003 }, // prettier-ignore
      perClass: model.perClass.map((one, i) => ({
        ...one,
        predicted: one.support,
        precisionInterval: around(one.precision, 0.04),
        recallInterval: around(one.recall, 0.05),
        f1Interval: around(one.f1, 0.04),
        baselineF1: baseline.perClass[i]?.f1 ?? 0,
      })),
      confusion: model.confusion,
      order: labels.map((_, i) => i).reverse(),
    }),
    'inspect.abstain': () => ({}),
    'inspect.confidence': () => ({
      runId: 'run-1',
      split: 'valid',
      n: 1000,
      multiLabel: false,
      total: 1000,
      points: Array.from({ length: 101 }, (_, t) => {
        const kept = Math.round(1000 * (1 - (t / 100) ** 3));
        const right = Math.round(kept * (0.914 + 0.08 * (t / 100)));
        return { threshold: t / 100, kept, right, interval: around(kept === 0 ? 0.5 : right / kept, 0.02) };
      }),
      perClass: labels.map((label) => ({
        label,
        support: 200,
        kept: Array.from({ length: 101 }, (_, t) => 200 - t),
        right: Array.from({ length: 101 }, (_, t) => Math.round((200 - t) * 0.93)),
      })),
      thresholds: null,
      abstainBelow: 0,
      temperature: 1.31,
      reliability: {
        before: Array.from({ length: 15 }, (_, i) => ({ low: i / 15, high: (i + 1) / 15, count: i * 6, confidence: (i + 0.5) / 15, accuracy: Math.max(0, (i - 1) / 15) })), // prettier-ignore
        after: Array.from({ length: 15 }, (_, i) => ({ low: i / 15, high: (i + 1) / 15, count: i * 6, confidence: (i + 0.5) / 15, accuracy: (i + 0.4) / 15 })), // prettier-ignore
        used: null,
        eceBefore: 0.047,
        eceAfter: 0.021,
      },
    }),
    'inspect.rows': ({ list, side, offset, limit }) => {
      const listed = rows().filter((row) => (list.kind === 'cell' ? row.labels.includes(list.actual) : row.labels.length > 0)).slice(0, 70); // prettier-ignore
      const isTest = ({ id }: Row): boolean => id % 2 === 0;
      const wanted = side === undefined || side === 'both' ? listed : listed.filter((row) => isTest(row) === (side === 'test')); // prettier-ignore
      const test = listed.filter(isTest).length;
      return {
        total: wanted.length,
        sides: { test, valid: listed.length - test },
        estimate: list.kind === 'doubted' ? 12.4 : null,
        rows: wanted.slice(offset, offset + limit).map((row) => {
          const then = begun.get(row.id) ?? row.labels;
          const said = list.kind === 'cell' ? list.predicted : other(then[0] ?? '');
          return inspected(row, then, said, labels, list.kind === 'doubted');
        }),
      };
    },
    'inspect.slices': ({ by }) => ({
      runId: 'run-1',
      by,
      split: 'valid',
      n: 1000,
      right: 914,
      columns: ['branch', 'month'],
      slices: [
        { key: '0-5', range: [0, 5], n: 120, right: 96, interval: [0.72, 0.86], baselineRight: 90, compared: 'worse' },
        {
          key: '6-10',
          range: [6, 10],
          n: 480,
          right: 446,
          interval: [0.9, 0.95],
          baselineRight: 430,
          compared: 'even',
        },
        { key: '11-20', range: [11, 20], n: 380, right: 362, interval: [0.925, 0.97], baselineRight: 340, compared: 'better' }, // prettier-ignore
        {
          key: '641-',
          range: [641, null],
          n: 20,
          right: 10,
          interval: [0.3, 0.7],
          baselineRight: 11,
          compared: 'worse',
        },
      ],
    }),
    'inspect.changes': ({ before, after }) => ({
      before,
      after,
      paired: { n: 900, bothRight: 780, onlyFirst: 22, onlySecond: 51, bothWrong: 47, difference: 0.032, interval: [0.013, 0.05], p: 0.0009 }, // prettier-ignore
      onlyBefore: [],
      onlyAfter: [],
      perClass: labels.map((label, i) => ({ label, support: 180, beforeRight: 150 + i, afterRight: 160 })),
      data: { relabelled: 182, added: 40, gone: 1, learnedBefore: 2_400, learnedAfter: 2_439 },
      settings: [{ name: 'preset', before: 'quick', after: 'standard' }],
    }),
    'inspect.explain': ({ text, label }) => {
      const said = predictionsFor(labels[text.length % labels.length] ?? '', labels, text.length);
      const words = text.split(/\s+/).filter((word) => word !== '');
      return {
        label: label ?? said[0]?.label ?? '',
        probability: said[0]?.probability ?? 0,
        labels: said,
        words: words.map((word, i) => ({
          text: word,
          before: i === 0 ? '' : ' ',
          known: !word.includes('xylo'),
          gradient: Math.sin(7 * i + word.length),
          leftOut: Math.sin(7 * i + word.length) + 0.2 * Math.cos(i),
          group: i,
          without: 0.4,
        })),
        tail: '',
        agreement: 0.83,
        groupSize: 1,
        deepShare: 1,
        milliseconds: 40,
        standIn: false,
      };
    },
    'inspect.similar': ({ limit }) => ({
      state: 'ready',
      done: 4000,
      total: 4000,
      of: 4000,
      rows: rows()
        .slice(0, limit)
        .map((row, i) => ({ row, similarity: 0.91 - 0.05 * i })),
    }),
    'inspect.report': () => ({ file: '/home/ada/Thaw/support-mails/runs/run-1/report.html', bytes: 61_000 }),
  };
}
