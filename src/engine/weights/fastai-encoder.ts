import type { FloatTensor, FloatTensors } from './fastai-names';
import { modelFormatError } from './file-error';
import { elementCount } from './stored-tensor';

/** Sizes of an encoder in fastai's files. */
export interface ImportedConfig {
  readonly kind: 'awd-lstm' | 'qrnn';
  readonly vocab: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
  readonly qrnn?: { readonly window: 1 | 2; readonly outputGate: boolean };
}

/** Takes a tensor over once its shape and its numbers are checked. */
export type PutTensor = (name: string, tensor: FloatTensor | undefined, shape: readonly number[]) => void;

/** Collects tensors. @throws (when called) AppError `model-format` where one is missing, of another shape, or not finite */
export function putInto(whole: FloatTensors, file: string): PutTensor {
  return (name, tensor, shape) => {
    if (tensor === undefined) throw modelFormatError(file, `has no tensor '${name}'.`);
    if (tensor.shape.join() !== shape.join() || tensor.data.length !== elementCount(shape)) {
      throw modelFormatError(
        file,
        `tensor '${name}' should have shape [${shape.join(', ')}], got [${tensor.shape.join(', ')}].`,
      );
    }
    if (!tensor.data.every(Number.isFinite))
      throw modelFormatError(file, `tensor '${name}' holds numbers that are not finite.`);
    whole.set(name, tensor);
  };
}

/** The sizes that an encoder's tensors (under fastai 2's names) tell. @throws AppError `model-format` */
export function encoderConfig(tensors: FloatTensors, file: string): ImportedConfig {
  const embedding = tensors.get('0.encoder.weight');
  const names = [...tensors.keys()];
  if (embedding?.shape.length !== 2) {
    throw modelFormatError(file, "expected a matrix '0.encoder.weight' with one row a word.");
  }
  const layerOf = (name: string): number => Number(/^0\.rnns\.(\d+)\./.exec(name)?.[1] ?? -1);
  const layers = Math.max(-1, ...names.map(layerOf)) + 1;
  const [vocab = 0, width = 0] = embedding.shape;
  if (names.some((name) => /_reverse$|\.layers_bwd\./.test(name))) {
    throw modelFormatError(file, 'is an encoder that reads both ways at once; only those of one direction are read.');
  }
  const isQrnn = names.some((name) => /^0\.rnns\.\d+\.(layers\.\d+\.)?linear\./.test(name));
  const hidden = layers > 1 ? (hiddenOf(tensors, isQrnn) ?? 0) : width;
  if (layers < 1 || layers > 64 || vocab < 1 || width < 1 || hidden < 1) {
    throw modelFormatError(
      file,
      `expected an AWD-LSTM or a QRNN, got ${layers} layers on an embedding of ${vocab} × ${width}.`,
    );
  }
  const sizes = { vocab, embedding: width, hidden, layers };
  if (!isQrnn) return { kind: 'awd-lstm', ...sizes };
  return { kind: 'qrnn', ...sizes, qrnn: qrnnChoices(tensors, { width, hidden, layers }, file) };
}

/** Takes over an encoder's tensors: embedding and layers. */
export function putEncoder(put: PutTensor, named: FloatTensors, config: ImportedConfig): void {
  const { vocab, embedding, hidden, layers } = config;
  const words = named.get('0.encoder.weight');
  put('0.encoder.weight', words, [vocab, embedding]);
  put('0.encoder_dp.emb.weight', named.get('0.encoder_dp.emb.weight') ?? words, [vocab, embedding]);
  for (let layer = 0; layer < layers; layer++) {
    const inputs = layer === 0 ? embedding : hidden;
    const outputs = layer === layers - 1 ? embedding : hidden;
    const base = `0.rnns.${layer}`;
    if (config.kind === 'qrnn') {
      const { window, outputGate } = config.qrnn ?? { window: 2, outputGate: true };
      const rows = (outputGate ? 3 : 2) * outputs;
      const columns = (layer === 0 ? window : 1) * inputs;
      put(`${base}.layers.0.linear.weight_raw`, linearOf(named, layer, 'weight'), [rows, columns]);
      put(`${base}.layers.0.linear.module.bias`, linearOf(named, layer, 'bias'), [rows]);
      continue;
    }
    put(`${base}.weight_hh_l0_raw`, recurrentOf(named, layer), [4 * outputs, outputs]);
    put(`${base}.module.weight_ih_l0`, named.get(`${base}.module.weight_ih_l0`), [4 * outputs, inputs]);
    put(`${base}.module.bias_ih_l0`, named.get(`${base}.module.bias_ih_l0`), [4 * outputs]);
    put(`${base}.module.bias_hh_l0`, named.get(`${base}.module.bias_hh_l0`), [4 * outputs]);
  }
}

/** Of a weight that is dropped fastai saves the raw one, and fastai 1 also the one with the dropout of the last batch. */
function recurrentOf(tensors: FloatTensors, layer: number): FloatTensor | undefined {
  return tensors.get(`0.rnns.${layer}.weight_hh_l0_raw`) ?? tensors.get(`0.rnns.${layer}.module.weight_hh_l0`);
}

function linearOf(tensors: FloatTensors, layer: number, what: 'weight' | 'bias'): FloatTensor | undefined {
  const names = what === 'weight' ? ['weight_raw', 'module.weight', 'weight'] : ['module.bias', 'bias'];
  for (const base of [`0.rnns.${layer}.layers.0.linear.`, `0.rnns.${layer}.linear.`]) {
    for (const name of names) if (tensors.has(base + name)) return tensors.get(base + name);
  }
  return undefined;
}

/** Width of the layers but the last: of an LSTM what the first remembers, of a QRNN what the second is given. */
function hiddenOf(tensors: FloatTensors, isQrnn: boolean): number | undefined {
  return isQrnn ? linearOf(tensors, 1, 'weight')?.shape[1] : recurrentOf(tensors, 0)?.shape[1];
}

function qrnnChoices(
  tensors: FloatTensors,
  { width, hidden, layers }: { readonly width: number; readonly hidden: number; readonly layers: number },
  file: string,
): { window: 1 | 2; outputGate: boolean } {
  const [rows = 0, columns = 0] = linearOf(tensors, 0, 'weight')?.shape ?? [];
  const outputs = layers === 1 ? width : hidden;
  const [gates, window] = [rows / outputs, columns / width];
  if ((gates !== 2 && gates !== 3) || (window !== 1 && window !== 2)) {
    throw modelFormatError(
      file,
      `expected a QRNN with a window of 1 or 2 and two or three gates, got a matrix of ${rows} × ${columns} for ${outputs} cells on ${width} inputs.`,
    );
  }
  return { window, outputGate: gates === 3 };
}
