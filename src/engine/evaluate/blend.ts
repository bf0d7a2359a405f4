import { checkMatrix, classIdsOf, indicatorsOf, rowCount, type LabelCsr } from './label-csr';
import { scoresOf } from './log-odds';
import { probabilitiesAt } from './temperature';

/**
 * How two models are blended: scores are `model` times the deep model's log-probabilities plus `baseline` times those of
 * the TF-IDF baseline (multi-label: log odds), then softmax or sigmoid. `{model: 1, baseline: 0}` is the model alone.
 */
export interface BlendWeights {
  readonly model: number;
  readonly baseline: number;
}

/** Weight of the prior that the model alone is best, in rows. */
const PRIOR_ROWS = 1;

interface BlendOptions {
  readonly multiLabel: boolean;
}

/** The blend of two models' probabilities. // [n, classes] */
export function blendProbabilities(
  model: Float32Array,
  baseline: Float32Array,
  classes: number,
  weights: BlendWeights,
  options: BlendOptions,
): Float32Array {
  const other = scoresOf(baseline, options);
  const scores = scoresOf(model, options).map((z, i) => weights.model * z + weights.baseline * (other[i] ?? 0));
  return probabilitiesAt(scores, classes, 1, options);
}

/**
 * The weights, not negative, with the smallest log loss on these rows: a logistic stacker with two numbers to learn
 * (Wolpert 1992), so that even few rows can bear it. The loss is convex: Newton's method.
 *
 * @param model, baseline // [n, classes]
 * @throws AppError `no-rows`, `bad-input`, `not-a-number`
 */
export function fitBlend(
  model: Float32Array,
  baseline: Float32Array,
  labels: LabelCsr,
  options: BlendOptions,
): BlendWeights {
  const classes = model.length / Math.max(1, rowCount(labels));
  checkMatrix(model, labels, classes, 'probabilities');
  checkMatrix(baseline, labels, classes, 'probabilities');
  const scores = [scoresOf(model, options), scoresOf(baseline, options)] as const;
  const slopes = options.multiLabel
    ? sigmoidSlopes(scores, indicatorsOf(labels, classes), classes)
    : softmaxSlopes(scores, classIdsOf(labels, classes), classes);
  const both = newton(slopes, [1, 0], [true, true]);
  if (both[1] < 0) return { model: Math.max(0, newton(slopes, [1, 0], [true, false])[0]), baseline: 0 };
  if (both[0] < 0) return { model: 0, baseline: Math.max(0, newton(slopes, [0, 1], [false, true])[1]) };
  return { model: both[0], baseline: both[1] };
}

type Pair = readonly [number, number];

/** Gradient and Hessian (aa, ab, bb) of the summed loss at two weights, and the loss itself. */
interface Slope {
  loss: number;
  readonly first: [number, number];
  readonly second: [number, number, number];
}
type Slopes = (a: number, b: number) => Slope;

function newton(slopes: Slopes, start: Pair, free: readonly [boolean, boolean]): Pair {
  let [a, b] = start;
  const at = (x: number, y: number): Slope => {
    const { loss, first, second } = slopes(x, y);
    return {
      loss: loss + (PRIOR_ROWS / 2) * ((x - 1) ** 2 + y * y),
      first: [first[0] + PRIOR_ROWS * (x - 1), first[1] + PRIOR_ROWS * y],
      second: [second[0] + PRIOR_ROWS, second[1], second[2] + PRIOR_ROWS],
    };
  };
  let here = at(a, b);
  for (let step = 0; step < 50; step++) {
    const [aa, ab, bb] = here.second;
    const [ga, gb] = here.first;
    let [da, db] = [0, 0];
    if (free[0] && free[1]) {
      const determinant = aa * bb - ab * ab;
      [da, db] = [(bb * ga - ab * gb) / determinant, (aa * gb - ab * ga) / determinant];
    } else if (free[0]) da = ga / aa;
    else db = gb / bb;
    let length = 1;
    let next = at(a - da, b - db);
    while (next.loss > here.loss && length > 1e-6) {
      length /= 2;
      next = at(a - length * da, b - length * db);
    }
    [a, b] = [a - length * da, b - length * db];
    here = next;
    if (Math.abs(length * da) + Math.abs(length * db) < 1e-7) break;
  }
  return [a, b];
}

function softmaxSlopes([f, g]: readonly [Float32Array, Float32Array], truth: Int32Array, classes: number): Slopes {
  const p = new Float64Array(classes);
  return (a, b) => {
    const slope: Slope = { loss: 0, first: [0, 0], second: [0, 0, 0] };
    truth.forEach((label, i) => {
      const start = i * classes;
      let top = -Infinity;
      for (let c = 0; c < classes; c++) {
        p[c] = a * (f[start + c] ?? 0) + b * (g[start + c] ?? 0);
        top = Math.max(top, p[c] ?? 0);
      }
      const own = p[label] ?? 0;
      let total = 0;
      for (let c = 0; c < classes; c++) total += p[c] = Math.exp((p[c] ?? 0) - top);
      let [ef, eg, eff, efg, egg] = [0, 0, 0, 0, 0];
      for (let c = 0; c < classes; c++) {
        const share = (p[c] ?? 0) / total;
        const [x, y] = [f[start + c] ?? 0, g[start + c] ?? 0];
        ef += share * x;
        eg += share * y;
        eff += share * x * x;
        efg += share * x * y;
        egg += share * y * y;
      }
      slope.loss += Math.log(total) + top - own;
      slope.first[0] += ef - (f[start + label] ?? 0);
      slope.first[1] += eg - (g[start + label] ?? 0);
      slope.second[0] += eff - ef * ef;
      slope.second[1] += efg - ef * eg;
      slope.second[2] += egg - eg * eg;
    });
    return slope;
  };
}

function sigmoidSlopes([f, g]: readonly [Float32Array, Float32Array], truth: Uint8Array, classes: number): Slopes {
  return (a, b) => {
    const slope: Slope = { loss: 0, first: [0, 0], second: [0, 0, 0] };
    // per row, as the single-label loss, so that the prior weighs the same
    const unit = 1 / classes;
    truth.forEach((label, i) => {
      const [x, y] = [f[i] ?? 0, g[i] ?? 0];
      const z = a * x + b * y;
      const p = 1 / (1 + Math.exp(-z));
      slope.loss += unit * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - label * z);
      slope.first[0] += unit * (p - label) * x;
      slope.first[1] += unit * (p - label) * y;
      const curve = unit * p * (1 - p);
      slope.second[0] += curve * x * x;
      slope.second[1] += curve * x * y;
      slope.second[2] += curve * y * y;
    });
    return slope;
  };
}
