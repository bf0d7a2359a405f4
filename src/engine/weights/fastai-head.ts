import type { FloatTensor, FloatTensors } from './fastai-names';
import type { PutTensor } from './fastai-encoder';
import { modelFormatError } from './file-error';

/** Names of a classifier's head in fastai 2 (`PoolingLinearClassifier`); fastai 1 has no second number. */
const HEAD = /^1\.layers\.(\d+)\.(?:(\d+)\.)?(weight|bias|running_mean|running_var|num_batches_tracked)$/;

/** Whether a tensor belongs to a classifier's head. */
export function isHead(name: string): boolean {
  return HEAD.test(name);
}

/** The sizes of a head. */
export interface ImportedHead {
  /** Pooled, hidden, classes. */
  readonly widths: number[];
  /** The linear layers have biases. */
  readonly biases: boolean;
}

/** One block: batch norm, then a linear layer; by what of it. */
interface Block {
  readonly norm: ReadonlyMap<string, FloatTensor>;
  readonly linear: ReadonlyMap<string, FloatTensor>;
}

/**
 * Takes over a classifier's head under the names that Thaw keeps: block b has `1.layers.b.0` (batch norm) and
 * `1.layers.b.1` (linear; a bias only where the head has some). fastai 2 shifts the linear layer's number where there is
 * a dropout before it; fastai 1 numbers all layers of all blocks in a row and gives its linear layers biases.
 * @throws AppError `model-format`
 */
export function putHead(put: PutTensor, head: FloatTensors, embedding: number, file: string): ImportedHead {
  const blocks = blocksOf(head);
  const biases = blocks.some(({ linear }) => linear.has('bias'));
  const widths = [3 * embedding];
  blocks.forEach(({ norm, linear }, block) => {
    const inputs = widths[block] ?? 0;
    const [outputs = 0] = linear.get('weight')?.shape ?? [];
    for (const name of ['weight', 'bias', 'running_mean', 'running_var']) {
      put(`1.layers.${block}.0.${name}`, norm.get(name), [inputs]);
    }
    put(`1.layers.${block}.1.weight`, linear.get('weight'), [outputs, inputs]);
    if (biases) {
      const none = { shape: [outputs], data: new Float32Array(outputs) };
      put(`1.layers.${block}.1.bias`, linear.get('bias') ?? none, [outputs]);
    }
    widths.push(outputs);
  });
  if (blocks.length === 0) throw modelFormatError(file, 'has a head without a linear layer.');
  return { widths, biases };
}

/** The layers in their order, parted into blocks: a batch norm has running statistics, a linear layer is a matrix. */
function blocksOf(head: FloatTensors): Block[] {
  const layers = new Map<string, Map<string, FloatTensor>>();
  const order = (key: string): number[] => key.split('.').map(Number);
  for (const [name, tensor] of head) {
    const [, first = '', second, what = ''] = HEAD.exec(name) ?? [];
    const key = second === undefined ? first : `${first}.${second}`;
    layers.set(key, (layers.get(key) ?? new Map<string, FloatTensor>()).set(what, tensor));
  }
  const sorted = [...layers.entries()].sort(([a], [b]) => compare(order(a), order(b))).map(([, layer]) => layer);
  const blocks: Block[] = [];
  let norm: ReadonlyMap<string, FloatTensor> = new Map();
  for (const layer of sorted) {
    if (layer.get('weight')?.shape.length === 2) {
      blocks.push({ norm, linear: layer });
      norm = new Map();
    } else norm = layer;
  }
  return blocks;
}

function compare(a: readonly number[], b: readonly number[]): number {
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}
