import type { Kernels, Tensor } from '../kernels/kernels';
import type { DropoutRates, EncoderConfig } from './config';
import { layerWidth } from './config';

/**
 * The masks of one forward pass, already scaled by 1/(1−p) and constant over its time steps (variational dropout,
 * Gal & Ghahramani 2016; fastai's `RNNDropout`, `EmbeddingDropout`, `WeightDropout`). null: that dropout is off.
 */
export interface DropoutMasks {
  readonly embed: Tensor | null; // [vocabulary, 1]
  readonly input: Tensor | null; // [batch, embedding]
  readonly weight: readonly (Tensor | null)[]; // a layer: [width, 4·width]
  readonly hidden: readonly (Tensor | null)[]; // between layers: [batch, width]
  readonly output: Tensor | null; // [batch, embedding]
}

/** Draws a seed pair for each mask that is asked for. */
export type SeedSource = () => readonly [number, number];

/** Draws all masks of a pass. The caller's scope frees them. */
export function drawMasks(
  kernels: Kernels,
  config: EncoderConfig,
  rates: DropoutRates,
  batch: number,
  seeds: SeedSource,
): DropoutMasks {
  const draw = (shape: readonly number[], p: number): Tensor | null =>
    p > 0 ? kernels.dropoutMask(shape, p, seeds()) : null;
  const layers = Array.from({ length: config.layers }, (_, layer) => layerWidth(config, layer));
  return {
    embed: draw([config.vocabulary, 1], rates.embed),
    input: draw([batch, config.embedding], rates.input),
    weight: layers.map((width) => draw([width, 4 * width], rates.weight)),
    hidden: layers.slice(0, -1).map((width) => draw([batch, width], rates.hidden)),
    output: draw([batch, config.embedding], rates.output),
  };
}
