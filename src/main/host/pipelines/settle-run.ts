import { averageProbabilities, fitAverage, type Average } from '../../../engine/evaluate/average';
import { judgeBlend, type BlendJudgement } from '../../../engine/evaluate/blend';
import { judgeLearning } from '../../../engine/evaluate/judge-learning';
import { joinLabels, rowCount, type LabelCsr } from '../../../engine/evaluate/label-csr';
import { majorityClass } from '../../../engine/evaluate/majority';
import { computeMetrics } from '../../../engine/evaluate/metrics';
import { mixProbabilities } from '../../../engine/evaluate/mixture';
import { chooseThresholds } from '../../../engine/evaluate/thresholds';
import { wilsonInterval } from '../../../engine/evaluate/wilson';
import { FEWEST_JUDGED } from '../../../shared/evidence';
import type { RunNote } from '../../../shared/run-notes';
import type { Blend, Comparison, Metrics } from '../../../shared/training-types';
import type { FoldScores } from './fold-scores';
import type { RunBaseline } from './run-baseline';

/** Probabilities for the validation and the test rows of a run. // each [rows, classes] */
export interface HeldOutScores {
  readonly valid: Float32Array;
  readonly test: Float32Array; // may be empty
}

/** One trained model with what it says about the held-out rows, before and after its own temperature. */
export interface MemberScores {
  readonly name: string;
  readonly temperature: number;
  readonly calibrated: HeldOutScores;
  readonly raw: HeldOutScores;
}

/** What a run has to decide on: labels, and the true ones of its rows. */
export interface SettledRows {
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly train: LabelCsr;
  readonly valid: LabelCsr;
  readonly test: LabelCsr;
}

/** Everything that is decided on validation once the models are trained, and how good the outcome is. */
export interface SettledRun {
  /** Of the members; null where there is one. */
  readonly average: Average | null;
  readonly thresholds: readonly number[] | null; // of the deep model
  readonly blend: Blend | null;
  readonly final: HeldOutScores;
  readonly deep: HeldOutScores;
  readonly blended: HeldOutScores | null; // used or not
  readonly comparison: Comparison;
}

/**
 * Averages the members (where there are several), chooses thresholds, judges the blend with the baseline, and measures
 * all of it on the test rows, or, where there are none, on the validation rows.
 * @param choice `auto` uses the blend where it pays
 * @param folds rows besides the validation rows to decide by; null: there are none
 */
export function settleRun(
  rows: SettledRows,
  members: readonly MemberScores[],
  baseline: RunBaseline,
  choice: 'auto' | 'on' | 'off',
  folds: FoldScores | null = null,
): SettledRun {
  const options = { classes: rows.labels.length, multiLabel: rows.multiLabel };
  const judged = judgedBy(rows, members, baseline, folds);
  const average = members.length < 2 ? null : fitAverage(judged.members, judged.labels, options);
  const deep = combined(members, average, options);
  const judgedDeep = average
    ? averageProbabilities(judged.members, average, options)
    : (judged.members[0] ?? deep.valid);
  const thresholds = thresholdsOf(judgedDeep, judged.labels, rows);
  const judgement = choice === 'off' ? null : judgeBlend(judgedDeep, judged.baseline, judged.labels, options);
  const blended = judgement && {
    valid: averageProbabilities([deep.valid, baseline.valid], judgement.average, options),
    test: averageProbabilities([deep.test, baseline.test], judgement.average, options),
  };
  const used = judgement !== null && (choice === 'on' || judgement.pays);
  const blend = judgement && blendOf(judgement, used, blendThresholds(judgement, judgedDeep, judged, rows), rowCount(judged.labels)); // prettier-ignore
  const outcome = { average, deep, thresholds, blend, blended, baseline, judged: rowCount(judged.labels) };
  const comparison = { ...compare(rows, members, outcome), ...standing(rows, outcome, choice) };
  return { average, thresholds, blend, final: used && blended ? blended : deep, deep, blended, comparison };
}

type Options = { readonly classes: number; readonly multiLabel: boolean };

function combined(members: readonly MemberScores[], average: Average | null, options: Options): HeldOutScores {
  const [only] = members;
  if (!average) return only?.calibrated ?? { valid: new Float32Array(0), test: new Float32Array(0) };
  const of = (split: 'valid' | 'test'): Float32Array =>
    averageProbabilities(
      members.map((each) => each.calibrated[split]),
      average,
      options,
    );
  return { valid: of('valid'), test: of('test') };
}

/** What a run is decided by: the validation rows, and behind them the rows of its folds. */
function judgedBy(
  rows: SettledRows,
  members: readonly MemberScores[],
  baseline: RunBaseline,
  folds: FoldScores | null,
): FoldScores {
  const own = { labels: rows.valid, members: members.map((each) => each.calibrated.valid), baseline: baseline.valid };
  if (folds === null) return own;
  const join = (first: Float32Array, second: Float32Array | undefined): Float32Array =>
    Float32Array.from([...first, ...(second ?? [])]);
  return {
    labels: joinLabels(own.labels, folds.labels),
    members: own.members.map((each, k) => join(each, folds.members[k])),
    baseline: join(own.baseline, folds.baseline),
  };
}

function thresholdsOf(scores: Float32Array, labels: LabelCsr, { multiLabel }: SettledRows): number[] | null {
  return multiLabel ? [...chooseThresholds(scores, labels)] : null;
}

function blendThresholds(judgement: BlendJudgement, deep: Float32Array, judged: FoldScores, rows: SettledRows) {
  const options = { classes: rows.labels.length, multiLabel: rows.multiLabel };
  const blended = averageProbabilities([deep, judged.baseline], judgement.average, options);
  return thresholdsOf(blended, judged.labels, rows);
}

function blendOf(judgement: BlendJudgement, used: boolean, thresholds: number[] | null, n: number): Blend {
  const { average, pays, modelLoss, blendLoss, modelScore, blendScore } = judgement;
  const [model = 1, baseline = 0] = average.weights;
  return {
    used,
    weights: { model, baseline },
    temperature: average.temperature,
    thresholds,
    validation: { n, modelLoss, blendLoss, modelScore, blendScore, pays },
  };
}

interface Outcome {
  readonly average: Average | null;
  readonly deep: HeldOutScores;
  readonly thresholds: readonly number[] | null;
  readonly blend: Blend | null;
  readonly blended: HeldOutScores | null;
  readonly baseline: RunBaseline;
  /** Rows that it was decided by. */
  readonly judged: number;
}

function compare(rows: SettledRows, members: readonly MemberScores[], outcome: Outcome): Comparison {
  const { average, deep, thresholds, blend, blended, baseline } = outcome;
  const split = rowCount(rows.test) > 0 ? 'test' : 'valid';
  const measure = (scores: Float32Array, limits: readonly number[] | null, on = rows[split]): Metrics =>
    computeMetrics(scores, on, rows.labels, { multiLabel: rows.multiLabel, thresholds: limits });
  const { classId, accuracy } = majorityClass(rows.train, rows[split], rows.labels.length);
  const weights = average?.weights ?? [1];
  const calibration = (of: 'valid' | 'test') => {
    const raw = mixProbabilities(
      members.map((each) => each.raw[of]),
      weights,
    );
    const n = rowCount(rows[of]);
    return { n, before: measure(raw, null, rows[of]).ece, after: measure(deep[of], null, rows[of]).ece };
  };
  const calibrated = { valid: calibration('valid'), test: split === 'test' ? calibration('test') : null };
  const deepMetrics = measure(deep[split], thresholds);
  const blendMetrics = blend && blended ? measure(blended[split], blend.thresholds) : null;
  return {
    split,
    labels: [...rows.labels],
    model: blend?.used === true && blendMetrics ? blendMetrics : deepMetrics,
    baseline: measure(baseline[split], baseline.thresholds),
    majority: { label: rows.labels[classId] ?? '', accuracy },
    temperature: average?.temperature ?? members[0]?.temperature ?? 1,
    eceBeforeTemperature: (calibrated.test ?? calibrated.valid).before,
    deep: blend?.used === true ? deepMetrics : null,
    blend: blendMetrics,
    members: !average
      ? []
      : members.map(({ name, calibrated: own }, k) => ({
          name,
          weight: weights[k] ?? 0,
          metrics: measure(own[split], thresholdsOf(own.valid, rows.valid, rows)),
        })),
    calibration: calibrated,
  };
}

/** What the figures rest on: whether the network learned anything, how the blend was decided on, and validation beside a test. */
function standing(
  rows: SettledRows,
  outcome: Outcome,
  choice: 'auto' | 'on' | 'off',
): Pick<Comparison, 'learned' | 'blendChoice' | 'validation'> {
  const { deep, thresholds, blend, blended, judged } = outcome;
  const options = { classes: rows.labels.length, multiLabel: rows.multiLabel };
  const answers = (['valid', 'test'] as const).map((of) => ({ probabilities: deep[of], labels: rows[of] }));
  const n = rowCount(rows.valid);
  const by = choice === 'on' ? 'asked' : judged < FEWEST_JUDGED ? 'rule' : 'judged';
  const learned = judgeLearning(rows.train, answers, options);
  const decided = { learned, ...(blend ? { blendChoice: { used: blend.used, by, n: judged } as const } : {}) };
  if (rowCount(rows.test) === 0) return decided;
  const [scores, limits] = blend?.used === true && blended ? [blended.valid, blend.thresholds] : [deep.valid, thresholds]; // prettier-ignore
  const { accuracy } = computeMetrics(scores, rows.valid, rows.labels, { multiLabel: rows.multiLabel, thresholds: limits }); // prettier-ignore
  const isCrossFitted = blend?.used === true && n >= FEWEST_JUDGED && judged === n && !rows.multiLabel;
  const right = Math.round(n * (isCrossFitted ? blend.validation.blendScore : accuracy));
  return { ...decided, validation: { n, accuracy: right / n, accuracyInterval: wilsonInterval(right, n) } };
}

/** What was found out about the blend; null where there is none. */
export function blendNote(blend: Blend | null, multiLabel: boolean): RunNote | null {
  if (!blend) return null;
  const { n, modelLoss, blendLoss, modelScore, blendScore, pays } = blend.validation;
  const weight = blend.weights.baseline;
  if (blend.used && n < FEWEST_JUDGED) return { code: 'blend-unjudged', weight, n };
  return {
    code: !blend.used ? 'blend-left-out' : pays ? 'blend-pays' : 'blend-asked',
    weight,
    score: multiLabel ? 'micro-f1' : 'accuracy',
    lossBefore: modelLoss,
    lossAfter: blendLoss,
    scoreBefore: modelScore,
    scoreAfter: blendScore,
  };
}
