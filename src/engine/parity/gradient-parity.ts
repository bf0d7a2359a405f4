import type { Kernels } from '../kernels/kernels';
import { transposed } from '../model/classifier-files';
import type { EncoderConfig } from '../model/config';
import type { Gradients } from '../model/parameters';
import type { FloatTensors } from '../weights/fastai-names';
import { encoderToFastai } from '../weights/encoder-names';
import type { Difference, ParityCase } from './parity-case';
import { compare, under } from './parity-case';

/**
 * Holds every gradient of a case against ours, after taking ours to torch's names and layout; frees ours.
 * @param prefix of the case's gradients, as `step0.grad.`
 * @param modulePrefix of the encoder's names, as `0.`
 */
export function compareGradients(
  k: Kernels,
  parityCase: ParityCase,
  prefix: string,
  modulePrefix: string,
  config: EncoderConfig,
  gradients: Gradients,
): Difference[] {
  const ours: FloatTensors = new Map();
  for (const [name, gradient] of gradients) {
    ours.set(name, { shape: gradient.shape, data: k.read(gradient) });
    k.dispose(gradient);
  }
  const named = encoderToFastai(ours, modulePrefix, config);
  // Both of torch's biases get the gradient of their sum.
  for (const [name, tensor] of [...named]) {
    if (name.endsWith('bias_ih_l0')) named.set(name.replace('bias_ih_l0', 'bias_hh_l0'), tensor);
  }
  for (const [from, to] of Object.entries({ 'decoder.bias': '1.decoder.bias', 'decoder.weight': '1.decoder.weight' })) {
    if (ours.has(from)) named.set(to, ours.get(from)!);
  }
  for (const [name, tensor] of headToFastai(ours)) named.set(name, tensor);
  return [...under(parityCase, prefix)].map(([name, expected]) => {
    const got = named.get(name);
    return got
      ? compare(`${prefix}${name}`, got.data, expected.data)
      : { what: `${prefix}${name} (missing)`, error: Infinity };
  });
}

/** The head's tensors under fastai's names: `1.layers.{b}.0` is the norm, `1.layers.{b}.1` the linear layer `[out, in]`. */
function headToFastai(tensors: FloatTensors): FloatTensors {
  const result: FloatTensors = new Map();
  for (const [name, { shape, data }] of tensors) {
    const match = /^head\.(\d+)\.(norm\.weight|norm\.bias|linear)$/.exec(name);
    if (!match) continue;
    const base = `1.layers.${match[1]}.`;
    if (match[2] !== 'linear') result.set(`${base}0.${match[2]!.slice(5)}`, { shape, data });
    else result.set(`${base}1.weight`, { shape: [shape[1]!, shape[0]!], data: transposed(data, shape[0]!, shape[1]!) });
  }
  return result;
}
