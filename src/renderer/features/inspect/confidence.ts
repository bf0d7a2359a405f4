import type { Confidence, CoveragePointFigures, ReliabilityFigures } from '../../../shared/inspect-types';
import type { ShareLine } from '../../charts/share-line-option';

/** How much is answered: of all rows; where rows have several labels, how many of the true ones are found. */
export function coverageOf(
  point: CoveragePointFigures,
  confidence: Pick<Confidence, 'multiLabel' | 'total'> | null,
): number {
  if (confidence === null || confidence.total === 0) return 0;
  return Math.min(1, (confidence.multiLabel ? point.right : point.kept) / confidence.total);
}

/** A share of fewer answers than this says little. */
export const fewestAnswers = 10;

/** The least threshold, in hundredths, from which on answers are right so often; null where there is none. */
export function reachable(confidence: Confidence, goal: number): { threshold: number; coverage: number } | null {
  const place = confidence.points.findIndex(({ kept, right }) => kept >= fewestAnswers && right / kept >= goal);
  const point = confidence.points[place];
  return point === undefined ? null : { threshold: place, coverage: coverageOf(point, confidence) };
}

/** What was right against what was said: before and after the temperature, of what predicts, beside perfect honesty. */
export function reliabilityLines(
  { before, after, used }: Confidence['reliability'],
  nameOf: (part: 'honest' | 'before' | 'after' | 'used') => string,
): readonly ShareLine[] {
  const points = (bins: readonly ReliabilityFigures[]) =>
    bins.filter(({ count }) => count > 0).map(({ confidence, accuracy }) => [confidence, accuracy] as const);
  return [
    { name: nameOf('honest'), tone: 'quiet', points: [[0, 0], [1, 1]] }, // prettier-ignore
    { name: nameOf('before'), tone: 'second', dots: true, dashed: true, points: points(before) },
    { name: nameOf('after'), tone: 'main', dots: true, points: points(after) },
    ...(used === null ? [] : [{ name: nameOf('used'), tone: 'third', dots: true, points: points(used) } as const]),
  ];
}
