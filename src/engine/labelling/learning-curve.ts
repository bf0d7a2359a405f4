/** One measured point: how many rows were learned from, and how the rest of them was answered. */
export interface CurvePoint {
  readonly labels: number;
  readonly share: number; // right, 0 to 1
  readonly rows: number; // measured on
}

/** An error curve `scale · labels^-power`: straight in logarithms, as learning curves are over wide ranges. */
export interface PowerLaw {
  readonly scale: number;
  readonly power: number;
}

/** Below this power the curve is flat: nothing can be promised. */
const FLATTEST = 0.03;
/** More than these is not worth a promise. */
const MOST = 200_000;

/**
 * Fits the error of a learning curve in logarithms, each point weighed by what it was measured on (Hestness et al. 2017
 * on the power law). Null where fewer than two sizes have an error, or the error does not fall.
 */
export function fitPowerLaw(points: readonly CurvePoint[]): PowerLaw | null {
  const usable = points.filter(({ share, labels, rows }) => share < 1 && labels > 0 && rows > 0);
  if (new Set(usable.map(({ labels }) => labels)).size < 2) return null;
  let weight = 0;
  let xMean = 0;
  let yMean = 0;
  // The variance of ln(error) is about (1 - error) / (error · rows).
  const rows = usable.map(({ labels, share, rows: n }) => ({
    x: Math.log(labels),
    y: Math.log(1 - share),
    w: ((1 - share) * n) / Math.max(share, 1 / n),
  }));
  for (const { x, y, w } of rows) {
    weight += w;
    xMean += w * x;
    yMean += w * y;
  }
  xMean /= weight;
  yMean /= weight;
  const covariance = rows.reduce((sum, { x, y, w }) => sum + w * (x - xMean) * (y - yMean), 0);
  const variance = rows.reduce((sum, { x, w }) => sum + w * (x - xMean) ** 2, 0);
  const power = -covariance / variance;
  if (!(power >= FLATTEST)) return null;
  const held = Math.min(1, power);
  return { power: held, scale: Math.exp(yMean + held * xMean) };
}

/** About how many more labels make the error one point in a hundred smaller; null where that cannot be said. */
export function labelsForOnePoint(law: PowerLaw | null, labels: number): number | null {
  if (law === null || labels <= 0) return null;
  const error = law.scale * labels ** -law.power;
  if (error <= 0.012) return null; // there is hardly a point left
  const needed = (law.scale / (error - 0.01)) ** (1 / law.power) - labels;
  if (!Number.isFinite(needed) || needed > MOST) return null;
  return roundedUp(needed);
}

/** Two figures, at least 1: an estimate should not look exact. */
function roundedUp(n: number): number {
  if (n <= 10) return Math.max(1, Math.ceil(n));
  const unit = 10 ** (Math.floor(Math.log10(n)) - 1);
  return Math.ceil(n / unit) * unit;
}
