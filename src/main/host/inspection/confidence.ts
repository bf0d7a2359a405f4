import { withTemperature } from '../../../engine/evaluate/average';
import { expectedCalibrationError, reliabilityBins } from '../../../engine/evaluate/reliability';
import { abstainFigures } from '../../../engine/inspect/confidence';
import type { Confidence } from '../../../shared/inspect-types';
import type { HeldOut } from './held-out';
import { measuredSplit } from './held-out-outcomes';

/** Bars of the reliability diagram: as many as the calibration error is measured with. */
const BINS = 15;

/** What holding back unsure answers does, and how honest the deep model's probabilities are before and after its temperature. */
export function confidenceOf(heldOut: HeldOut, abstainBelow: number | null): Confidence {
  const { comparison, labels, multiLabel } = heldOut;
  const split = measuredSplit(heldOut);
  const options = { classes: labels.length, multiLabel };
  // At temperature T the deep model said softmax(z / T): a temperature of 1 / T on it gives what it said before.
  const raw = withTemperature(split.deep, 1 / comparison.temperature, options);
  const bins = (probabilities: Float32Array) =>
    reliabilityBins(probabilities, split.truth, labels.length, { multiLabel, bins: BINS });
  const [before, after] = [bins(raw), bins(split.deep)];
  return {
    runId: heldOut.run.id,
    split: comparison.split,
    n: split.rows.length,
    multiLabel,
    ...abstainFigures(split.final, split.truth, labels, multiLabel),
    thresholds: heldOut.thresholds[heldOut.used],
    abstainBelow,
    temperature: comparison.temperature,
    reliability: {
      before,
      after,
      used: heldOut.used === 'deep' ? null : bins(split.final),
      eceBefore: expectedCalibrationError(before),
      eceAfter: expectedCalibrationError(after),
    },
  };
}
