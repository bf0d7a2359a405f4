import type { RunProgress } from '../../stores/run-progress';

/** What curves of several runs can show; all but the perplexity are the classifier's. */
export const curveMeasures = ['accuracy', 'macroF1', 'validLoss', 'smoothed', 'perplexity'] as const;
/** One of {@link curveMeasures}. */
export type CurveMeasure = (typeof curveMeasures)[number];

/** A run's curve over its training steps; empty where the run has no such figure. */
export function runCurve({ curves }: RunProgress, measure: CurveMeasure): (readonly [number, number])[] {
  const curve = curves[measure === 'perplexity' ? 'language-model' : 'classifier'];
  if (measure === 'smoothed') return curve.points.map(({ x, smoothed }) => [x, smoothed] as const);
  return curve.epochs.flatMap(({ x, event }) => {
    const value = event[measure];
    return value === null ? [] : [[x, value] as const];
  });
}
