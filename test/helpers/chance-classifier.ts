import type { Kernels } from '../../src/engine/kernels/kernels';
import { Classifier } from '../../src/engine/model/classifier';
import type { ClassifierFile } from '../../src/engine/model/classifier-files';
import { pooledWidth, type EncoderConfig } from '../../src/engine/model/config';
import { freshEncoder, freshHead, parametersFrom } from '../../src/engine/model/initialise';
import { Random } from '../../src/engine/train/random';

/** A text classifier's model.json. @param more what is not usual */
export function chanceFile(
  encoder: EncoderConfig,
  labels: readonly string[],
  more: Partial<ClassifierFile>,
): ClassifierFile {
  const parts = more.head?.pooling?.length ?? 3;
  const widths = [pooledWidth(encoder, parts, more.head?.pooledOutputs ?? 1), 9, labels.length];
  return {
    format: 'thaw-classifier',
    version: 1,
    encoder: { ...encoder },
    labels: [...labels],
    multiLabel: false,
    temperature: 1.3,
    thresholds: null,
    tokenizer: {},
    bptt: 10,
    maxTokens: null,
    backward: false,
    facts: {},
    ...more,
    head: { ...more.head, widths },
  };
}

/** A classifier of weights by chance, large enough that texts differ, with running statistics that are not those of a fresh head. */
export function chanceClassifier(kernels: Kernels, { encoder, head, bptt }: ClassifierFile): Classifier {
  const random = new Random(7);
  const tensors = new Map([...freshEncoder(encoder, random), ...freshHead(head, random)]);
  for (const [name, { data }] of tensors) {
    const factor = name === 'embedding' ? 30 : name.endsWith('linear') ? 6 : 3;
    data.forEach((value, i) => (data[i] = factor * value));
    if (/bias|norm/i.test(name)) data.set(random.uniforms(data.length, 0.7));
  }
  if (head.biases === true) {
    head.widths.slice(1).forEach((width, block) => {
      tensors.set(`head.${block}.bias`, { shape: [width], data: random.uniforms(width, 0.5) });
    });
  }
  const model = new Classifier(kernels, { encoder, head, bptt, maxLength: null }, parametersFrom(kernels, tensors));
  for (const mean of model.statistics.means) mean.set(random.uniforms(mean.length, 0.3));
  for (const variance of model.statistics.variances) {
    variance.set(random.uniforms(variance.length, 0.4).map((x) => 0.5 + x * x));
  }
  return model;
}
