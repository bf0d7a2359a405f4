import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputGradient } from '../../../src/engine/inspect/input-gradient';
import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { probabilitiesAt } from '../../../src/engine/evaluate/temperature';
import { Classifier } from '../../../src/engine/model/classifier';
import type { EncoderConfig } from '../../../src/engine/model/config';
import { padDocuments } from '../../../src/engine/model/document-batch';
import { freshEncoder, freshHead, parametersFrom } from '../../../src/engine/model/initialise';
import { Random } from '../../../src/engine/train/random';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import { tensorflowForTests } from '../../helpers/tensorflow';

const sizes = { vocabulary: 13, embedding: 6, hidden: 8, layers: 2, padding: 1 } as const;
const configs: readonly EncoderConfig[] = [
  { kind: 'awd-lstm', ...sizes },
  { kind: 'gru', ...sizes },
  { kind: 'qrnn', ...sizes },
  { kind: 'awd-lstm', ...sizes, bidirectional: true },
];
// Every token once, so that turning the row of the embedding turns that token and no other.
const document = [2, 7, 4, 11, 5, 9, 3, 12];

let k: Kernels;
beforeAll(async () => {
  const { binding, tf } = await tensorflowForTests();
  k = binding ? new NativeKernels(binding, null) : new PortableKernels(tf);
});
afterAll(() => expect(k.liveTensors()).toBe(0));

/** A classifier with weights far from nought and running statistics as of a trained one. */
function make(config: EncoderConfig, scaled: ReadonlyMap<number, number>, maxLength: number | null): Classifier {
  // Without maxima and ReLU there is no kink that a finite difference could fall on.
  const head = { widths: [2 * config.embedding, 3], pooling: ['last', 'mean'] as const };
  const tensors = new Map([...freshEncoder(config, new Random(6)), ...freshHead(head, new Random(7))]);
  for (const [name, tensor] of tensors) {
    const random = new Random(name.length);
    tensors.set(name, { ...tensor, data: tensor.data.map((x) => x + 2.4 * (random.uniform() - 0.5)) });
  }
  const embedding = tensors.get('embedding')!;
  for (const [token, factor] of scaled) {
    for (let j = 0; j < config.embedding; j++) embedding.data[token * config.embedding + j]! *= factor;
  }
  const classifier = new Classifier(k, { encoder: config, head, bptt: 3, maxLength }, parametersFrom(k, tensors));
  classifier.statistics.means.forEach((mean) => mean.forEach((_, j) => (mean[j] = 0.1 * Math.sin(j))));
  classifier.statistics.variances.forEach((variance) =>
    variance.forEach((_, j) => (variance[j] = 0.5 + 0.3 * Math.cos(j) ** 2)),
  );
  return classifier;
}

function logOdds(
  config: EncoderConfig,
  scaled: ReadonlyMap<number, number>,
  target: number,
  multiLabel: boolean,
): number {
  const classifier = make(config, scaled, null);
  const logits = classifier.logits(padDocuments([document], 3, config.padding));
  classifier.parameters.dispose();
  const p = probabilitiesAt(logits, 3, 1.7, { multiLabel })[target]!;
  return Math.log(p / (1 - p));
}

describe.each(configs.map((config) => [`${config.kind}${config.bidirectional ? ', both ways' : ''}`, config] as const))(
  'gradient times input of %s',
  (_, config) => {
    it.each([false, true])(
      'is what the log odds change by when a word is made a little stronger (several labels: %s)',
      (multiLabel) => {
        const classifier = make(config, new Map(), null);
        const options = { multiLabel, temperature: 1.7, padding: config.padding, target: 1 };
        const { contributions, target, probabilities } = inputGradient(k, classifier, document, options);
        classifier.parameters.dispose();
        expect(target).toBe(1);
        expect(contributions).toHaveLength(document.length);
        // The same answer as in chunks: the whole document is only read at once for the gradient.
        const p = probabilities[1]!;
        expect(Math.log(p / (1 - p))).toBeCloseTo(logOdds(config, new Map(), 1, multiLabel), 4);
        // In chunks nothing flows from one to the one before, which only the bidirectional model is read in.
        if (config.bidirectional) return;
        const step = 1e-2;
        document.forEach((token, i) => {
          const up = logOdds(config, new Map([[token, 1 + step]]), 1, multiLabel);
          const down = logOdds(config, new Map([[token, 1 - step]]), 1, multiLabel);
          const slope = (up - down) / (2 * step);
          expect(Math.abs(contributions[i]! - slope), `token ${String(i)}`).toBeLessThan(1e-3 + 0.02 * Math.abs(slope));
        });
        expect(Math.max(...contributions.map(Math.abs))).toBeGreaterThan(0.02);
      },
    );
  },
);

describe('the explained class', () => {
  it('is the most probable one where none is named', () => {
    const classifier = make(configs[0]!, new Map(), null);
    const found = inputGradient(k, classifier, document, {
      multiLabel: false,
      temperature: 1,
      padding: 1,
      target: null,
    });
    classifier.parameters.dispose();
    expect(found.probabilities[found.target]).toBe(Math.max(...found.probabilities));
  });

  it('is explained by the end of a text alone where only that is pooled', () => {
    const classifier = make(configs[0]!, new Map(), 3);
    const found = inputGradient(k, classifier, document, { multiLabel: false, temperature: 1, padding: 1, target: 0 });
    const whole = classifier.logits(padDocuments([document], 3, 1));
    classifier.parameters.dispose();
    const expected = probabilitiesAt(whole, 3, 1, { multiLabel: false });
    // The same sums in another order, where chunks have other sizes: equal to the last bit on some processors only.
    found.probabilities.forEach((probability, i) => expect(probability).toBeCloseTo(expected[i] ?? NaN, 6));
    expect(found.contributions.subarray(0, 3).every((value) => value === 0)).toBe(true);
    expect(found.contributions.subarray(6).some((value) => value !== 0)).toBe(true);
  });
});
