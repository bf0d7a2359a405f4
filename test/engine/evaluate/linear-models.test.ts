import { describe, expect, it } from 'vitest';
import { runNow } from '../../../src/engine/evaluate/in-steps';
import { fitLogisticRegression, scoreRow, type LinearModel } from '../../../src/engine/evaluate/logistic-regression';
import type { Targets } from '../../../src/engine/evaluate/targets';
import { fitLinearMixture } from '../../../src/engine/evaluate/linear-mixture';
import { fitNaiveBayes } from '../../../src/engine/evaluate/naive-bayes';
import { fitScoreWeights } from '../../../src/engine/evaluate/score-weights';
import type { SparseRows } from '../../../src/engine/evaluate/sparse-rows';
import { TfidfFeatures, type TokenDocuments } from '../../../src/engine/evaluate/tfidf-features';
import { fixture, idsOf, words, type Fixture } from '../../helpers/banking-six';

const docsOf = (rows: readonly (readonly [string, string])[]): TokenDocuments => ({
  length: rows.length,
  at: (i) => idsOf(rows[i]?.[0] ?? ''),
});
const classIds = (rows: readonly (readonly [string, string])[]): Int32Array =>
  Int32Array.from(rows, ([, label]) => fixture.labels.indexOf(label));
const SOLVER = { c: 10, tolerance: 1e-5, maxEpochs: 2000, seed: 0 };

/** Feature rows of some training texts, and of the test texts in which every word is known to scikit-learn too. */
function rowsOf(texts: readonly [string, string][]): { train: SparseRows; test: SparseRows; known: number[] } {
  const { features, rows } = runNow(TfidfFeatures.fit(docsOf(texts), { skip: [0], mostFeatures: 1e6 }));
  const inTraining = new Set(texts.flatMap(([text]) => words(text)));
  const known = fixture.test.flatMap(([text], i) => (words(text).every((word) => inTraining.has(word)) ? [i] : []));
  const test = features.transform(docsOf(known.map((i) => fixture.test[i] ?? ['', ''])));
  return { train: rows, test, known };
}

function probabilitiesOf(model: LinearModel, rows: SparseRows, kind: Targets['kind']): number[][] {
  const scores = new Float64Array(model.outputs);
  return Array.from({ length: rows.rows }, (_, i) => {
    scoreRow(rows, i, model, scores);
    if (kind === 'sigmoid') return [...scores].map((score) => 1 / (1 + Math.exp(-score)));
    const exps = [...scores].map((score) => Math.exp(score));
    return exps.map((e) => e / exps.reduce((a, b) => a + b));
  });
}

const two = fixture.train.filter(([, label]) => fixture.labels.indexOf(label) < 2);
const cases: {
  name: string;
  texts: [string, string][];
  outputs: number;
  targets: Targets;
  expected: (from: Pick<Fixture, 'softmax' | 'binary' | 'multi'>) => number[][];
}[] = [
  {
    name: 'six classes',
    texts: fixture.train,
    outputs: 6,
    targets: { kind: 'softmax', classIds: classIds(fixture.train) },
    expected: ({ softmax }) => softmax,
  },
  {
    name: 'two classes',
    texts: two,
    outputs: 1,
    targets: { kind: 'sigmoid', truth: Uint8Array.from(classIds(two)) },
    expected: ({ binary }) => binary.map(([, second]) => [second ?? NaN]),
  },
  {
    name: 'several labels a row',
    texts: fixture.train,
    outputs: 3,
    targets: { kind: 'sigmoid', truth: Uint8Array.from(fixture.multiTruth.flat()) },
    expected: ({ multi }) => multi,
  },
];

function farthest(got: number[][], expected: number[][], known: number[]): number {
  return Math.max(...got.flatMap((row, i) => row.map((p, c) => Math.abs(p - (expected[known[i] ?? -1]?.[c] ?? NaN)))));
}

describe.each(cases)('$name', ({ texts, outputs, targets, expected }) => {
  const { train, test, known } = rowsOf(texts);

  it('logistic regression and naive Bayes give the probabilities of scikit-learn', () => {
    expect(known.length).toBeGreaterThan(10);
    const regression = runNow(fitLogisticRegression(train, outputs, targets, SOLVER)).model;
    expect(farthest(probabilitiesOf(regression, test, targets.kind), expected(fixture), known)).toBeLessThan(3e-3);
    const bayes = runNow(fitNaiveBayes(train, outputs, targets));
    expect(farthest(probabilitiesOf(bayes, test, targets.kind), expected(fixture.bayes), known)).toBeLessThan(1e-5);
  });

  it('learning anew without some rows is learning from the others', () => {
    const without = Int32Array.from({ length: Math.floor(texts.length / 5) }, (_, i) => 5 * i);
    const left = Array.from(texts.keys()).filter((row) => !without.includes(row));
    const rest = pick(train, targets, outputs, left);
    const fitted = runNow(fitLogisticRegression(train, outputs, targets, SOLVER));
    const before = fitted.model.weights.slice();
    const again = runNow(fitLogisticRegression(train, outputs, targets, SOLVER, { fitted, without })).model;
    const alone = runNow(fitLogisticRegression(rest.rows, outputs, rest.targets, SOLVER)).model;
    expect(fitted.model.weights).toEqual(before);
    const scores = (model: LinearModel): number[][] => probabilitiesOf(model, test, targets.kind);
    const all = [...test.columns.keys()].slice(0, test.rows);
    expect(farthest(scores(again), scores(alone), all)).toBeLessThan(3e-3);
    expect(farthest(scores(again), scores(fitted.model), all)).toBeGreaterThan(0.02); // the rows did count
    const bayes = runNow(fitNaiveBayes(train, outputs, targets, without));
    expect(farthest(scores(bayes), scores(runNow(fitNaiveBayes(rest.rows, outputs, rest.targets))), all)).toBeLessThan(
      1e-5,
    );
  });

  it('the mixture is a weighted sum of both', () => {
    const source = { texts: docsOf(texts), features: { skip: [0], mostFeatures: 1e6 } };
    const mixture = runNow(fitLinearMixture(train, outputs, targets, SOLVER, source));
    const regression = runNow(fitLogisticRegression(train, outputs, targets, SOLVER)).model;
    const bayes = runNow(fitNaiveBayes(train, outputs, targets));
    // first · a + second · b = sum: two features give both weights, a third shows that they hold
    const [i, j] = [0, train.width * outputs - 1];
    const [a, b, c] = [regression.weights, bayes.weights, mixture.weights].map((w) => [w[i] ?? NaN, w[j] ?? NaN]);
    const determinant = a![0]! * b![1]! - a![1]! * b![0]!;
    const first = (c![0]! * b![1]! - c![1]! * b![0]!) / determinant;
    const second = (a![0]! * c![1]! - a![1]! * c![0]!) / determinant;
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThanOrEqual(0);
    const k = Math.floor(mixture.weights.length / 2);
    expect(mixture.weights[k]).toBeCloseTo(first * regression.weights[k]! + second * bayes.weights[k]!, 4);
  });
});

/** Some rows on their own. */
function pick(
  rows: SparseRows,
  targets: Targets,
  outputs: number,
  which: number[],
): { rows: SparseRows; targets: Targets } {
  const parts = which.map((row) => [rows.offsets[row]!, rows.offsets[row + 1]!] as const);
  const offsets = new Int32Array(which.length + 1);
  parts.forEach(([begin, end], i) => (offsets[i + 1] = offsets[i]! + end - begin));
  const columns = Int32Array.from(parts.flatMap(([begin, end]) => [...rows.columns.subarray(begin, end)]));
  const values = Float32Array.from(parts.flatMap(([begin, end]) => [...rows.values.subarray(begin, end)]));
  const picked: Targets =
    targets.kind === 'softmax'
      ? { kind: 'softmax', classIds: Int32Array.from(which, (row) => targets.classIds[row]!) }
      : {
          kind: 'sigmoid',
          truth: Uint8Array.from(
            which.flatMap((row) => [...targets.truth.subarray(row * outputs, (row + 1) * outputs)]),
          ),
        };
  return { rows: { rows: which.length, width: rows.width, offsets, columns, values }, targets: picked };
}

describe('weights of two models', () => {
  const lossAt = (scores: readonly [number[][], number[][]], ids: number[], x: number, y: number): number =>
    ids.reduce((sum, id, row) => {
      const z = scores[0][row]!.map((a, o) => x * a + y * scores[1][row]![o]!);
      return sum + Math.log(z.reduce((total, each) => total + Math.exp(each), 0)) - z[id]!;
    }, 0) +
    5 * ((x - 1) ** 2 + y ** 2);
  /** Scores of a model that favours the right class by `right`, with noise. */
  const scoresLike = (ids: number[], right: number, seed: number): number[][] => {
    let state = seed;
    const next = (): number => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
    return ids.map((id) => [0, 1, 2].map((o) => (o === id ? right : 0) + 4 * next()));
  };
  const ids = Array.from({ length: 300 }, (_, i) => (i * 7) % 3);
  const fit = (scores: readonly [number[][], number[][]]) =>
    fitScoreWeights([Float64Array.from(scores[0].flat()), Float64Array.from(scores[1].flat())], 3, {
      kind: 'softmax',
      classIds: Int32Array.from(ids),
    });

  it.each([
    ['both know something', 1, 2],
    ['the first knows nothing', 0, 2],
    ['the second is wrong', 1.5, -2],
    ['both are wrong', -1, -1],
  ])('%s: no place near or far with weights of 0 or more is better', (_, a, b) => {
    const scores = [scoresLike(ids, a, 1), scoresLike(ids, b, 2)] as const;
    const { first, second } = fit(scores);
    expect(Math.min(first, second)).toBeGreaterThanOrEqual(0);
    const best = lossAt(scores, ids, first, second);
    for (const x of [0, first * 0.98, first, first * 1.02, first + 0.02, 0.5, 1, 2]) {
      for (const y of [0, second * 0.98, second, second * 1.02, second + 0.02, 0.5, 1, 2]) {
        expect(lossAt(scores, ids, x, y)).toBeGreaterThanOrEqual(best - 1e-6);
      }
    }
  });

  it('finds the same for yes and no as for two classes', () => {
    const truth = ids.map((id) => Number(id === 1));
    const one = scoresLike(ids, 1, 3).map(([x], i) => x! + (truth[i] ? 1 : 0));
    const other = scoresLike(ids, 1, 4).map(([x], i) => x! + (truth[i] ? 2 : 0));
    const sigmoid = fitScoreWeights([Float64Array.from(one), Float64Array.from(other)], 1, {
      kind: 'sigmoid',
      truth: Uint8Array.from(truth),
    });
    const pairs = (of: number[]): Float64Array => Float64Array.from(of.flatMap((x) => [0, x]));
    const softmax = fitScoreWeights([pairs(one), pairs(other)], 2, {
      kind: 'softmax',
      classIds: Int32Array.from(truth),
    });
    expect(sigmoid.first).toBeCloseTo(softmax.first, 5);
    expect(sigmoid.second).toBeCloseTo(softmax.second, 5);
  });
});
