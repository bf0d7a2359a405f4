import type { StageId } from '../../../shared/jobs';

/** The parts of the network from its output down to its input. */
export const layers = ['head', 'last', 'second', 'rest'] as const;
/** One part of the network. */
export type Layer = (typeof layers)[number];

/** Gradual unfreezing: how many parts, from the head down, learn in each stage (Howard and Ruder 2018, section 3.3). */
const thawedIn: Readonly<Partial<Record<StageId, number>>> = {
  'classifier-head': 1,
  'classifier-last': 2,
  'classifier-last-two': 3,
  'classifier-chain': 4,
  'classifier-all': 4,
};

/**
 * Which parts have thawed once `stage` runs; after the last stage of training all that have learned.
 *
 * @param stages of the whole run: one that trains only the head never thaws the rest
 */
export function thawedLayers(stage: StageId | null, finished: boolean, stages: readonly StageId[]): ReadonlySet<Layer> {
  const isTrained = finished || stage === 'calibrate' || stage === 'evaluate';
  const counts = (isTrained ? stages : [stage]).map((one) => (one === null ? 0 : (thawedIn[one] ?? 0)));
  return new Set(layers.slice(0, Math.max(0, ...counts)));
}
