import type { FloatTensor, FloatTensors } from './fastai-names';
import type { PutTensor } from './fastai-encoder';
import { modelFormatError } from './file-error';

/** Names of a classifier's head in fastai 2 (`PoolingLinearClassifier`); fastai 1 has no second number. */
const HEAD = /^1\.layers\.(\d+)\.(?:(\d+)\.)?(weight|bias|running_mean|running_var|num_batches_tracked)$/;

/** Whether a tensor belongs to a classifier's head. */
export function isHead(name: string): boolean {
  return HEAD.test(name);
}

/**
 * Takes over a classifier's head under the names that Thaw keeps: block b has `1.layers.b.0` (batch norm) and
 * `1.layers.b.1.weight` (linear), wherever a dropout between them has shifted the linear layer's number.
 * @returns the widths: pooled, hidden, classes
 * @throws AppError `model-format`
 */
export function putHead(put: PutTensor, head: FloatTensors, embedding: number, file: string): number[] {
  if ([...head.keys()].some((name) => HEAD.exec(name)?.[2] === undefined)) {
    throw modelFormatError(
      file,
      'has the head of a fastai 1 classifier, whose linear layers have biases that Thaw does not; only classifiers of fastai 2 are read. Its encoder alone can be imported.',
    );
  }
  const blocks = 1 + Math.max(...[...head.keys()].map((name) => Number(HEAD.exec(name)?.[1])));
  const widths = [3 * embedding];
  for (let block = 0; block < blocks; block++) {
    const inputs = widths[block] ?? 0;
    const linear = linearOf(head, block);
    const outputs = linear?.shape[0] ?? 0;
    for (const name of ['weight', 'bias', 'running_mean', 'running_var']) {
      put(`1.layers.${block}.0.${name}`, head.get(`1.layers.${block}.0.${name}`), [inputs]);
    }
    put(`1.layers.${block}.1.weight`, linear, [outputs, inputs]);
    widths.push(outputs);
  }
  return widths;
}

function linearOf(head: FloatTensors, block: number): FloatTensor | undefined {
  for (const [name, tensor] of head) {
    const [, own, place, what] = HEAD.exec(name) ?? [];
    if (Number(own) === block && place !== '0' && what === 'weight') return tensor;
  }
  return undefined;
}
