import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideLabels, rankLabels } from '../../src/engine/evaluate/decide-labels';
import { labelsOfCells } from '../../src/main/host/label-cells';
import { ModelFolders } from '../../src/main/host/model-folders';
import { newProjectFile, readProjectFile, writeProjectFile } from '../../src/main/host/project-file';
import { Throttle } from '../../src/main/host/throttle';
import { tokenizerLanguage } from '../../src/main/host/tokenizer-language';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-parts-'))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('the labels that a model gives', () => {
  const probabilities = Float32Array.of(0.2, 0.5, 0.3, 0.9, 0.05, 0.05);
  const labels = ['a', 'b', 'c'];

  it('are the most probable one, or all that reach their thresholds', () => {
    expect(
      [0, 1].map((row) => decideLabels(probabilities, row, labels, { thresholds: null, abstainBelow: 0 })),
    ).toEqual([['b'], ['a']]);
    expect(
      [0, 1].map((row) => decideLabels(probabilities, row, labels, { thresholds: [0.2, 0.6, 0.3], abstainBelow: 0 })),
    ).toEqual([['a', 'c'], ['a']]);
    const unsure = { thresholds: null, abstainBelow: 0.6 };
    expect([0, 1].map((row) => decideLabels(probabilities, row, labels, unsure))).toEqual([[], ['a']]);
    expect(rankLabels(probabilities, 0, labels).map(({ label }) => label)).toEqual(['b', 'c', 'a']);
  });
});

describe('label cells', () => {
  const several = { textColumns: ['text'], labelColumns: ['tags'], multiLabel: true, labelSeparator: ';' };

  it('hold one label, several parted by the separator, or none', () => {
    const single = { ...several, multiLabel: false, labelSeparator: null };
    expect(labelsOfCells([' spam '], single, ['spam'])).toEqual(['spam']);
    expect(labelsOfCells(['a;b; a ;'], several, ['a', 'b'])).toEqual(['a', 'b']);
    expect(labelsOfCells(['  '], several, ['a'])).toBeNull();
  });

  it('are yes and no where the columns are the labels; all no is labelled with none', () => {
    const flags = { ...several, labelColumns: ['fast', 'cheap'], labelSeparator: null };
    expect(labelsOfCells(['1', 'no'], flags, ['cheap', 'fast'])).toEqual(['fast']);
    expect(labelsOfCells(['0', '0'], flags, ['cheap', 'fast'])).toEqual([]);
    expect(labelsOfCells(['', ''], flags, ['cheap', 'fast'])).toBeNull();
  });
});

describe('the tokenizer language', () => {
  it('is told by the letters', () => {
    const texts = ['房间很干净，服务很好', 'とても良いホテルでした', 'ห้องสะอาดมาก', 'Das Zimmer war sauber', '12 + 30'];
    expect(texts.map((text) => tokenizerLanguage([text]))).toEqual(['zh', 'ja', 'th', 'en', 'en']);
    expect(tokenizerLanguage(['A hotel called 北京 with a long English review of it'])).toBe('en');
  });
});

describe('exchanging models', () => {
  async function model(at: string, name: string): Promise<void> {
    await mkdir(path.join(at, 'classifier'), { recursive: true });
    await writeFile(path.join(at, 'classifier', 'model.json'), name);
  }
  const current = (): Promise<string> => readFile(path.join(folder, 'models', 'classifier', 'model.json'), 'utf8');

  it('puts a finished folder in the place of the old one', async () => {
    const models = new ModelFolders(folder);
    expect(models.hasClassifier).toBe(false);
    for (const name of ['first', 'second']) {
      await model(path.join(folder, 'finished'), name);
      await models.replaceWith(path.join(folder, 'finished'));
      expect(await current()).toBe(name);
    }
    expect(models.hasClassifier).toBe(true);
  });

  it('is mended when a crash came between taking the old away and putting the new there', async () => {
    await model(path.join(folder, 'models.previous'), 'old');
    await new ModelFolders(folder).recover();
    expect(await current()).toBe('old');
    await model(path.join(folder, 'models.previous'), 'older');
    await new ModelFolders(folder).recover();
    expect(await current()).toBe('old');
  });
});

describe('project.json', () => {
  it('keeps fields of a newer program, and a folder without it is no project', async () => {
    const extra = { ...newProjectFile('Mails'), colour: 'green' };
    await writeProjectFile(folder, extra);
    await writeProjectFile(folder, await readProjectFile(folder));
    expect(JSON.parse(await readFile(path.join(folder, 'project.json'), 'utf8'))).toEqual(extra);
    await expect(readProjectFile(path.join(folder, 'nothing'))).rejects.toMatchObject({ code: 'not-found' });
    await writeFile(path.join(folder, 'project.json'), '{"format": "some-other"}');
    await expect(readProjectFile(folder)).rejects.toMatchObject({ code: 'project-format' });
  });
});

describe('Throttle', () => {
  it('passes the first value at once and the newest of the others when the interval is over', async () => {
    const passed: number[] = [];
    const throttle = new Throttle<number>(30, (value) => passed.push(value));
    for (const value of [1, 2, 3]) throttle.push(value);
    expect(passed).toEqual([1]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(passed).toEqual([1, 3]);
    throttle.push(4);
    throttle.push(5);
    throttle.flush();
    expect(passed.at(-1)).toBe(5);
  });
});
