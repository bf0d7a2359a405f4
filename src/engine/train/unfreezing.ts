import type { StageId } from '../../shared/jobs';
import type { EncoderReach } from '../model/encoder';

/** What of a classifier learns in a stage. */
export interface Thawed {
  /** How far the gradient goes down; null: the head only, on pooled vectors that are computed once. */
  readonly reach: EncoderReach | null;
  /** The one group that learns, or null: all that the gradient reaches. */
  readonly only: number | null;
}

/**
 * What learns at a position of a stage (0 to 1). Groups from the bottom: 0 embedding, 1 … layers, last the head.
 * Gradual unfreezing: Howard & Ruder 2018, section 3.3. Chain-thaw (Felbo et al. 2017): each group of the encoder in
 * its turn, from the bottom, everything else frozen.
 */
export function thawedIn(stage: StageId, layers: number, position: number): Thawed {
  switch (stage) {
    case 'classifier-head':
      return { reach: null, only: null };
    case 'classifier-last':
      return { reach: { lowestLayer: layers - 1, embedding: false }, only: null };
    case 'classifier-last-two':
      return { reach: { lowestLayer: Math.max(0, layers - 2), embedding: false }, only: null };
    case 'classifier-chain': {
      const group = Math.min(layers, Math.floor(position * (layers + 1)));
      return { reach: { lowestLayer: Math.max(0, group - 1), embedding: group === 0 }, only: group };
    }
    default:
      return { reach: { lowestLayer: 0, embedding: true }, only: null };
  }
}

/** The group of a classifier's parameter, from the bottom: embedding, each layer, head. */
export function classifierGroup(name: string, layers: number): number {
  const layer = layerOf(name);
  if (layer !== null) return 1 + layer;
  return name.startsWith('head.') ? layers + 1 : 0;
}

/** The group of a language model's parameter: each layer, then embedding and decoder (`awd_lstm_lm_split`). */
export function languageModelGroup(name: string, layers: number): number {
  return layerOf(name) ?? layers;
}

function layerOf(name: string): number | null {
  const layer = /(?:^|\.)rnns\.(\d+)\./.exec(name);
  return layer ? Number(layer[1]) : null;
}
