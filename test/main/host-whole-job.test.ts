import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import { exportModel } from '../../src/main/host/export-model';
import { Inspection } from '../../src/main/host/inspection/inspection';
import { JobControl } from '../../src/main/host/job-control';
import type { Job, ProgressEvent } from '../../src/shared/jobs';
import type { MeasuredFile } from '../../src/shared/file-types';
import type { Run } from '../../src/shared/training-types';
import { cells, checkBestLabels, checkKnownRows, checkPlanned } from './whole-job-files';
import { giveOnnxRuntime, runExample } from '../helpers/run-exported';

/**
 * The engine host with all its real parts (DuckDB, TensorFlow, the threads of `out/main`) on 400 real rows: one job from
 * file to measured classifier, and then everything that can be done with a classifier.
 */

const fixtures = path.resolve(__dirname, '../fixtures/e2e');
const data = path.join(fixtures, 'subj-400.csv');
const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };

let folder: string;
let host: EngineHost;
let run: Run;
let trained: Job;
const jobs: { at: number; job: Job }[] = [];
const progress: ProgressEvent[] = [];

async function importFile(into: EngineHost, file: string, labelColumns: string[]): Promise<void> {
  const request = { path: file, options: {}, columns: { ...columns, labelColumns } };
  const { jobId } = await into.handle('import.run', request);
  const job = await into.jobEnded(jobId);
  expect(job.error).toBeNull();
}

async function measure(file: string): Promise<MeasuredFile> {
  const { jobId } = await host.handle('evaluate.file', { path: file, options: {} });
  expect((await host.jobEnded(jobId)).error).toBeNull();
  const evaluation = await host.handle('evaluate.result', { jobId });
  if (!evaluation) throw new Error('The measurement has no result.');
  return evaluation;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-host-'));
  host = new EngineHost();
  await host.handle('project.create', { path: path.join(folder, 'project'), name: 'Facts and opinions' });
  await importFile(host, data, ['label']);
  host.events.on('job', (job) => jobs.push({ at: performance.now(), job }));
  host.events.on('progress', ({ event }) => progress.push(event));
  const { jobId } = await host.handle('training.start', { preset: 'quick', minutes: 0.7, seed: 1 });
  trained = await host.jobEnded(jobId);
  if (trained.runId !== null) run = await host.handle('runs.get', { runId: trained.runId });
}, 300_000);

afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the whole training job', () => {
  it('ends done, with a measurement on test rows beside the baseline and the majority class', () => {
    expect(trained).toMatchObject({ state: 'done', fraction: 1, error: null, kind: 'train' });
    expect(run).toMatchObject({ state: 'done', request: { seed: 1 } });
    expect(run.device).toMatch(/kernels/);
    expect(run.comparison).toMatchObject({ split: 'test', labels: ['objective', 'subjective'] });
    expect(run.comparison?.model.n).toBe(40);
    expect(run.comparison?.baseline.accuracy).toBeGreaterThan(0.6);
    expect(run.comparison?.majority.accuracy).toBeCloseTo(0.5, 1);
  });

  it('says what the blend with the baseline does, and calibration errors before and after on both splits', () => {
    const { comparison } = run;
    expect(comparison?.blend?.n).toBe(40);
    expect(comparison?.calibration?.valid.n).toBe(40);
    expect(comparison?.calibration?.test?.after).toBeTypeOf('number');
    // The classifier is the blend exactly where the deep model is measured beside it.
    if (comparison?.deep) expect(comparison.model).toEqual(comparison.blend);
    const notes = progress.flatMap((event) => (event.type === 'note' ? [event.message] : []));
    expect(notes.some((message) => message.startsWith('Averaged with the TF-IDF baseline'))).toBe(true);
  });

  it('reports every stage in order and a fraction that never falls, at a steady pace', () => {
    const stages = progress.flatMap((event) => (event.type === 'stage' ? [event.stage] : []));
    const expected = [
      'tokenize',
      'baseline',
      'language-model-all',
      'classifier-head',
      'classifier-all',
      'evaluate',
      'predict',
    ];
    expect(stages.filter((stage) => expected.includes(stage))).toEqual(expected);
    const fractions = jobs.map(({ job }) => job.fraction ?? 0);
    expect(fractions.every((fraction, i) => fraction >= (fractions[i - 1] ?? 0))).toBe(true);
    const first = jobs[0]?.at ?? 0;
    const seconds = ((jobs.at(-1)?.at ?? 0) - first) / 1000;
    expect(jobs.length).toBeLessThan(5 * seconds + 10);
  });

  it('keeps the curves on disk', async () => {
    const { events } = await host.handle('runs.get', { runId: run.id });
    expect(events.some((event) => event.type === 'step')).toBe(true);
    expect(events.some((event) => event.type === 'epoch' && event.stage === 'classifier-all')).toBe(true);
  });

  it('saves predictions for the held-out rows, which agree with the confusion matrix', async () => {
    const page = await host.handle('rows.page', { offset: 0, limit: 100, filter: { split: 'test' } });
    expect(page.total).toBe(40);
    expect(page.rows.every((row) => row.predicted !== null)).toBe(true);
    const confusion = run.comparison?.model.confusion ?? [];
    for (const [a, actual] of ['objective', 'subjective'].entries()) {
      for (const [p, predicted] of ['objective', 'subjective'].entries()) {
        const cell = await host.handle('inspect.cell', { actual, predicted, offset: 0, limit: 50 });
        expect(cell.total).toBe(confusion[a]?.[p]);
      }
    }
  });
});

describe('using the classifier', () => {
  it('gives probabilities that sum to one, best first, and names the words it does not know', async () => {
    const [first, second] = await host.handle('predict.texts', { texts: ['a film about a thief .', 'zzyzx'] });
    const sum = first?.labels.reduce((total, { probability }) => total + probability, 0);
    expect(sum).toBeCloseTo(1, 4);
    expect(first?.labels[0]?.probability).toBeGreaterThanOrEqual(first?.labels[1]?.probability ?? 1);
    expect(second?.unknownWords).toEqual(['zzyzx']);
  });

  it('writes a file with all columns, in their order and row by row, and the probabilities that single texts get', async () => {
    const file = path.join(folder, 'mixed.csv');
    const tricky = ['"a ""quoted"" text, with a comma"', '"two\nlines"', '', 'plain', '"  spaces  "'];
    const body = tricky.map((text, i) => `${i},${text},note ${i}`).join('\n');
    await writeFile(file, `id,text,predicted\n${body}\n`);
    const out = path.join(folder, 'mixed-out.csv');
    const { jobId } = await host.handle('predict.file', { path: file, options: {}, out });
    expect((await host.jobEnded(jobId)).error).toBeNull();
    const told = await host.handle('predict.result', { jobId });
    expect(told).toMatchObject({ file: out, rows: tricky.length, rejected: 0, unanswered: 0 });
    expect(told?.labels.reduce((sum, { count }) => sum + count, 0)).toBe(tricky.length);
    const before = await cells(file);
    const after = await cells(out);
    const names = ['id', 'text', 'predicted', 'predicted (2)', 'p:objective', 'p:subjective'];
    const header = (await readFile(out, 'utf8')).split('\n')[0];
    expect(header).toBe(names.join(','));
    expect(after.rows.map((row) => row.slice(0, 3))).toEqual(before.rows.map((row) => [...row]));
    const texts = after.rows.map((row) => row[1] ?? '');
    const singly = await host.handle('predict.texts', { texts });
    after.rows.forEach((row, i) => {
      const objective = singly[i]?.labels.find(({ label }) => label === 'objective')?.probability ?? -1;
      expect(Number(row[4])).toBeCloseTo(objective, 2);
      expect(row[3]).toBe(Number(row[4]) >= Number(row[5]) ? 'objective' : 'subjective');
    });
  });

  it('leaves unsure rows of a file without an answer from then on, in an export too', async () => {
    const rows = (await cells(data)).rows.slice(0, 40);
    const file = path.join(folder, 'unsure.csv');
    await writeFile(file, `text\n${rows.map(([text]) => `"${(text ?? '').replaceAll('"', '""')}"`).join('\n')}\n`);
    const answers = async (): Promise<[sure: number, given: string][]> => {
      const out = path.join(folder, 'unsure-out.csv');
      const { jobId } = await host.handle('predict.file', { path: file, options: {}, out });
      expect((await host.jobEnded(jobId)).error).toBeNull();
      return (await cells(out)).rows.map((row) => [Math.max(Number(row[2]), Number(row[3])), row[1] ?? '']);
    };
    const before = await answers();
    const below = [...before].sort(([a], [b]) => a - b)[20]?.[0] ?? 1;
    expect((await host.handle('inspect.confidence', { runId: null })).abstainBelow).toBe(0);
    await host.handle('inspect.abstain', { below });
    expect((await host.handle('inspect.confidence', { runId: null })).abstainBelow).toBe(below);
    const after = await answers();
    expect(after.some(([, given]) => given === '')).toBe(true);
    after.forEach(([sure, given], i) => {
      if (Math.abs(sure - below) > 1e-5) expect(given).toBe(sure < below ? '' : before[i]?.[1]);
    });
    const exported = path.join(folder, 'unsure-model');
    await host.handle('export.model', { folder: exported });
    expect(await readFile(path.join(exported, 'README.md'), 'utf8')).toContain('it gives no answer');
    await host.handle('inspect.abstain', { below: 0 });
    expect(await answers()).toEqual(before);
  });

  it('measures the same on a messy copy of a file as on the clean one', async () => {
    const clean = await measure(data);
    const { rows } = await cells(data);
    const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    const lines = rows.map(([text, label]) => `${label};${quoted(text ?? '')};;`);
    // Windows line ends, semicolons, empty columns without names, Windows-1252, one row without and one with another label.
    const extra = [
      'subjective;"ein Film f\xfcr Kinder \x85";;',
      ';"no label";;',
      'neutral;"a label that the model has never seen";;',
    ];
    const messy = path.join(folder, 'messy.csv');
    await writeFile(messy, Buffer.from(['label;text;;', ...lines, ...extra, ''].join('\r\n'), 'latin1'));
    const measured = await measure(messy);
    expect(clean.n).toBe(400);
    expect(measured.n).toBe(402);
    expect(measured.unknownLabels).toEqual(['neutral']);
    const right = Math.round(clean.accuracy * 400);
    expect([right, right + 1]).toContain(Math.round(measured.accuracy * 402));
    expect(measured.documentsPerSecond).toBeGreaterThan(1);
    expect(clean.baseline.accuracy).toBeGreaterThan(0.8);
  });

  it('tells which rows of a file it knows from its training, and measures the others', async () => {
    checkKnownRows(await measure(data));
  });

  it('writes the best labels into Parquet, above a certainty whose effect validation rows tell', () =>
    checkBestLabels(host, data, path.join(folder, 'best.parquet')));

  it('exports a folder that predicts the same without a project, and with ONNX without Thaw', async () => {
    const target = path.join(folder, 'exported');
    const { files, facts } = await host.handle('export.model', { folder: target, onnx: true });
    checkPlanned(await host.handle('export.contents', {}), files);
    const [newest] = await host.handle('export.past', {});
    expect(newest).toMatchObject({ folder: target, files: files.length, onnx: true, facts, runId: run.id });
    const names = ['README.md', 'baseline.bin', 'model.json', 'model.onnx', 'training.json', 'vocabulary.json'];
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(await readFile(path.join(target, 'README.md'), 'utf8')).toMatch(/thaw predict --model[^]*## Without Thaw/);
    const texts = ['the director tells the story of two brothers .', 'A BORING film :) 😀👍🏽 &amp; NO "plot"', ''];
    const here = await host.handle('predict.texts', { texts });
    const elsewhere = new EngineHost();
    try {
      expect(await elsewhere.scoring.predictTexts(target, texts)).toEqual(here);
    } finally {
      await elsewhere.close();
    }
    await giveOnnxRuntime(target);
    (await runExample(target, texts)).forEach(({ text, label, best, probability }, i) => {
      expect([text, label, best]).toEqual([texts[i], here[i]?.labels[0]?.label, here[i]?.labels[0]?.label]);
      expect(probability).toBeCloseTo(here[i]?.labels[0]?.probability ?? 0, 4);
    });
    await expect(host.handle('export.model', { folder: fixtures })).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('averages classifiers into a folder that predicts, measures, exports and averages like one', async () => {
    const own = path.join(folder, 'project', 'models', 'classifier');
    const out = path.join(folder, 'ensemble');
    const kept = path.join(folder, 'project', 'runs', run.id, 'models', 'classifier');
    const valid = { path: data, options: {}, columns };
    const control = new JobControl(() => undefined);
    const made = await host.scoring.averageModels([own, kept], valid, out, control);
    expect(made.members.map(({ weight }) => weight)).toEqual([expect.closeTo(0.5, 2), expect.closeTo(0.5, 2)]);
    const twice = await host.scoring.averageModels([out, own], valid, path.join(folder, 'twice'), control);
    const measured = await host.scoring.evaluateFile(twice.folder, { path: data, options: {} }, control);
    const alone = await measure(data);
    expect(measured.accuracy).toBe(alone.accuracy); // the same model four times over chooses as it does alone
    expect(measured.baseline).toEqual(alone.baseline);
    await expect(host.scoring.averageModels([own], valid, out, control)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(host.scoring.averageRuns([run.id], out, control)).rejects.toMatchObject({ code: 'bad-input' });
    const exported = await exportModel(host.scoring, out, path.join(folder, 'exported-ensemble'), { onnx: true });
    expect(exported.files.map(({ name }) => name)).toContain('members/1/weights.safetensors');
    const texts = ['a thief and his brother flee .'];
    const [there] = await host.scoring.predictTexts(exported.folder, texts);
    expect(there).toEqual((await host.scoring.predictTexts(out, texts))[0]);
    await giveOnnxRuntime(exported.folder);
    const [said] = await runExample(exported.folder, texts);
    expect(said?.probability).toBeCloseTo(there?.labels[0]?.probability ?? 0, 4);
  });

  it('plans a run from a sample without starting one', async () => {
    const plan = await host.handle('training.plan', { preset: 'quick' });
    expect(plan.stages.map(({ stage }) => stage)).toContain('classifier-all');
    expect(plan.seconds).toBeGreaterThan(1);
  });
});

describe('inspecting the run', () => {
  const own = { runId: null } as const;
  const page = { offset: 0, limit: 100 };

  it('finds the figures of the run again in the probabilities that it has kept', async () => {
    const overview = await host.handle('inspect.overview', own);
    const { model, baseline, confusion } = { ...run.comparison!, confusion: run.comparison!.model.confusion };
    expect(overview).toMatchObject({ runId: run.id, split: 'test', n: 40, confusion });
    expect(overview.perClass.map(({ label, precision, recall, f1, support }) => ({ label, precision, recall, f1, support }))).toEqual(model.perClass); // prettier-ignore
    const used = overview.contenders.find((one) => one.used);
    expect(used).toMatchObject({ accuracy: model.accuracy, macroF1: model.macroF1 });
    expect(used!.macroF1Interval![0]).toBeLessThan(model.macroF1);
    const { bothRight, onlyFirst, onlySecond } = overview.againstBaseline;
    expect((bothRight + onlyFirst) / 40).toBeCloseTo(baseline.accuracy, 12);
    expect((bothRight + onlySecond) / 40).toBeCloseTo(model.accuracy, 12);
    const confidence = await host.handle('inspect.confidence', own);
    expect(confidence.points[0]).toMatchObject({ kept: 40, right: Math.round(model.accuracy * 40) });
    expect(confidence.reliability.eceBefore).toBeCloseTo(run.comparison!.eceBeforeTemperature, 2);
  });

  it('computes them once more where a run of an older version kept none', async () => {
    const file = path.join(folder, 'project', 'runs', run.id, 'held-out.safetensors');
    const kept = await host.handle('inspect.confidence', own);
    await rm(file);
    const anew = await new Inspection(host.services, host.scoring).confidence(run.id);
    expect(anew.points[0]).toEqual(kept.points[0]);
    expect(anew.reliability.eceAfter).toBeCloseTo(kept.reliability.eceAfter, 1);
    expect((await stat(file)).size).toBeGreaterThan(1000);
  });

  it('lists errors, unsure rows, losses and doubts of held-out rows only', async () => {
    for (const kind of ['confident-errors', 'uncertain', 'top-losses', 'doubted'] as const) {
      const { rows, total, sides } = await host.handle('inspect.rows', { ...own, ...page, list: { kind } });
      expect(rows.length).toBe(total);
      expect(rows.every(({ row, split }) => row.split === split)).toBe(true);
      const tests = await host.handle('inspect.rows', { ...own, ...page, list: { kind }, side: 'test' });
      expect(tests).toMatchObject({ rows: rows.filter(({ split }) => split === 'test'), total: sides.test, sides });
      if (kind === 'confident-errors')
        expect(rows.every(({ truth, predicted }) => truth[0] !== predicted[0])).toBe(true);
      else if (kind !== 'doubted') expect(total).toBe(80);
      const losses = rows.map(({ loss }) => loss);
      if (kind === 'top-losses') expect(losses).toEqual(losses.slice().sort((a, b) => b - a));
    }
    const list = { kind: 'cell', actual: 'objective', predicted: 'subjective' } as const;
    const cell = await host.handle('inspect.rows', { ...own, ...page, list });
    expect(cell.total).toBe(run.comparison?.model.confusion?.[0]?.[1]);
  });

  it('doubts the same held-out labels as the labelling queue, which also asks about rows it has learned from', async () => {
    const inspected = await host.handle('inspect.rows', { ...own, ...page, list: { kind: 'doubted' } });
    const queue = await host.handle('labels.queue', { order: 'doubted', limit: 100, exclude: [] });
    expect(queue.left).toBe(queue.rows.length);
    const heldOut = queue.rows.filter(({ split }) => split !== 'train');
    expect(heldOut.map(({ id }) => id)).toEqual(inspected.rows.map(({ row }) => row.id));
  });

  it('parts the rows into slices that add up', async () => {
    for (const by of ['length', 'language', 'column:label']) {
      const { slices, n, right, columns: others } = await host.handle('inspect.slices', { ...own, by });
      expect(n).toBe(40);
      expect(slices.reduce((sum, slice) => sum + slice.n, 0)).toBe(40);
      expect(slices.reduce((sum, slice) => sum + slice.right, 0)).toBe(right);
      expect(others).toEqual(['label']);
      const first = slices[0]!;
      const list = { kind: 'slice', by, key: first.key, wrong: true } as const;
      expect((await host.handle('inspect.rows', { ...own, ...page, list })).total).toBe(first.n - first.right);
    }
    await expect(host.handle('inspect.slices', { ...own, by: 'moon' })).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('finds no difference from a run to itself', async () => {
    const { paired, data, settings } = await host.handle('inspect.changes', { before: run.id, after: run.id });
    expect(data).toMatchObject({ relabelled: 0, added: 0, gone: 0 });
    expect(data.learnedAfter).toBe(data.learnedBefore);
    expect(paired).toMatchObject({ n: 80, onlyFirst: 0, onlySecond: 0, difference: 0, p: 1 });
    expect(settings).toEqual([]);
  });

  it('explains a prediction in words that make up the text; without a word it says what that text gets', async () => {
    const text = 'The director TELLS the story  of two brothers, slowly!!!!';
    const explanation = await host.handle('inspect.explain', { runId: run.id, text });
    expect(explanation.words.map(({ before, text: word }) => before + word).join('') + explanation.tail).toBe(text);
    expect(explanation.words.some(({ gradient }) => gradient !== 0)).toBe(true);
    const [best] = (await host.handle('predict.texts', { texts: [text] }))[0]!.labels;
    expect(explanation.label).toBe(best!.label);
    expect(explanation.probability).toBeCloseTo(best!.probability, 2);
    const [shorter] = await host.handle('predict.texts', { texts: [text.replace('brothers', '')] });
    const without = shorter!.labels.find(({ label }) => label === best!.label)!.probability;
    expect(explanation.words.find((word) => word.text === 'brothers')?.without).toBeCloseTo(without, 2);
    const other = await host.handle('inspect.explain', { text: '', label: 'objective', leaveOut: false });
    expect(other).toMatchObject({ label: 'objective', words: [], agreement: null });
    await expect(host.handle('inspect.explain', { text, label: 'moon' })).rejects.toMatchObject({ code: 'bad-input' });
    const ofNone = await host.handle('inspect.explain', { runId: 'no-weights', text, leaveOut: false });
    expect([ofNone.standIn, ofNone.label, explanation.standIn]).toEqual([true, explanation.label, false]);
  });

  it('finds a training text as the one most like itself', async () => {
    const { rows } = await host.handle('rows.page', { offset: 0, limit: 1, filter: { split: 'train' } });
    const text = rows[0]?.text ?? '';
    let found = await host.handle('inspect.similar', { text, limit: 3 });
    for (let i = 0; i < 600 && found.state === 'reading'; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      found = await host.handle('inspect.similar', { runId: run.id, text, limit: 3 });
    }
    expect(found).toMatchObject({ state: 'ready', total: 320, of: 320 });
    expect(found.rows[0]?.row.id).toBe(rows[0]?.id);
    expect(found.rows[0]?.similarity).toBeGreaterThan(0.98);
  });

  it('writes the report of the run', async () => {
    const out = path.join(folder, 'reports', 'run.html');
    const { bytes } = await host.handle('inspect.report', { ...own, out, language: 'de' });
    const text = await readFile(out, 'utf8');
    expect(Buffer.byteLength(text)).toBe(bytes);
    expect(text).toContain('<h1>Facts and opinions</h1>');
    expect(text).toContain('Verwechslungen');
    expect(text).toContain(run.id);
  });

  it('says that labels are newer than the classifier once one was changed, until that is undone', async () => {
    expect((await host.handle('project.current', {}))?.labelsAreNewer).toBe(false);
    const { rows } = await host.handle('rows.page', { offset: 0, limit: 1, filter: { split: 'train' } });
    await host.handle('labels.set', { rowId: rows[0]!.id, labels: [] });
    expect((await host.handle('project.current', {}))?.labelsAreNewer).toBe(true);
    await host.handle('history.undo', {});
    expect((await host.handle('project.current', {}))?.labelsAreNewer).toBe(false);
  });
});
