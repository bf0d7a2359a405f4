import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Kernels, Shape } from '../../src/engine/kernels/kernels';
import { sizeOf } from '../../src/engine/kernels/kernels';
import { Classifier } from '../../src/engine/model/classifier';
import type { ClassifierFile } from '../../src/engine/model/classifier-files';
import { loadClassifier, saveClassifier } from '../../src/engine/model/classifier-files';
import type { DropoutRates, EncoderConfig } from '../../src/engine/model/config';
import { padDocuments } from '../../src/engine/model/document-batch';
import { freshEncoder, freshHead, freshLanguageModel, parametersFrom } from '../../src/engine/model/initialise';
import { LanguageModel } from '../../src/engine/model/language-model';
import { loadLanguageModel, saveLanguageModel } from '../../src/engine/model/language-model-files';
import { drawMasks } from '../../src/engine/model/masks';
import type { Gradients, Parameters } from '../../src/engine/model/parameters';
import { readParameters } from '../../src/engine/train/checkpoint';
import { crossEntropy } from '../../src/engine/train/losses';
import { Random } from '../../src/engine/train/random';
import { referenceEncoder } from './reference-encoder';

const sizes = { vocabulary: 13, embedding: 6, hidden: 8, layers: 2, padding: 1 } as const;
const rates: DropoutRates = { embed: 0.2, input: 0.2, weight: 0.2, hidden: 0.2, output: 0.2, zoneOut: 0.2 };
const oneWay: readonly EncoderConfig[] = [
  { kind: 'awd-lstm', ...sizes },
  { kind: 'gru', ...sizes },
  { kind: 'qrnn', ...sizes },
  { kind: 'qrnn', ...sizes, qrnn: { window: 1, outputGate: false } },
];
const named = (configs: readonly EncoderConfig[]) => configs.map((config) => [nameOf(config), config] as const);
const bothWays = oneWay.map((config) => ({ ...config, bidirectional: true }));

/** The one set of tests of encoders, for whichever kernels a test file brings. */
export function describeEncoders(which: string, makeKernels: () => Promise<Kernels>): void {
  describe(`encoders on ${which}`, { timeout: 300_000 }, async () => {
    const k = await makeKernels();
    describe.each(named(oneWay))('language model of %s', (_, config) => languageModelTests(k, config));
    describe.each(named([...oneWay, ...bothWays]))('classifier of %s', (_, config) => classifierTests(k, config));

    it('refuses a bidirectional language model, and odd widths of a bidirectional encoder', () => {
      const config = bothWays[0]!;
      const parameters = parametersFrom(k, freshEncoder(config, new Random(1)));
      expect(() => new LanguageModel(k, config, parameters)).toThrow(/cannot be bidirectional/);
      parameters.dispose();
      expect(() => freshEncoder({ ...config, hidden: 7 }, new Random(1))).toThrow(/Layer 1 .* 7 wide/);
    });

    it('leaves no tensor behind', () => {
      expect(k.liveTensors()).toBe(0);
    });
  });
}

function languageModelTests(k: Kernels, config: EncoderConfig): void {
  const [time, batch] = [5, 3];
  const random = new Random(11);
  const draw = (): Int32Array => Int32Array.from({ length: time * batch }, () => 2 + random.below(11));
  const [first, second] = [
    { ids: draw(), targets: draw(), time, batch },
    { ids: draw(), targets: draw(), time, batch },
  ];
  const make = (): LanguageModel =>
    new LanguageModel(k, config, parametersFrom(k, lively(freshLanguageModel(config, new Random(4)))));

  it('has gradients that agree with finite differences, with all dropouts, AR and TAR, from a carried state', () => {
    const model = make();
    model.evaluateStep(first);
    const carried = model.readState();
    const step = (): { loss: number; gradients: Gradients } => {
      model.writeState(carried);
      const generator = new Random(5);
      const { loss, gradients } = k.scope(() => {
        const masks = drawMasks(k, config, rates, batch, () => generator.seedPair());
        return model.trainStep(second, masks, { alpha: 2, beta: 1 });
      });
      return { loss: loss.crossEntropy + loss.ar + loss.tar, gradients };
    };
    expectGradients(k, model.parameters, step);
    model.reset();
    model.parameters.dispose();
  });

  it('has the gradients of label smoothing: a share of each target goes to all words', () => {
    const model = make();
    const smoothing = 0.3;
    const step = (): { loss: number; gradients: Gradients } => {
      model.reset();
      const logits = model.outputs(second).logits;
      const { loss, gradients } = model.trainStep(second, null, { alpha: 0, beta: 0 }, undefined, smoothing);
      const n = second.targets.length;
      let extra = 0;
      second.targets.forEach((y, i) => {
        const row = logits.subarray(i * sizes.vocabulary, (i + 1) * sizes.vocabulary);
        extra += row[y]! - row.reduce((sum, z) => sum + z, 0) / sizes.vocabulary;
      });
      return { loss: loss.crossEntropy + (smoothing * extra) / n, gradients };
    };
    expectGradients(k, model.parameters, step);
    model.reset();
    model.parameters.dispose();
  });

  it('equals the layers written out, over two windows with the state carried', () => {
    const model = make();
    const reference = referenceEncoder(config, readParameters(model.parameters));
    for (const window of [first, second]) {
      const expected = reference.run(window.ids, time, batch);
      const { encoderOutput } = model.outputs(window);
      model.evaluateStep(window);
      expectClose(encoderOutput, expected, 2e-5);
    }
    model.reset();
    model.parameters.dispose();
  });

  it('forgets the rows that it is told to, and no others', () => {
    const model = make();
    model.evaluateStep(first);
    model.forgetRows(Float32Array.of(1, 0, 1));
    for (const { data, shape } of model.readState()) {
      const width = shape[1]!;
      expect(data.slice(width, 2 * width).every((value) => value === 0)).toBe(true);
      expect(data.slice(0, width).some((value) => value !== 0)).toBe(true);
      expect(data.slice(2 * width).some((value) => value !== 0)).toBe(true);
    }
    model.reset();
    model.parameters.dispose();
  });

  it('goes on from a saved state as if it had not stopped', () => {
    const [model, other] = [make(), make()];
    model.evaluateStep(first);
    other.writeState(model.readState());
    expect(other.outputs(second)).toEqual(model.outputs(second));
    for (const each of [model, other]) {
      each.reset();
      each.parameters.dispose();
    }
  });

  it('is the same after it was saved and loaded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'thaw-encoder-'));
    const tensors = lively(freshLanguageModel(config, new Random(4)));
    const itos = Array.from({ length: config.vocabulary }, (_, i) => `w${i}`);
    const file = {
      format: 'thaw-language-model',
      version: 1,
      name: 'x',
      encoder: config,
      backward: false,
      tokenizer: {},
      facts: {},
    } as const;
    await saveLanguageModel(folder, file, tensors, itos, 'F32');
    const loaded = await loadLanguageModel(folder);
    await rm(folder, { recursive: true });
    expect(loaded.config).toEqual(config);
    expect([...loaded.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, { data }] of tensors) expect(loaded.tensors.get(name)!.data, name).toEqual(data);
  });
}

function classifierTests(k: Kernels, config: EncoderConfig): void {
  const documents = [[2, 3, 4, 5, 6, 7, 8], [9, 10, 11, 12, 3], [5, 4, 3, 2], [7, 7], [12, 2], [8]];
  const labels = Int32Array.of(0, 1, 1, 0, 0, 1);
  const batch = padDocuments(documents, 8, config.padding);
  const make = (bptt = 8): Classifier => {
    // Without maxima and ReLU there is no kink that a finite difference could fall on.
    const head = { widths: [2 * config.embedding, 2], pooling: ['last', 'mean'] as const };
    const tensors = new Map([...lively(freshEncoder(config, new Random(6))), ...freshHead(head, new Random(7))]);
    return new Classifier(k, { encoder: config, head, bptt, maxLength: null }, parametersFrom(k, tensors));
  };

  it('has gradients that agree with finite differences, with all dropouts and padding', () => {
    const model = make();
    const step = (): { loss: number; gradients: Gradients } => {
      const generator = new Random(8);
      return k.scope(() => {
        const encoder = drawMasks(k, config, { ...rates, output: 0 }, documents.length, () => generator.seedPair());
        const lossOf = (logits: Float32Array) => crossEntropy(logits, labels, 2);
        return model.trainStep(batch, { encoder, head: [null] }, { lowestLayer: 0, embedding: true }, lossOf);
      });
    };
    expectGradients(k, model.parameters, step);
    model.parameters.dispose();
  });

  it('gives a document the same vector alone and beside longer ones, in chunks', () => {
    const model = make(3);
    const together = model.pooled(padDocuments(documents, 3, config.padding));
    documents.forEach((document, i) => {
      const alone = model.pooled(padDocuments([document], 3, config.padding));
      expectClose(together.subarray(i * alone.length, (i + 1) * alone.length), alone, 1e-5);
    });
    model.parameters.dispose();
  });

  it('learns only the layers within reach', () => {
    const model = make();
    const lossOf = (logits: Float32Array) => crossEntropy(logits, labels, 2);
    const { gradients } = model.trainStep(
      batch,
      { encoder: null, head: [null] },
      { lowestLayer: 1, embedding: false },
      lossOf,
    );
    const names = [...gradients.keys()];
    expect(names.some((name) => name.startsWith('rnns.1.'))).toBe(true);
    expect(names.some((name) => name.startsWith('rnns.0.') || name === 'embedding')).toBe(false);
    for (const gradient of gradients.values()) k.dispose(gradient);
    model.parameters.dispose();
  });

  it('says the same after it was saved and loaded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'thaw-encoder-'));
    const model = make();
    const itos = Array.from({ length: config.vocabulary }, (_, i) => `w${i}`);
    await saveClassifier(folder, classifierFile(config, model), model, itos);
    const loaded = await loadClassifier(k, folder);
    await rm(folder, { recursive: true });
    expect(loaded.classifier.logits(batch)).toEqual(model.logits(batch));
    loaded.classifier.parameters.dispose();
    model.parameters.dispose();
  });
}

function classifierFile(config: EncoderConfig, model: Classifier): ClassifierFile {
  return {
    format: 'thaw-classifier',
    version: 1,
    encoder: config,
    head: { widths: [...model.head.widths], pooling: ['last', 'mean'] },
    labels: ['a', 'b'],
    multiLabel: false,
    temperature: 1,
    thresholds: null,
    tokenizer: {},
    bptt: 8,
    maxTokens: null,
    backward: false,
    facts: {},
  };
}

/** Weights with biases that are not 0 and an embedding of some size, so that every term of a gradient matters. */
function lively<T extends Map<string, { shape: Shape; data: Float32Array }>>(tensors: T): T {
  const random = new Random(99);
  for (const [name, { data }] of tensors) {
    if (name === 'embedding') data.forEach((value, i) => (data[i] = 8 * value));
    if (/bias/i.test(name)) data.set(random.uniforms(data.length, 0.5));
  }
  return tensors;
}

/**
 * Holds the gradient of each parameter against the loss a little to both sides, along a random direction.
 * Single precision leaves about three digits.
 */
function expectGradients(k: Kernels, parameters: Parameters, step: () => { loss: number; gradients: Gradients }): void {
  const { gradients } = step();
  const lossOnly = (): number => {
    const { loss, gradients: unused } = step();
    for (const gradient of unused.values()) k.dispose(gradient);
    return loss;
  };
  const random = new Random(21);
  for (const name of parameters.names()) {
    const before = parameters.read(name);
    const gradient = k.read(gradients.get(name)!);
    const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest, `${name} has a gradient`).toBeGreaterThan(0);
    // Towards the gradient's signs half of the time, so that the slope is far above the noise.
    const direction = gradient.map((g) => (random.uniform() < 0.5 ? Math.sign(g) : 2 * random.uniform() - 1));
    const slope = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0);
    const width = 4e-3 / Math.max(1, Math.sqrt(sizeOf(parameters.shape(name)) / 50));
    const shifted = (by: number): number => {
      parameters.write(
        name,
        before.map((value, i) => value + by * direction[i]!),
      );
      return lossOnly();
    };
    const measured = (shifted(width) - shifted(-width)) / (2 * width);
    parameters.write(name, before);
    expect(Math.abs(measured - slope), `${name}: ${measured} for ${slope}`).toBeLessThan(0.01 * Math.abs(slope) + 1e-3);
  }
  for (const gradient of gradients.values()) k.dispose(gradient);
}

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < got.length; i++) worst = Math.max(worst, Math.abs(got[i]! - expected[i]!));
  expect(worst).toBeLessThan(tolerance);
}

function nameOf({ kind, bidirectional, qrnn }: EncoderConfig): string {
  return `${kind}${qrnn ? ` (window ${qrnn.window}, ${qrnn.outputGate ? 'fo' : 'f'})` : ''}${bidirectional ? ', both ways' : ''}`;
}
