import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sayEngineSentence } from '../../src/renderer/app/engine-words';
import { makeFormat } from '../../src/renderer/app/format';
import { createTranslations } from '../../src/renderer/app/i18n';
import { EngineHost } from '../../src/main/host/engine-host';
import { languageMismatch, mismatchWords } from '../../src/main/host/language-check';

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

/** What of a plan a person who has chosen German or French would read in English. */
function untranslated(reasons: readonly string[]): readonly string[] {
  return (['de', 'fr'] as const).flatMap((language) => {
    const { t } = createTranslations(language).global;
    const say = (sentence: string) => sayEngineSentence(sentence, (key, named) => t(key, named), makeFormat(language));
    return reasons.filter((sentence) => say(sentence) === sentence);
  });
}

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
    expect(both.reasons.join(' ')).toMatch(/Two models are trained one after the other/);
    expect(untranslated([...one.reasons, ...both.reasons])).toEqual([]);
    const short = { minutes: one.seconds / 600, pretrained: null };
    const cut = await host.handle('training.plan', { ...short, options: { direction: 'both' } });
    expect(cut.seconds).toBeLessThanOrEqual(one.seconds / 10 + 1e-6);
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
    expect(plan.reasons.join(' ')).toMatch(/a few timed steps \([\d,]+ tokens a second/);
    expect(untranslated(plan.reasons)).toEqual([]);
    const again = await host.handle('training.plan', { ...request, preset: 'quick' });
    const speed = ({ reasons }: typeof plan) => /\(([\d,]+ tokens a second.*)\)/.exec(reasons.at(-1) ?? '')?.[1];
    expect(speed(again)).toBe(speed(plan));
  }, 120_000);

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
    expect(found && mismatchWords(found)).toMatch(/in German.*en-forward has only read English.*download multifit-de/s);
    const danish = await languageMismatch([english], [], { language: 'da' });
    expect(danish && mismatchWords(danish)).toMatch(/bring a model of Danish \(thaw models import/);
  });

  it('keeps quiet where the language cannot be told', async () => {
    expect(await languageMismatch([english], ['zzz 123 qqq'], {})).toBeNull();
    expect(await languageMismatch([], german, {})).toBeNull();
  });
});
