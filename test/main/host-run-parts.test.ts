import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinLabels, singleLabels } from '../../src/engine/evaluate/label-csr';
import { EngineHost } from '../../src/main/host/engine-host';
import { linkFolder } from '../../src/main/host/link-folder';
import { spreadParts } from '../../src/main/host/pipelines/finish-run';
import { loadPassResult, savePassResult } from '../../src/main/host/pipelines/pass-result';
import { divideRows, prepareRunInputs } from '../../src/main/host/pipelines/run-inputs';
import { settleRun, type MemberScores } from '../../src/main/host/pipelines/settle-run';
import type { ShardsStamp } from '../../src/main/host/pipelines/text-shards';
import { directionsOf } from '../../src/main/host/pipelines/train-passes';
import { shippedModels, startingModels } from '../../src/main/host/pretrained';
import { trainingRequestSchema } from '../../src/shared/training-types';

/** The parts of a run around its training, each by itself. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-run-parts-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const requestOf = (options: object, rest: object = {}) => trainingRequestSchema.parse({ options, ...rest });

describe('rows without a label', () => {
  it('feed the language model and nothing else', async () => {
    const host = new EngineHost();
    const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };
    try {
      await host.handle('project.create', { path: path.join(folder, 'project'), name: 'x' });
      const more = path.join(folder, 'more.csv');
      await writeFile(more, `text\n${Array.from({ length: 50 }, (_, i) => `no label ${i}`).join('\n')}\n`);
      const files = [
        { path: path.resolve(__dirname, '../fixtures/e2e/subj-400.csv'), role: 'data', columns },
        { path: more, role: 'unlabelled', columns: { ...columns, labelColumns: [] } },
      ] as const;
      for (const file of files) {
        const request = {
          ...file,
          options: {},
          columns: { ...file.columns, labelColumns: [...file.columns.labelColumns] },
        };
        const { jobId } = await host.handle('import.run', request);
        expect((await host.jobEnded(jobId)).error).toBeNull();
      }
      const stamp = { rows: 450 } as ShardsStamp;
      const none = { forward: null, backward: null };
      await divideRows(host.services.project, requestOf({}));
      const inputs = await prepareRunInputs(host.services.project, requestOf({}), none, stamp, 25);
      const unlabelled = (rows: Int32Array): number => rows.filter((row) => row >= 400).length;
      for (const split of [inputs.train, inputs.valid, inputs.test]) expect(unlabelled(split.documents)).toBe(0);
      // Validation rows are few here, so that some of the others measure the language model.
      expect(unlabelled(inputs.languageModelTrain) + unlabelled(inputs.languageModelValid)).toBe(50);
      expect(unlabelled(inputs.languageModelTrain)).toBeGreaterThan(40);
      // Of very long texts fewer say as much.
      const long = await prepareRunInputs(host.services.project, requestOf({}), none, stamp, 5000);
      expect(long.languageModelValid).toHaveLength(50);
      const held = new Set([...inputs.valid.documents, ...inputs.test.documents]);
      expect(inputs.languageModelTrain.some((row) => held.has(row))).toBe(false);
    } finally {
      await host.close();
    }
  });
});

describe('the language models that a run starts from', () => {
  const model = async (name: string, backward: boolean): Promise<string> => {
    const place = path.join(folder, name);
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, 'model.json'), JSON.stringify({ format: 'thaw-language-model', backward }));
    return place;
  };

  it('are one for each direction, and never one that reads the other way', async () => {
    const [forward, backward] = [await model('fwd', false), await model('bwd', true)];
    const both = requestOf({ direction: 'both', pretrainedBackward: backward }, { pretrained: forward });
    expect(directionsOf(both)).toEqual(['forward', 'backward']);
    expect(await startingModels(both)).toEqual({ forward, backward });
    const alone = requestOf({ direction: 'backward' }, { pretrained: backward });
    expect(await startingModels(alone)).toEqual({ forward: null, backward });
    expect(await startingModels(requestOf({ direction: 'both' }, { pretrained: null }))).toEqual({
      forward: null,
      backward: null,
    });
    const wrong = requestOf({ direction: 'both', pretrainedBackward: forward }, { pretrained: forward });
    await expect(startingModels(wrong)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(startingModels(requestOf({}, { pretrained: backward }))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('ship for both directions, the forward one first', async () => {
    const names = (folders: readonly (string | null)[]): string[] => folders.map((one) => path.basename(one ?? 'none'));
    expect(names(await shippedModels())).toEqual(['en-forward', 'en-backward']);
    const { forward, backward } = await startingModels(requestOf({ direction: 'both' }));
    expect(names([forward, backward])).toEqual(['en-forward', 'en-backward']);
  });
});

describe('what a training came to', () => {
  it('is kept with the run, also where the project is moved', async () => {
    const run = path.join(folder, 'run');
    await mkdir(run, { recursive: true });
    const plan = { stages: [], batchSize: 32, bptt: 70, maxLength: 100, seconds: 1, reasons: [] };
    const result = {
      languageModelDir: null,
      classifierDir: path.join(run, 'models', 'classifier'),
      validLogits: Float32Array.of(0.5, -1.25, 3),
      heldOut: { rows: Int32Array.of(4, 1), logits: Float32Array.of(1, 2, 3, -4) },
      temperature: 1.5,
      thresholds: [0.4],
      plan,
      seconds: 12,
    };
    await savePassResult(run, run, result);
    expect(await loadPassResult(run, run)).toEqual(result);
    await savePassResult(run, run, { ...result, heldOut: null });
    expect(await loadPassResult(run, run)).toEqual({ ...result, heldOut: null });
    const elsewhere = await loadPassResult(run, '/elsewhere');
    expect(elsewhere?.classifierDir).toBe(path.join('/elsewhere', 'models', 'classifier'));
    expect(await loadPassResult(path.join(folder, 'nothing'), run)).toBeNull();
  });
});

describe('a linked copy of a folder', () => {
  it('holds the same files, also in sub-folders, and outlives the original', async () => {
    const from = path.join(folder, 'from');
    await mkdir(path.join(from, 'inside'), { recursive: true });
    await writeFile(path.join(from, 'inside', 'a.json'), 'one');
    await linkFolder(from, path.join(folder, 'to'));
    const [one, other] = await Promise.all(
      ['from', 'to'].map((each) => stat(path.join(folder, each, 'inside', 'a.json'))),
    );
    expect(other?.ino).toBe(one?.ino);
    await rm(from, { recursive: true });
    expect(await readFile(path.join(folder, 'to', 'inside', 'a.json'), 'utf8')).toBe('one');
  });
});

describe('settling a run', () => {
  const truth = Array.from({ length: 100 }, (_, i) => i % 2);
  const scores = (wrong: (row: number) => boolean, sure = 0.8): Float32Array =>
    Float32Array.from(
      truth.flatMap((label, row) => {
        const chosen = wrong(row) ? 1 - label : label;
        return chosen === 0 ? [sure, 1 - sure] : [1 - sure, sure];
      }),
    );
  const member = (name: string, values: Float32Array): MemberScores => {
    const held = { valid: values, test: values };
    return { name, temperature: 1, calibrated: held, raw: held };
  };
  const labels = singleLabels(truth);
  const rows = { labels: ['a', 'b'], multiLabel: false, train: labels, valid: labels, test: labels };
  const good = scores((row) => row % 10 === 3);
  const weak = scores((row) => row % 3 === 0, 0.7);
  const baseline = (values: Float32Array) => ({ valid: values, test: values, temperature: 1, thresholds: null });

  it('blends where that pays, and shows model, deep model, baseline, blend and majority on the same rows', () => {
    const { comparison, blend, final } = settleRun(rows, [member('forward', weak)], baseline(good), 'auto');
    expect(blend?.used).toBe(true);
    expect(comparison.model).toEqual(comparison.blend);
    expect(comparison.deep?.accuracy).toBeCloseTo(0.66, 9);
    expect(comparison.baseline.accuracy).toBeCloseTo(0.9, 9);
    expect(comparison.model.accuracy).toBeGreaterThanOrEqual(0.9);
    expect(new Set([comparison.deep?.n, comparison.baseline.n, comparison.blend?.n])).toEqual(new Set([100]));
    expect(final.test).toHaveLength(200);
  });

  it('offers but does not use a blend that does not pay; "on" uses it, "off" does not look', () => {
    const auto = settleRun(rows, [member('forward', good)], baseline(new Float32Array(200).fill(0.5)), 'auto');
    expect(auto.blend?.used).toBe(false);
    expect(auto.comparison.deep).toBeNull();
    expect([...auto.final.test]).toEqual([...good]);
    expect(settleRun(rows, [member('forward', good)], baseline(weak), 'on').blend?.used).toBe(true);
    expect(settleRun(rows, [member('forward', weak)], baseline(good), 'off').blend).toBeNull();
  });

  it('says what the choice of the blend rests on, and whether the network has learned anything', () => {
    const nothing = member('forward', new Float32Array(200).fill(0.5));
    const judged = settleRun(rows, [nothing], baseline(good), 'auto').comparison;
    expect(judged).toMatchObject({ learned: 'no', blendChoice: { used: true, by: 'judged', n: 100 } });
    expect(settleRun(rows, [member('forward', good)], baseline(weak), 'on').comparison).toMatchObject({
      learned: 'yes',
      blendChoice: { used: true, by: 'asked' },
    });
    const few = singleLabels(truth.slice(0, 8));
    const some = (values: Float32Array) => ({ valid: values.slice(0, 16), test: values });
    const oneOfFew = { ...member('forward', good), calibrated: some(good), raw: some(good) };
    const byRule = settleRun({ ...rows, valid: few }, [oneOfFew], { ...baseline(weak), ...some(weak) }, 'auto');
    expect(byRule.comparison.blendChoice).toEqual({ used: true, by: 'rule', n: 8 });
    expect(settleRun(rows, [member('forward', good)], baseline(weak), 'off').comparison.blendChoice).toBeUndefined();
  });

  it('decides by the rows of folds too, where a few validation rows would tell little', () => {
    const few = { ...rows, valid: singleLabels(truth.slice(0, 8)) };
    const some = (values: Float32Array) => ({ valid: values.slice(0, 16), test: values });
    const network = { ...member('forward', good), calibrated: some(good), raw: some(good) };
    const words = { ...baseline(weak), ...some(weak) };
    const byRule = settleRun(few, [network], words, 'auto');
    const folds = { labels, members: [good], baseline: weak };
    const judged = settleRun(few, [network], words, 'auto', folds);
    expect(judged.comparison.blendChoice).toMatchObject({ by: 'judged', n: 108 });
    expect(judged.blend!.validation.n).toBe(108);
    // Eight rows cannot tell which of the two is better; a hundred can.
    expect(judged.blend!.weights.model).toBeGreaterThan(byRule.blend!.weights.model + 0.1);
    expect(judged.comparison.validation!.n).toBe(8);

    const several = { ...few, multiLabel: true };
    const joined = (values: Float32Array) => ({
      valid: Float32Array.from([...values.slice(0, 16), ...values]),
      test: values,
    });
    const whole = { ...member('forward', good), calibrated: joined(good), raw: joined(good) };
    const all = settleRun(
      { ...several, valid: joinLabels(few.valid, labels) },
      [whole],
      { ...baseline(weak), ...joined(weak) },
      'auto',
    );
    expect(settleRun(several, [network], words, 'auto', folds).thresholds).toEqual(all.thresholds);
  });

  it('tells the figure on validation beside one on test rows, and only there', () => {
    const one = { ...rows, test: singleLabels([1]) };
    const last = (values: Float32Array) => ({ valid: values, test: values.slice(198) });
    const tested = { ...member('forward', good), calibrated: last(good), raw: last(good) };
    const { comparison } = settleRun(one, [tested], { ...baseline(weak), ...last(weak) }, 'off');
    expect(comparison.model.n).toBe(1);
    expect(comparison.validation).toMatchObject({ n: 100, accuracy: 0.9 });
    expect(comparison.validation?.accuracyInterval[0]).toBeCloseTo(0.826, 3);
    const none = { ...rows, test: singleLabels([]) };
    const withoutTest = { ...tested, calibrated: { valid: good, test: new Float32Array(0) }, raw: { valid: good, test: new Float32Array(0) } }; // prettier-ignore
    const untested = settleRun(none, [withoutTest], { ...baseline(weak), test: new Float32Array(0) }, 'off');
    expect(untested.comparison.validation).toBeUndefined();
  });

  it('averages two directions and names their weights', () => {
    const both = settleRun(rows, [member('forward', good), member('backward', weak)], baseline(weak), 'off');
    expect(both.average?.weights[0]).toBeGreaterThan(0.7);
    expect(both.comparison.members?.map(({ name }) => name)).toEqual(['forward', 'backward']);
    expect(both.comparison.members?.[0]?.weight).toBe(both.average?.weights[0]);
  });
});

describe('rows that get predictions while there is time', () => {
  it('come in parts from everywhere, each row once', () => {
    const rows = Int32Array.from({ length: 10_001 }, (_, i) => 3 * i);
    const parts = spreadParts(rows, 4000);
    expect(parts.map(({ length }) => length)).toEqual([3334, 3334, 3333]);
    expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual([...rows]);
    expect((parts[0]?.at(-1) ?? 0) - (parts[0]?.[0] ?? 0)).toBeGreaterThan(29_000);
    expect(spreadParts(new Int32Array(0), 4000)).toEqual([]);
  });
});
