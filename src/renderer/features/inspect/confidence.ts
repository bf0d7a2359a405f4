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

type Part = 'before' | 'after' | 'used';

/** The curves of the reliability diagram, which its table shows too; the blend only where it is what predicts. */
export function reliabilityParts({
  before,
  after,
  used,
}: Confidence['reliability']): readonly { readonly part: Part; readonly bins: readonly ReliabilityFigures[] }[] {
  const own = [{ part: 'before', bins: before }, { part: 'after', bins: after }] as const; // prettier-ignore
  return used === null ? own : [...own, { part: 'used', bins: used }];
}

/** The network and the blend in the colours that they have wherever they are compared; before its temperature the network predicts nothing. */
const looks: Readonly<Record<Part, Pick<ShareLine, 'tone' | 'dashed'>>> = {
  before: { tone: 'other', dashed: true },
  after: { tone: 'third' },
  used: { tone: 'main' },
};

/** What was right against what was said: before and after the temperature, of what predicts, beside perfect honesty. */
export function reliabilityLines(
  reliability: Confidence['reliability'],
  nameOf: (part: 'honest' | Part) => string,
): readonly ShareLine[] {
  const points = (bins: readonly ReliabilityFigures[]) =>
    bins.filter(({ count }) => count > 0).map(({ confidence, accuracy }) => [confidence, accuracy] as const);
  return [
    { name: nameOf('honest'), tone: 'quiet', points: [[0, 0], [1, 1]] }, // prettier-ignore
    ...reliabilityParts(reliability).map(({ part, bins }) => ({
      ...looks[part],
      name: nameOf(part),
      dots: true,
      points: points(bins),
    })),
  ];
}
