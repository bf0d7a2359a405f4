import type { Kernels } from '../kernels/kernels';
import type { DocumentBatch } from '../model/document-batch';
import { Classifier } from '../model/classifier';
import { transposed } from '../model/classifier-files';
import { Parameters } from '../model/parameters';
import { crossEntropy } from '../train/losses';
import { encoderFromFastai } from '../weights/encoder-names';
import { compareGradients } from './gradient-parity';
import type { Difference, ParityCase } from './parity-case';
import { compare, encoderConfigOf, floats, integers, size, timeMajor, under } from './parity-case';

/** `classifier-maxlen-*`: padded and chunked documents; logits of evaluation and training, loss, every gradient. */
export function checkClassifier(k: Kernels, parityCase: ParityCase): Difference[] {
  const model = classifierOf(k, parityCase);
  const batch = batchOf(parityCase);
  const labels = integers(parityCase, 'y').data;
  const given = copyStatistics(model);
  const blocks = model.head.widths.length - 1;
  const { loss, logits, gradients } = model.trainStep(
    batch,
    { encoder: null, head: new Array<null>(blocks).fill(null) },
    { lowestLayer: 0, embedding: true },
    (values) => crossEntropy(values, labels, size(parityCase, 'n_classes')),
  );
  if (batchesTracked(parityCase) === 1) undoUpdate(model, given);
  const differences = [compare('eval.logits', model.logits(batch), floats(parityCase, 'eval.logits').data)];
  differences.push(compare('train.logits', logits, floats(parityCase, 'train.logits').data));
  differences.push(compare('train.loss', [loss], floats(parityCase, 'train.loss').data));
  differences.push(...compareGradients(k, parityCase, 'train.grad.', '0.module.', model.config, gradients));
  model.parameters.dispose();
  return differences;
}

function classifierOf(k: Kernels, parityCase: ParityCase): Classifier {
  const encoder = encoderConfigOf(parityCase);
  const widths = [3 * encoder.embedding, ...(parityCase.sizes['lin_ftrs'] as number[]), size(parityCase, 'n_classes')];
  const given = under(parityCase, 'param.');
  const parameters = new Parameters(k);
  for (const [name, { data, shape }] of encoderFromFastai(given, '0.module.', encoder))
    parameters.add(name, data, shape);
  const maxLength = parityCase.sizes['max_len'];
  const model = new Classifier(
    k,
    {
      encoder,
      head: { widths },
      bptt: size(parityCase, 'bptt'),
      maxLength: typeof maxLength === 'number' ? maxLength : null,
    },
    parameters,
  );
  for (let block = 0; block < widths.length - 1; block++) {
    const [inputs, outputs] = [widths[block]!, widths[block + 1]!];
    const of = (name: string): Float32Array => given.get(`1.layers.${block}.${name}`)!.data;
    parameters.add(`head.${block}.norm.weight`, of('0.weight'), [inputs]);
    parameters.add(`head.${block}.norm.bias`, of('0.bias'), [inputs]);
    parameters.add(`head.${block}.linear`, transposed(of('1.weight'), outputs, inputs), [inputs, outputs]);
    model.statistics.means[block] = of('0.running_mean');
    model.statistics.variances[block] = of('0.running_var');
  }
  return model;
}

/** The padded matrix of the case, with each document's place read off its padding. */
function batchOf(parityCase: ParityCase): DocumentBatch {
  const { shape, data } = integers(parityCase, 'x');
  const [documents, time] = shape as [number, number];
  const padding = size(parityCase, 'pad');
  const begin = new Int32Array(documents);
  const end = new Int32Array(documents);
  for (let d = 0; d < documents; d++) {
    const row = data.subarray(d * time, (d + 1) * time);
    begin[d] = row.findIndex((id) => id !== padding);
    end[d] = row.findLastIndex((id) => id !== padding) + 1;
  }
  return { documents, time, ids: timeMajor(data, documents, time), begin, end };
}

interface Statistics {
  readonly means: Float32Array[];
  readonly variances: Float32Array[];
}

function copyStatistics(model: Classifier): Statistics {
  const { means, variances } = model.statistics;
  return { means: means.map((x) => x.slice()), variances: variances.map((x) => x.slice()) };
}

/** How many training batches the saved running statistics have seen. */
function batchesTracked(parityCase: ParityCase): number {
  const tensor = parityCase.tensors.get('param.1.layers.0.0.num_batches_tracked');
  return tensor ? Number(tensor.data[0]) : 0;
}

/**
 * torch's state dict shares its memory with the model, so a case saved after its training pass holds running
 * statistics that this pass has moved already, while its evaluation logits were made before. Our own training pass has
 * just added the same batch once more: after = 0.9 · saved + 0.1 · batch, hence before = (saved − 0.1 · batch) / 0.9.
 */
function undoUpdate(model: Classifier, saved: Statistics): void {
  const before = (own: Float32Array, after: Float32Array): Float32Array =>
    own.map((value, j) => (value - (after[j]! - 0.9 * value)) / 0.9);
  saved.means.forEach((mean, block) => {
    model.statistics.means[block] = before(mean, model.statistics.means[block]!);
    model.statistics.variances[block] = before(saved.variances[block]!, model.statistics.variances[block]!);
  });
}
