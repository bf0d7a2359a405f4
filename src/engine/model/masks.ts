import type { Kernels, Shape, Tensor } from '../kernels/kernels';
import type { DropoutRates, EncoderConfig } from './config';
import { layerWidth } from './config';
import { directionShapes, droppedWeight } from './recurrent-layer';

/**
 * The masks of one forward pass, already scaled by 1/(1−p) and constant over its time steps (variational dropout,
 * Gal & Ghahramani 2016; fastai's `RNNDropout`, `EmbeddingDropout`, `WeightDropout`). null: that dropout is off.
 */
export interface DropoutMasks {
  readonly embed: Tensor | null; // [vocabulary, 1]
  readonly input: Tensor | null; // [batch, embedding]
  readonly weight: readonly (Tensor | null)[]; // a layer: as its recurrent matrix, or that of its gates (QRNN)
  readonly hidden: readonly (Tensor | null)[]; // between layers: [batch, width]
  /** `[batch, embedding]`, or `[time·batch, embedding]` where each element is drawn anew (torch's `Dropout`). */
  readonly output: Tensor | null;
  /** As `weight`, of the reverse direction of a bidirectional encoder. */
  readonly reverseWeight?: readonly (Tensor | null)[];
  /** Draws the mask of the cells of a quasi-recurrent layer that keep their value, anew for each window and layer. */
  readonly zoneOut?: ((shape: Shape) => Tensor) | null;
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
  const draw = (shape: Shape, p: number): Tensor | null => (p > 0 ? kernels.dropoutMask(shape, p, seeds()) : null);
  const layers = Array.from({ length: config.layers }, (_, layer) => layer);
  const drawWeight = (layer: number): Tensor | null =>
    draw(directionShapes(config, layer).get(droppedWeight(config))!, rates.weight);
  const zoneOut = rates.zoneOut ?? 0;
  return {
    embed: draw([config.vocabulary, 1], rates.embed),
    input: draw([batch, config.embedding], rates.input),
    weight: layers.map(drawWeight),
    hidden: layers.slice(0, -1).map((layer) => draw([batch, layerWidth(config, layer)], rates.hidden)),
    output: draw([batch, config.embedding], rates.output),
    ...(config.bidirectional ? { reverseWeight: layers.map(drawWeight) } : {}),
    ...(config.kind === 'qrnn' && zoneOut > 0
      ? { zoneOut: (shape: Shape) => kernels.dropoutMask(shape, zoneOut, seeds()) }
      : {}),
  };
}
