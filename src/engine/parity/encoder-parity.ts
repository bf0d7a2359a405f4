import type { Kernels, Tensor } from '../kernels/kernels';
import type { EncoderKind } from '../model/config';
import { encoderBackward, encoderForward, encoderWeights, zeroState } from '../model/encoder';
import { parametersFrom } from '../model/initialise';
import { encoderSchema } from '../model/language-model-files';
import { encoderFromFastai, encoderToFastai } from '../weights/encoder-names';
import type { FloatTensors } from '../weights/fastai-names';
import type { Difference, ParityCase } from './parity-case';
import { batchMajor, compare, floats, integers, timeMajor, under } from './parity-case';

/**
 * `encoder-*`: encoders of each kind over two windows, the state carried; outputs of both, and the gradients of Σ y²
 * over the tokens of the second.
 */
export function checkEncoder(k: Kernels, parityCase: ParityCase): Difference[] {
  const config = encoderSchema.parse(parityCase.sizes['encoder']);
  const parameters = parametersFrom(k, encoderFromFastai(under(parityCase, 'param.'), '', config));
  const { shape, data: ids } = integers(parityCase, 'x');
  const [, batch, time] = shape as [number, number, number];
  const lengths = integers(parityCase, 'lengths').data;
  const windowOf = (w: number) => ({
    ids: timeMajor(ids.subarray(w * batch * time, (w + 1) * batch * time), batch, time),
    lengths: lengths.subarray(w * batch, (w + 1) * batch),
    time,
    batch,
  });
  const result = k.scope(() => {
    const weights = encoderWeights(k, config, parameters, null);
    const first = encoderForward(k, config, weights, windowOf(0), zeroState(k, config, batch), null, Infinity);
    const second = encoderForward(k, config, weights, windowOf(1), first.states, null, 0);
    const tokens = floats(parityCase, 'mask.tokens').data; // [batch, time]
    const mask = k.float(batchMajor(tokens, time, batch), [time * batch, 1]);
    const masked = k.mul(second.output, mask);
    const reach = { lowestLayer: 0, embedding: true };
    const { gradients, rows } = encoderBackward(k, config, second.trace, null, k.scale(masked, 2), reach);
    gradients.set('embedding', k.segmentSum(rows!, second.trace.ids, config.vocabulary));
    const read = (x: Tensor) => batchMajor(k.read(x), batch, time);
    const own: FloatTensors = new Map([...gradients].map(([name, g]) => [name, { shape: g.shape, data: k.read(g) }]));
    return { first: read(first.output), second: read(masked), own };
  });
  parameters.dispose();
  const named = withSecondBiases(config.kind, encoderToFastai(result.own, '', config));
  return [
    compare('window0.y', result.first, floats(parityCase, 'window0.y').data),
    compare('window1.y', result.second, floats(parityCase, 'window1.y').data),
    ...[...under(parityCase, 'grad.')].map(([name, expected]) =>
      compare(`grad.${name}`, named.get(name)?.data ?? [], expected.data),
    ),
  ];
}

/** Where torch adds two biases up, both get the gradient of their sum. */
function withSecondBiases(kind: EncoderKind, named: FloatTensors): FloatTensors {
  for (const [name, { shape, data }] of [...named]) {
    if (!name.includes('bias_hh')) continue;
    const first = named.get(name.replace('bias_hh', 'bias_ih'))!.data;
    // Of a GRU the candidate's biases are apart: the last third is its own already.
    const shared = kind === 'gru' ? (2 * data.length) / 3 : data.length;
    named.set(name, { shape, data: data.map((value, i) => (i < shared ? first[i]! : value)) });
  }
  return named;
}
