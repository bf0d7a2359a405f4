import type { StageId } from '../../../shared/jobs';
import type { RunProgress } from '../../stores/run-progress';

/** The parts of the network from its output down to its input. */
export const layers = ['head', 'last', 'second', 'rest'] as const;
/** One part of the network. */
export type Layer = (typeof layers)[number];

/** Gradual unfreezing: how many parts, from the head down, learn in each stage (Howard and Ruder 2018, section 3.3). */
const thawedIn: Readonly<Partial<Record<StageId, number>>> = {
  'classifier-linear': 1,
  'classifier-head': 1,
  'classifier-last': 2,
  'classifier-last-two': 3,
  'classifier-chain': 4,
  'classifier-all': 4,
};

/**
 * Which parts have thawed once `stage` runs; after the last stage of training all that were trained.
 *
 * @param stages that have trained: one that trains only the head never thaws the rest, nor does one that was ended early
 */
export function thawedLayers(stage: StageId | null, finished: boolean, stages: readonly StageId[]): ReadonlySet<Layer> {
  const isTrained = finished || stage === 'calibrate' || stage === 'evaluate';
  const counts = (isTrained ? stages : [stage]).map((one) => (one === null ? 0 : (thawedIn[one] ?? 0)));
  return new Set(layers.slice(0, Math.max(0, ...counts)));
}

/** The stages of the classifier that have told of a step or an epoch; where none has, those that were planned. */
export function trainedStages({ stages, curves }: Pick<RunProgress, 'stages' | 'curves'>): readonly StageId[] {
  const { points, epochs } = curves.classifier;
  const told = new Set([...points.map(({ stage }) => stage), ...epochs.map(({ event }) => event.stage)]);
  return told.size === 0 ? stages : stages.filter((stage) => told.has(stage));
}
