import { bootstrapIntervals, type BootstrapIntervals } from '../../../engine/inspect/bootstrap';
import { countOutcomes, type Outcomes } from '../../../engine/inspect/outcomes';
import { comparePaired } from '../../../engine/inspect/paired';
import { similarityOrder } from '../../../engine/inspect/similarity-order';
import { runAsync } from '../../../engine/evaluate/in-steps';
import { f1Interval, wilsonInterval } from '../../../engine/evaluate/wilson';
import type { ClassFigures, ContenderFigures, Overview } from '../../../shared/inspect-types';
import type { Metrics } from '../../../shared/training-types';
import { measuredOutcomes, measuredSplit, type Contender } from './held-out-outcomes';
import type { HeldOut } from './held-out';

/** Model, baseline, blend and majority class side by side with intervals, label by label, and the mix-ups in order. */
export async function overviewOf(heldOut: HeldOut): Promise<Overview> {
  const { comparison, labels, multiLabel } = heldOut;
  const used: Contender = heldOut.used;
  const outcomes = measuredOutcomes(heldOut, used);
  const baseline = measuredOutcomes(heldOut, 'baseline');
  const intervals = await runAsync(bootstrapIntervals(outcomes));
  const contenders = [majority(heldOut), figures('baseline', comparison.baseline, false, await runAsync(bootstrapIntervals(baseline)))]; // prettier-ignore
  const deep = heldOut.used === 'blend' ? comparison.deep : comparison.model;
  const of = async (id: 'deep' | 'blend', metrics: Metrics): Promise<ContenderFigures> => {
    const own = id === used ? intervals : await runAsync(bootstrapIntervals(measuredOutcomes(heldOut, id)));
    return figures(id, metrics, id === used, own);
  };
  if (deep) contenders.push(await of('deep', deep));
  const blend = heldOut.used === 'blend' ? comparison.model : comparison.blend;
  if (blend && measuredSplit(heldOut).blend) contenders.push(await of('blend', blend));
  const { confusion } = comparison.model;
  return {
    runId: heldOut.run.id,
    startedAt: heldOut.run.startedAt,
    split: comparison.split,
    n: outcomes.n,
    multiLabel,
    labels: [...labels],
    majorityLabel: comparison.majority.label,
    contenders,
    againstBaseline: comparePaired(baseline.right, outcomes.right),
    perClass: classFigures(labels, outcomes, comparison.baseline),
    confusion,
    order: confusion ? similarityOrder(confusion) : labels.map((_, c) => c),
  };
}

function majority(heldOut: HeldOut): ContenderFigures {
  const { accuracy } = heldOut.comparison.majority;
  const n = heldOut.comparison.model.n;
  return {
    id: 'majority',
    used: false,
    accuracy,
    accuracyInterval: wilsonInterval(Math.round(accuracy * n), n),
    macroF1: null,
    macroF1Interval: null,
    microF1: null,
    microF1Interval: null,
    ece: null,
    loss: null,
  };
}

function figures(
  id: 'baseline' | 'deep' | 'blend',
  { accuracy, accuracyInterval, macroF1, microF1, ece, loss }: Metrics,
  used: boolean,
  intervals: BootstrapIntervals,
): ContenderFigures {
  return {
    id,
    used,
    accuracy,
    accuracyInterval,
    macroF1,
    macroF1Interval: intervals.macroF1,
    microF1,
    microF1Interval: intervals.microF1,
    ece,
    loss,
  };
}

function classFigures(labels: readonly string[], outcomes: Outcomes, baseline: Metrics): ClassFigures[] {
  const counts = countOutcomes(outcomes);
  const baselineF1 = new Map(baseline.perClass.map(({ label, f1 }) => [label, f1]));
  return labels.map((label, c) => {
    const [hits, missed, wrong] = [counts[3 * c] ?? 0, counts[3 * c + 1] ?? 0, counts[3 * c + 2] ?? 0];
    const [support, predicted] = [hits + missed, hits + wrong];
    return {
      label,
      support,
      predicted,
      precision: predicted === 0 ? 0 : hits / predicted,
      precisionInterval: wilsonInterval(hits, predicted),
      recall: support === 0 ? 0 : hits / support,
      recallInterval: wilsonInterval(hits, support),
      f1: support + predicted === 0 ? 0 : (2 * hits) / (support + predicted),
      f1Interval: f1Interval(hits, missed + wrong),
      baselineF1: baselineF1.get(label) ?? 0,
    };
  });
}
