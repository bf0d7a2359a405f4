import { describe, expect, it } from 'vitest';
import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import { Classifier } from '../../../src/engine/model/classifier';
import type { EncoderConfig } from '../../../src/engine/model/config';
import { pooledWidth } from '../../../src/engine/model/config';
import { padDocuments } from '../../../src/engine/model/document-batch';
import { freshEncoder, freshHead, parametersFrom } from '../../../src/engine/model/initialise';
import { Random } from '../../../src/engine/train/random';
import type { FloatTensors } from '../../../src/engine/weights/fastai-names';
import { tensorflowForTests } from '../../helpers/tensorflow';

const config: EncoderConfig = { kind: 'awd-lstm', vocabulary: 9, embedding: 3, hidden: 4, layers: 2, padding: 0 };
const parts = 3;
const classes = 2;
const documents = [[2, 3, 4, 5, 6], [7, 3, 8], [4]];
const reach = { lowestLayer: 0, embedding: true };

describe('a head on several outputs of the encoder', async () => {
  const kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
  const fresh = (outputs: number): FloatTensors => {
    const random = new Random(3);
    // Without a hidden layer there is no kink that a small change could step over; its states are large for the same reason.
    const widths = [pooledWidth(config, parts, outputs), classes];
    const tensors = new Map([...freshEncoder(config, random), ...freshHead({ widths }, random)]);
    tensors.forEach(({ data }, name) => name.startsWith('head') || data.forEach((x, i) => (data[i] = 3 * x)));
    return tensors;
  };
  const classifierOf = (tensors: FloatTensors, outputs: number, bptt: number): Classifier => {
    const head = { widths: [pooledWidth(config, parts, outputs), classes], pooledOutputs: outputs };
    const sizes = { encoder: config, head, bptt, maxLength: null };
    return new Classifier(kernels, sizes, parametersFrom(kernels, tensors));
  };
  /** Σ of fixed weights times the logits. */
  const lossOf = (logits: Float32Array): { loss: number; dLogits: Float32Array } => {
    const dLogits = logits.map((_, i) => Math.sin(i + 1));
    return { loss: logits.reduce((sum, x, i) => sum + x * dLogits[i]!, 0), dLogits };
  };

  it('reads 3 vectors of the embedding for the last layer, then of each layer beneath it, then of the words', () => {
    expect([1, 2, 3].map((outputs) => pooledWidth(config, parts, outputs))).toEqual([9, 21, 30]);
    const tensors = fresh(3);
    const classifiers = [1, 2, 3].map((outputs) => classifierOf(new Map([...tensors, ...fresh(outputs)]), outputs, 2));
    const batch = padDocuments(documents, 2, 0);
    const rows = classifiers.map((classifier) => classifier.pooled(batch));
    [1, 2].forEach((outputs) => {
      const [before, width] = [pooledWidth(config, parts, outputs), pooledWidth(config, parts, outputs + 1)];
      for (let document = 0; document < batch.documents; document++) {
        const more = rows[outputs]!.subarray(document * width, (document + 1) * width);
        expect([...more.subarray(0, before)]).toEqual([
          ...rows[outputs - 1]!.subarray(document * before, (document + 1) * before),
        ]);
      }
    });
    // The third document is word 4 alone: last state, maximum and mean of the words are its embedding.
    const words = rows[2]!.subarray(3 * 30 - 9);
    const embedding = tensors.get('embedding')!.data.subarray(4 * 3, 5 * 3);
    expect([...words]).toEqual([...embedding, ...embedding, ...embedding]);
    classifiers.forEach(({ parameters }) => parameters.dispose());
  });

  it.each([2, 3])('%i outputs: has the gradients that small changes show', (outputs) => {
    // No gradient goes from chunk to chunk, so the whole batch is one.
    const bptt = 10;
    const batch = padDocuments(documents, bptt, 0);
    const tensors = fresh(outputs);
    const lossAt = (changed: FloatTensors): number => {
      const classifier = classifierOf(changed, outputs, bptt);
      const { loss, gradients } = classifier.trainStep(batch, { encoder: null, head: [null, null] }, reach, lossOf);
      kernels.dispose(...gradients.values());
      classifier.parameters.dispose();
      return loss;
    };
    const classifier = classifierOf(tensors, outputs, bptt);
    const { gradients } = classifier.trainStep(batch, { encoder: null, head: [null, null] }, reach, lossOf);
    const found = new Map([...gradients].map(([name, gradient]) => [name, kernels.read(gradient)]));
    kernels.dispose(...gradients.values());
    classifier.parameters.dispose();
    const step = 1e-3;
    let largest = 0;
    for (const name of ['embedding', 'rnns.0.input', 'rnns.0.recurrent', 'rnns.1.input']) {
      const own = tensors.get(name);
      expect(own, `${name} of ${[...tensors.keys()].join()}`).toBeDefined();
      for (let i = 0; i < own!.data.length; i += 5) {
        const moved = (by: number): FloatTensors => {
          const data = own!.data.slice();
          data[i]! += by;
          return new Map([...tensors, [name, { shape: own!.shape, data }]]);
        };
        const slope = (lossAt(moved(step)) - lossAt(moved(-step))) / (2 * step);
        const gradient = found.get(name)![i]!;
        largest = Math.max(largest, Math.abs(gradient));
        expect(Math.abs(gradient - slope), `${name}[${i}]: ${gradient} and ${slope}`).toBeLessThan(
          0.02 + 0.05 * Math.abs(slope),
        );
      }
    }
    expect(largest).toBeGreaterThan(0.1);
    expect(kernels.liveTensors()).toBe(0);
  });
});
