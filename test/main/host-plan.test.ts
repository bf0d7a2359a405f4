import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import { languageMismatch, mismatchNote } from '../../src/main/host/language-check';
import { sayNote } from '../../src/shared/note-words';

/** What a plan says before a run: of both directions, and of texts that the language model cannot read. */

const english = path.resolve(__dirname, '../../resources/pretrained/en-forward');
const german = [
  'Die Kanzlerin hat das nicht gesagt, und wer es glaubt, ist selbst schuld.',
  'Wir haben den Zug verpasst, weil die Bahn wieder zu spät kam.',
  'Ich finde, dass man das auch anders sehen kann, aber nicht so.',
  'Das ist doch kein Wunder bei dem Wetter, das wir im Moment haben.',
];
let folder: string;
let host: EngineHost;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-plan-'));
  host = new EngineHost();
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

async function importRows(name: string, rows: readonly (readonly [string, string])[]): Promise<void> {
  await host.handle('project.create', { path: path.join(folder, name), name });
  const file = path.join(folder, `${name}.csv`);
  await writeFile(file, `text,label\n${rows.map(([text, label]) => `"${text}",${label}`).join('\n')}\n`);
  const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };
  const { jobId } = await host.handle('import.run', { path: file, options: {}, columns });
  expect((await host.jobEnded(jobId)).error).toBeNull();
}

const codesOf = (notes: readonly (string | { readonly code: string })[] = []) =>
  notes.map((note) => (typeof note === 'string' ? note : note.code));

describe('a plan', () => {
  it('of both directions counts both models', async () => {
    const rows = Array.from({ length: 120 }, (_, i): [string, string] => [
      `this is the text number ${i} and it is about what we have seen`,
      i % 2 === 0 ? 'a' : 'b',
    ]);
    await importRows('english', rows);
    const one = await host.handle('training.plan', { pretrained: null });
    const both = await host.handle('training.plan', { pretrained: null, options: { direction: 'both' } });
    expect(one.seconds).toBeGreaterThan(0);
    expect(both.seconds).toBeCloseTo(2 * one.seconds, 6);
    expect(both.stages).toEqual([...one.stages, ...one.stages]);
    expect(codesOf(one.reasons)).not.toContain('both-directions');
    expect(codesOf(both.reasons).filter((code) => code === 'both-directions')).toHaveLength(1);
    expect(new Set(codesOf(both.reasons)).size).toBe(both.reasons.length);
    const short = { minutes: one.seconds / 60, pretrained: null };
    const cut = await host.handle('training.plan', { ...short, options: { direction: 'both' } });
    expect(cut.seconds).toBeLessThanOrEqual(one.seconds + 1e-6);
    expect(cut.reasons[0]).toMatchObject({ code: 'cut-to-budget', minutes: short.minutes });
    const shipped = await host.handle('training.plan', {});
    expect(shipped.languageMismatch).toBeNull();
  });

  it('that is timed counts all that a run does, and is not timed twice for the same run', async () => {
    await importRows(
      'timed',
      Array.from({ length: 120 }, (_, i): [string, string] => [
        `this is the text number ${i} and it is about what we have seen`,
        i % 2 === 0 ? 'a' : 'b',
      ]),
    );
    const sizes = { embeddingSize: 16, hiddenSize: 24, layers: 2 };
    const request = { pretrained: null, options: sizes, timed: true };
    const plan = await host.handle('training.plan', request);
    expect(plan.timed).toBe(true);
    expect(plan.stages.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(['tokenize', 'baseline', 'classifier-all', 'evaluate', 'predict']),
    );
    expect(plan.seconds).toBeCloseTo(
      plan.stages.reduce((sum, { seconds }) => sum + seconds, 0),
      6,
    );
    const again = await host.handle('training.plan', { ...request, preset: 'quick' });
    expect(plan.reasons.at(-1)).toMatchObject({ code: 'estimated-timed', texts: 120, of: 120 });
    expect(again.reasons.at(-1)).toEqual(plan.reasons.at(-1));
    // A budget is of the whole job: what comes before and after training is in it.
    const around = ['tokenize', 'baseline', 'predict'];
    const outside = plan.stages.reduce((sum, one) => sum + (around.includes(one.stage) ? one.seconds : 0), 0);
    const minutes = (outside + 0.8 * (plan.seconds - outside)) / 0.9 / 60;
    const budgeted = await host.handle('training.plan', { ...request, minutes });
    expect(codesOf(budgeted.reasons)).toContain('cut-to-budget');
    expect(budgeted.seconds).toBeLessThanOrEqual(60 * minutes);
    expect(budgeted.warnings).not.toContainEqual(expect.objectContaining({ code: 'budget-too-small' }));
  }, 120_000);

  it('warns of too few rows to measure and judge by, as they would be divided', async () => {
    const rows = Array.from({ length: 120 }, (_, i): [string, string] => [
      `this is the text number ${i}`,
      i < 3 ? 'rare' : i % 2 === 0 ? 'a' : 'b',
    ]);
    await importRows('few', rows);
    const { warnings = [] } = await host.handle('training.plan', {});
    // So few texts get a linear head, whose folds judge too.
    expect(codesOf(warnings)).toEqual(['few-test-rows', 'small-classes']);
    const thawing = await host.handle('training.plan', { options: { unfreezing: 'gradual' } });
    expect(codesOf(thawing.warnings)).toEqual(['few-test-rows', 'few-validation-rows', 'small-classes']);
    expect(warnings[1]).toMatchObject({ n: 1, labels: ['rare (3)'] });
    const [few] = warnings;
    if (few?.code !== 'few-test-rows' || few.testShare === null) throw new Error('Expected a share that is enough.');
    const more = await host.handle('training.plan', { testShare: few.testShare });
    expect(codesOf(more.warnings)).toEqual(['few-validation-rows', 'small-classes']);
    expect(codesOf((await host.handle('training.plan', { testShare: 0 })).warnings)[0]).toBe('no-test-rows');
    // Nothing was divided by it.
    expect((await host.handle('splits.state', {})).decided).toBe(false);
    // Where the project divides its rows by a plan of its own, no share that is asked for would change it.
    const divide = { strategy: 'random', column: null, validShare: 0.1, testShare: 0.1, seed: 1 } as const;
    await host.handle('splits.divide', { plan: divide });
    const divided = await host.handle('training.plan', { testShare: 0.4 });
    expect(divided.warnings?.[0]).toMatchObject({ code: 'few-test-rows', testShare: null });
    expect((await host.handle('splits.state', {})).rows.test).toBe((divided.warnings?.[0] as { n: number }).n);
  });

  it('warns of a label column that holds amounts', async () => {
    const rows = Array.from({ length: 300 }, (_, i): [string, string] => [
      `this is the text number ${i}`,
      (9.5 + (i % 100)).toFixed(2),
    ]);
    await importRows('amounts', rows);
    const { warnings } = await host.handle('training.plan', {});
    expect(warnings).toEqual([{ code: 'labels-are-numbers', labels: 100, texts: 300 }]);
  });

  it('says that the language model has not read the language of the texts, and what would fit', async () => {
    const rows = Array.from({ length: 60 }, (_, i): [string, string] => [
      `${german[i % german.length]} (${i})`,
      i % 2 === 0 ? 'a' : 'b',
    ]);
    await importRows('german', rows);
    const plan = await host.handle('training.plan', {});
    expect(plan.languageMismatch).toEqual({
      model: 'en-forward',
      read: 'en',
      texts: 'de',
      fitting: ['multifit-de'],
    });
    expect((await host.handle('training.plan', { pretrained: null })).languageMismatch).toBeNull();
    const told = await host.handle('training.plan', { options: { language: 'en' } });
    expect(told.languageMismatch).toBeNull();
  });
});

describe('the language check', () => {
  it('names what to do in words, also where the catalogue has nothing', async () => {
    const found = await languageMismatch([english], german, {});
    expect(found && sayNote(mismatchNote(found))).toMatch(
      /in German.*en-forward has only read English.*download multifit-de/s,
    );
    const danish = await languageMismatch([english], [], { language: 'da' });
    expect(danish && sayNote(mismatchNote(danish))).toMatch(/bring a model of Danish \(thaw models import/);
  });

  it('keeps quiet where the language cannot be told', async () => {
    expect(await languageMismatch([english], ['zzz 123 qqq'], {})).toBeNull();
    expect(await languageMismatch([], german, {})).toBeNull();
  });
});
