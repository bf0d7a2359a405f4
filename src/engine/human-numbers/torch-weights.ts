import type { Kernels, Tensor } from '../kernels/kernels';
import type { DecoderResult } from '../model/decoder';
import type { Gradients } from '../model/parameters';
import type { Random } from '../train/random';
import type { FloatTensor, FloatTensors } from '../weights/fastai-names';

/** An embedding as torch's `Embedding` begins: normal values. */
export function torchEmbedding(vocabulary: number, width: number, random: Random): FloatTensor {
  return { shape: [vocabulary, width], data: Float32Array.from({ length: vocabulary * width }, () => random.normal()) };
}

/** A decoder as torch's `Linear` begins: uniform up to 1/√width. */
export function torchDecoder(vocabulary: number, width: number, random: Random): FloatTensors {
  const bound = 1 / Math.sqrt(width);
  return new Map([
    ['decoder.weight', { shape: [vocabulary, width], data: random.uniforms(vocabulary * width, bound) }],
    ['decoder.bias', { shape: [vocabulary], data: random.uniforms(vocabulary, bound) }],
  ]);
}

/** Adds the gradients of a decoder of its own and of the embedding to those of the layers between them. */
export function textGradients(
  k: Kernels,
  gradients: Gradients,
  decoder: { readonly decoded: DecoderResult; readonly rows: Tensor; readonly targets: Int32Array },
  embedding: { readonly dx: Tensor; readonly ids: Int32Array },
  vocabulary: number,
): void {
  const { decoded, rows, targets } = decoder;
  const byTargets = decoded.hasTargets
    ? null
    : k.segmentSum(k.scale(rows, -1 / targets.length), k.int(targets, [targets.length]), vocabulary);
  gradients.set('decoder.weight', byTargets ? k.add(decoded.dEmbedding, byTargets) : decoded.dEmbedding);
  gradients.set('decoder.bias', decoded.dBias);
  const ids = k.int(embedding.ids, [embedding.ids.length]);
  gradients.set('embedding', k.segmentSum(embedding.dx, ids, vocabulary));
}
