import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { loadLanguageModel } from '../../../src/engine/model/language-model-files';
import { LanguageModel } from '../../../src/engine/model/language-model';
import { parametersFrom } from '../../../src/engine/model/initialise';
import { generateText } from '../../../src/engine/tasks/generate-text';
import { heldOutSamples } from '../../../src/engine/tasks/held-out-samples';
import { measureSpeeds } from '../../../src/engine/tasks/measure-speeds';
import type { TrainParams } from '../../../src/engine/tasks/protocol';
import { readableText } from '../../../src/engine/tasks/readable-text';
import { train } from '../../../src/engine/tasks/train';
import { progressEventSchema, type ProgressEvent } from '../../../src/shared/jobs';
import { tensorflowForTests } from '../../helpers/tensorflow';
import { contextFor, makeTinyProject } from '../../helpers/tiny-training';

/** What a run tells while it learns, and that telling changes nothing of what it learns. */

describe('a run that is watched', async () => {
  const backend = await tensorflowForTests('native');
  const kernels = new NativeKernels(backend.binding!, backend.fused);
  let project: Awaited<ReturnType<typeof makeTinyProject>>;
  beforeAll(async () => {
    project = await makeTinyProject();
  });
  afterAll(() => project.remove());
  const paramsIn = (name: string): TrainParams => ({
    ...project.params,
    runDir: join(project.folder, name, 'run'),
    outDir: join(project.folder, name, 'out'),
  });
  const ofType = <T extends ProgressEvent['type']>(events: readonly ProgressEvent[], type: T) =>
    events.filter((event): event is Extract<ProgressEvent, { type: T }> => event.type === type);

  it('tells what the language model writes and what the classifier errs on, as the contract has it', async () => {
    const context = contextFor(kernels);
    await train(paramsIn('told'), context);
    for (const event of context.events) expect(progressEventSchema.safeParse(event).success).toBe(true);
    const written = ofType(context.events, 'generated');
    expect(written[0]).toMatchObject({ stage: 'language-model-new-rows', share: 0, backward: false });
    expect(written.length).toBeGreaterThan(8);
    for (const { prompt, text } of written) expect(`${prompt} ${text}`).toMatch(/^(Word|word|WORD)\d+( |$)/);
    const [samples] = ofType(context.events, 'samples');
    expect(samples).toMatchObject({ held: 40 });
    expect(samples!.samples).toHaveLength(5);
    expect(samples!.errors.length).toBe(Math.min(6, samples!.wrong));
    const losses = samples!.errors.map(({ loss }) => loss);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(kernels.liveTensors()).toBe(0);
  });

  it('ends a part early when its person wants that, and has a classifier all the same', async () => {
    const context = contextFor(kernels);
    let wanted = true;
    const inLast = (): boolean => ofType(context.events, 'stage').some(({ stage }) => stage === 'classifier-last');
    const wantsFinish = (): boolean => {
      const now = wanted && inLast();
      if (now) wanted = false;
      return now;
    };
    const result = await train(paramsIn('early'), Object.assign(context, { wantsFinish }));
    const stages = ofType(context.events, 'stage').map(({ stage }) => stage);
    expect(stages.slice(-2)).toEqual(['classifier-last', 'calibrate']);
    expect(ofType(context.events, 'note').map(({ message }) => message).join(' ')).toContain('ended early'); // prettier-ignore
    expect(result.validLogits).toHaveLength(80);
    expect(existsSync(join(result.classifierDir, 'model.json'))).toBe(true);
    expect(existsSync(join(paramsIn('early').runDir, 'classifier.safetensors'))).toBe(false);
    expect(kernels.liveTensors()).toBe(0);
  });

  it('does not end twice for one wish: the classifier trains on after the language model was ended', async () => {
    const context = contextFor(kernels);
    let asked = 0;
    await train(paramsIn('once'), Object.assign(context, { wantsFinish: () => asked++ === 0 }));
    const stages = ofType(context.events, 'stage').map(({ stage }) => stage);
    expect(stages).toEqual([
      'probe',
      'language-model-new-rows',
      'classifier-head',
      'classifier-last',
      'classifier-last-two',
      'classifier-all',
      'calibrate',
    ]);
    const weights = await readFile(join(paramsIn('once').outDir, 'classifier', 'weights.safetensors'));
    expect(weights.length).toBeGreaterThan(1000);
  });

  it('writes without moving the carried state or any generator', async () => {
    const { tensors, file } = await loadLanguageModel(project.params.pretrainedDir!);
    const parameters = parametersFrom(kernels, tensors);
    const model = new LanguageModel(kernels, file.encoder, parameters);
    const ids = Int32Array.of(2, 11, 12, 13, 14, 15);
    model.evaluateStep({ ids, time: 3, batch: 2, targets: new Int32Array(6) });
    const before = model.readState();
    const text = generateText(model, [2, 10, 11], 1);
    expect(generateText(model, [2, 10, 11], 1)).toEqual(text);
    expect(generateText(model, [2, 10, 11], 2)).not.toEqual(text);
    expect(model.readState()).toEqual(before);
    expect(text.every((id) => id >= 7 && id < file.encoder.vocabulary)).toBe(true);
    model.reset();
    parameters.dispose();
    expect(kernels.liveTensors()).toBe(0);
  });

  it('times a run on a sample whose vocabulary is smaller than that of all texts', async () => {
    const speeds = await measureSpeeds({ train: paramsIn('speed'), vocabulary: 500 }, contextFor(kernels));
    expect(speeds.languageModel).toBeGreaterThan(0);
    expect(speeds.classifier).toBeGreaterThan(0);
    expect(existsSync(paramsIn('speed').runDir)).toBe(false);
    expect(kernels.liveTensors()).toBe(0);
  });
});

describe('samples of held-out texts', () => {
  const labels = { offsets: Int32Array.of(0, 1, 2, 3), labels: Int32Array.of(0, 1, 1) };
  const held = { documents: Int32Array.of(7, 8, 9), labels, labelNames: ['a', 'b'], multiLabel: false };

  it('names rows, labels and probabilities, the greatest loss first', () => {
    const found = heldOutSamples(Float32Array.of(2, 0, 3, 0, 1, 0), held);
    expect(found).toMatchObject({ held: 3, wrong: 2 });
    expect(found.errors.map(({ row }) => row)).toEqual([8, 9]);
    expect(found.samples.map(({ row }) => row)).toEqual([7, 8, 9]);
    expect(found.errors[0]?.actual).toEqual(['b']);
    expect(found.errors[0]?.predicted[0]).toMatchObject({ label: 'a' });
    expect(found.errors[0]?.loss).toBeCloseTo(Math.log(1 + Math.exp(3)), 5);
  });

  it('of several labels calls a text wrong that lacks one or has one too many', () => {
    const several = { offsets: Int32Array.of(0, 2, 2, 3), labels: Int32Array.of(0, 1, 0) };
    const found = heldOutSamples(Float32Array.of(3, 3, -3, -3, 3, 3), { ...held, labels: several, multiLabel: true });
    expect(found.wrong).toBe(1);
    expect(found.errors[0]?.row).toBe(9);
  });
});

describe('readable text', () => {
  it('undoes capitals, repetitions and the blanks before marks', () => {
    const tokens = ['xxbos', 'xxmaj', 'do', "n't", 'xxup', 'stop', 'xxrep', '3', '!', 'xxunk', '(', 'here', ')', '.'];
    expect(readableText(tokens, false)).toBe("Don't STOP!!! … (here).");
  });

  it('joins sub-words', () => {
    expect(readableText(['xxbos', 'xxmaj', '▁un', 'believ', 'able', '▁story', '.'], true)).toBe('Unbelievable story.');
  });
});
