import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBatches, type FileBatch } from '../../src/engine/data/read-batches';
import type { ClassifierFolder } from '../../src/main/host/classifier-folder';
import { findAnswers } from '../../src/main/host/find-answers';
import { JobControl } from '../../src/main/host/job-control';
import { KnownTexts } from '../../src/main/host/known-texts';
import { LabelSpelling } from '../../src/main/host/label-spelling';
import { answerCells, answerColumns, freeNames } from '../../src/main/host/pipelines/answer-columns';
import { FileProgress } from '../../src/main/host/pipelines/file-progress';
import { MeasuredRows } from '../../src/main/host/pipelines/measured-rows';
import { SureRows, certaintyOf } from '../../src/main/host/pipelines/sure-rows';
import type { ProgressEvent } from '../../src/shared/jobs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-answers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };
const single = { labels: ['refund', 'late parcel', 'praise'], multiLabel: false, columns };

async function file(name: string, ...lines: readonly string[]): Promise<string> {
  const made = path.join(folder, name);
  await writeFile(made, `${lines.join('\n')}\n`);
  return made;
}

describe('the column of right answers', () => {
  it('is found by its values, whatever it is called, in any case and with any spaces', async () => {
    const made = await file('by-value.csv', 'text,label,Kategorie', ...['a b,1,Refund', 'c d,2,LATE  PARCEL', 'e f,3,praise ', 'g h,4,', 'i j,5,other']); // prettier-ignore
    const found = await findAnswers(single, { path: made, options: {}, textColumns: ['text'] });
    expect(found).toMatchObject({ column: 'Kategorie', by: 'values', rows: 5 });
    expect(found.columns).toEqual([
      { name: 'label', filled: 5, known: 0, separator: null, example: '1' },
      { name: 'Kategorie', filled: 4, known: 3, separator: null, example: 'other' },
    ]);
  });

  it('is that of the training where its values say nothing, with what they are, and none where neither does', async () => {
    const named = await file('by-name.csv', 'text,label', 'a b,Erstattung', 'c d,Lob', 'e f,refund');
    const found = await findAnswers(single, { path: named, options: {}, textColumns: ['text'] });
    expect(found).toMatchObject({ column: 'label', by: 'name' });
    expect(found.columns[0]).toMatchObject({ filled: 3, known: 1, example: 'Erstattung' });
    const none = await file('none.csv', 'text,day', 'a b,Monday', 'c d,Friday');
    expect(await findAnswers(single, { path: none, options: {}, textColumns: ['text'] })).toMatchObject({ column: null, by: null }); // prettier-ignore
  });

  it('of several labels is found with what parts them', async () => {
    const several = { ...single, multiLabel: true, columns: { ...columns, multiLabel: true, labelSeparator: ';' } };
    const made = await file(
      'several.tsv',
      'text\ttags',
      'a b\trefund|praise',
      'c d\tpraise',
      'e f\tlate parcel|refund',
    );
    const found = await findAnswers(several, { path: made, options: {}, textColumns: ['text'] });
    expect(found).toMatchObject({ column: 'tags', by: 'values' });
    expect(found.columns[0]).toMatchObject({ known: 3, separator: '|' });
  });

  it('takes no name for two labels that differ by case alone', () => {
    const spelling = new LabelSpelling(['US', 'us', 'them']);
    expect(['US', 'us', 'Us', 'T hem', 'none'].map((name) => spelling.find(name))).toEqual(['US', 'us', null, 'them', null]); // prettier-ignore
  });
});

describe('answers as columns', () => {
  const shares = Float32Array.of(0.125, 0.625, 0.25);
  it.each([
    [
      { labels: 'all', best: 3, probabilities: true },
      ['predicted', 'p:refund', 'p:late parcel', 'p:praise'],
      ['late parcel', 0.125, 0.625, 0.25],
    ],
    [{ labels: 'answer', best: 3, probabilities: true }, ['predicted', 'probability'], ['late parcel', 0.625]],
    [{ labels: 'answer', best: 3, probabilities: false }, ['predicted'], ['late parcel']],
    [
      { labels: 'best', best: 2, probabilities: true },
      ['predicted', 'label 1', 'probability 1', 'label 2', 'probability 2'],
      ['late parcel', 'late parcel', 0.625, 'praise', 0.25],
    ],
    [
      { labels: 'best', best: 9, probabilities: false },
      ['predicted', 'label 1', 'label 2', 'label 3'],
      ['late parcel', 'late parcel', 'praise', 'refund'],
    ],
  ] as const)('%o', (shape, names, cells) => {
    expect(answerColumns(single, shape).map(({ name }) => name)).toEqual(names);
    expect(answerCells(single, shape, shares, 0, ['late parcel'])).toEqual(cells);
    expect(answerCells(single, shape, shares, 0, [])[0]).toBeNull();
  });

  it('of several labels are a list, which may be empty; names that the file has get a number', () => {
    const several = { ...single, multiLabel: true };
    const shape = { labels: 'answer', best: 3, probabilities: true } as const;
    expect(answerColumns(several, shape)).toEqual([{ name: 'predicted', kind: 'list' }]);
    expect(answerCells(several, shape, shares, 0, [])).toEqual([[]]);
    expect(freeNames(['text', 'predicted', 'predicted (2)'], [{ name: 'predicted', kind: 'text' }])[0]?.name).toBe('predicted (3)'); // prettier-ignore
  });
});

/** A classifier as far as measuring needs one. */
const classifier = {
  ...single,
  thresholds: null,
  deepThresholds: null,
  notes: { columns, majorityLabel: 'refund', baselineThresholds: null, blend: null },
} as unknown as ClassifierFolder;

function batchOf(rows: readonly (readonly [text: string, label: string])[]): FileBatch {
  const lines = rows.map((_, i) => i + 2);
  return { columns: ['text', 'label'], rows, lines, wanted: [0, 1], rejected: [{ line: 99, reason: 'why', text: 'x' }], bytesRead: 1, bytesTotal: 1 }; // prettier-ignore
}

describe('a measurement row by row', () => {
  const rows = [
    ['I want my money back', 'refund'],
    ['where is it', 'Late Parcel'],
    ['well done', 'praise'],
    ['well done indeed', 'praise'],
    ['hm', 'unheard of'],
    ['no answer', ''],
  ] as const;
  const final = Float32Array.from([[0.9, 0.05, 0.05], [0.6, 0.3, 0.1], [0.95, 0.03, 0.02], [0.1, 0.1, 0.8], [0.4, 0.3, 0.3], [1, 0, 0]].flat()); // prettier-ignore
  const scores = { final, deep: final, baseline: final, blend: null };
  const known = KnownTexts.of({ train: [['well done']], valid: [[' hm ']] });
  const measured = new MeasuredRows(classifier, columns, known, 0.5);
  measured.take({ batch: batchOf(rows), scores });
  const result = measured.result(1);

  it('takes another case for the same label, and counts what it leaves out', () => {
    expect(result).toMatchObject({ n: 5, respelled: 1, unlabelled: 1, rejected: 1, unknownLabels: ['unheard of'] });
    expect(result.accuracy).toBeCloseTo(2 / 5);
    expect(result.perClass.find(({ label }) => label === 'late parcel')?.support).toBe(1);
  });

  it('lists wrong rows, surest first, and says which texts are known', () => {
    expect(result.wrong.total).toBe(3);
    expect(result.wrong.rows.map(({ line, predicted, known: side }) => [line, predicted[0], side])).toEqual([
      [4, 'refund', 'train'],
      [3, 'refund', null],
      [6, 'refund', 'valid'],
    ]);
  });

  it('measures without the rows that it was trained on, and only the answers that are sure enough', () => {
    expect(result.known).toMatchObject({ train: 1, valid: 1, without: { n: 3 } });
    expect(result.known?.without?.accuracy).toBeCloseTo(2 / 3);
    expect(result.answered).toMatchObject({ threshold: 0.5, kept: 4, right: 2 });
  });

  it('has nothing beside known rows where all are', () => {
    const all = new MeasuredRows(
      classifier,
      columns,
      KnownTexts.of({ train: rows.map(([text]) => [text]), valid: [] }),
      0,
    );
    all.take({ batch: batchOf(rows), scores });
    expect(all.result(1)).toMatchObject({ known: { train: 5, valid: 0, without: null }, answered: null });
  });
});

describe('the surest and the least sure rows', () => {
  it('go by the best label, or of several labels by the one nearest to its threshold', () => {
    expect(certaintyOf(Float32Array.of(0.2, 0.7, 0.1), 0, 3, null)).toMatchObject({ label: 1 });
    const several = certaintyOf(Float32Array.of(0.9, 0.42, 0.1), 0, 3, [0.5, 0.4, 0.5]);
    expect(several.label).toBe(1);
    const sure = new SureRows();
    const row = (line: number) => ({ line, text: '', labels: [], label: '', probability: 0 });
    [0.3, 0.9, 0.5].forEach((value, line) => {
      sure.take({ label: 0, probability: value, sure: value }, () => row(line));
    });
    const { surest, leastSure } = sure.lists();
    expect([surest.map(({ line }) => line), leastSure.map(({ line }) => line)]).toEqual([[1, 2, 0], [0, 2, 1]]); // prettier-ignore
  });
});

describe('how far a file is', () => {
  it('is told from the bytes behind each batch, also where one piece holds the whole file', async () => {
    const made = await file('even.csv', 'text', ...Array.from({ length: 1000 }, (_, i) => `text number ${String(1000 + i)}`)); // prettier-ignore
    const shares: number[] = [];
    for await (const { bytesRead, bytesTotal } of readBatches(made, {}, ['text'], 100))
      shares.push(bytesRead / bytesTotal);
    // The first batch holds the header too, so the last one holds a row.
    expect(shares.length).toBe(11);
    shares.forEach((share, i) => {
      expect(share).toBeCloseTo(Math.min(1, (i + 1) / 10), 2);
    });
  });

  it('says a time left that forgets the slow beginning and does not count pauses', () => {
    const told: ProgressEvent[] = [];
    let now = 0;
    const control = new JobControl((event) => told.push(event));
    const progress = new FileProgress(control, 'predict', () => now);
    const left = (): number | null => {
      const last = told.at(-1);
      return last?.type === 'count' ? last.secondsLeft : null;
    };
    const batch = (share: number) => ({ batch: { ...batchOf([]), rows: Array.from({ length: 100 }, () => []), rejected: [], bytesRead: share * 1000, bytesTotal: 1000 } }); // prettier-ignore
    now = 20_000; // the model is loaded
    progress.batchDone(batch(0.1), 100);
    expect(left()).toBeNull();
    for (let i = 2; i <= 5; i++) {
      now += 1000;
      progress.batchDone(batch(i / 10), i * 100);
    }
    expect(left()).toBeCloseTo(5);
    expect(told.at(-1)).toMatchObject({ type: 'count', done: 500, total: 1000 });
    control.pause();
    now += 600_000;
    control.resume();
    now += 1000;
    progress.batchDone(batch(0.6), 600);
    expect(left()).toBeCloseTo(4);
    progress.end();
  });
});
