import type { LabelCsr } from '../../../engine/evaluate/label-csr';
import { majorityClass } from '../../../engine/evaluate/majority';
import { computeMetrics } from '../../../engine/evaluate/metrics';
import { probabilitiesAt } from '../../../engine/evaluate/temperature';
import type { LabelledDocuments, TrainResult } from '../../../engine/tasks/protocol';
import type { StageId } from '../../../shared/jobs';
import type { Comparison } from '../../../shared/training-types';
import { writeTrainingNotes } from '../classifier-folder';
import type { JobControl } from '../job-control';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { thawVersion } from '../version';
import type { RunBaseline } from './run-baseline';
import type { RunInputs } from './run-inputs';
import { scoreRows } from './score-rows';

/** A run whose training is over. */
export interface FinishedTraining {
  readonly runId: string;
  readonly inputs: RunInputs;
  readonly result: TrainResult;
  readonly baseline: RunBaseline;
  readonly modelsFolder: string;
  /** The stages of the whole run, so that the track stays whole to the end. */
  readonly track: readonly StageId[];
}

/** At most so many unlabelled rows get predictions at once: enough for the screens and for choosing what to label. */
const mostUnlabelled = 50_000;

/** Measures the model on the held-out rows, puts the models in their place, and saves what the screens show. */
export async function finishRun(
  services: HostServices,
  project: OpenProject,
  finished: FinishedTraining,
  control: JobControl,
): Promise<void> {
  const { runId, inputs, result, modelsFolder, track } = finished;
  const { labels, multiLabel, valid, test, columns } = inputs;
  const classes = labels.length;
  control.report({ type: 'stage', stage: 'evaluate', stages: [...track] });
  const onValid = probabilitiesAt(result.validLogits, classes, result.temperature, { multiLabel });
  const score = (stage: StageId, folder: string, rows: Int32Array): Promise<Float32Array> =>
    scoreRows(services, { folder, classes }, project.textFolder, rows, control, (done) =>
      control.report({ type: 'count', stage, done, total: rows.length, unit: 'rows', secondsLeft: null }),
    );
  const onTest = await score('evaluate', result.classifierDir, test.documents);
  const comparison = compare(finished, onValid, onTest);
  await writeTrainingNotes(result.classifierDir, {
    thaw: thawVersion(),
    createdAt: new Date().toISOString(),
    columns,
    majorityLabel: comparison.majority.label,
    baselineThresholds: finished.baseline.thresholds && [...finished.baseline.thresholds],
    comparison,
  });
  await project.models.replaceWith(modelsFolder);
  await project.runs.update(runId, { comparison });

  control.report({ type: 'stage', stage: 'predict', stages: [...track] });
  const { store } = project;
  // Another basis drops what an older model said, of rows too that this run does not score.
  await store.savePredictions([], [...labels], new Float32Array(0), 'baseline');
  await store.savePredictions(valid.documents, [...labels], onValid);
  if (test.documents.length > 0) await store.savePredictions(test.documents, [...labels], onTest);
  const unlabelled = await store.unlabelledRowIds(mostUnlabelled, inputs.request.seed);
  const onUnlabelled = await score('predict', project.models.classifier, unlabelled);
  if (unlabelled.length > 0) await store.savePredictions(unlabelled, [...labels], onUnlabelled);
  await services.projectChanged();
}

/** Model, baseline and majority class on the test rows, or, where there are none, on the validation rows. */
function compare(finished: FinishedTraining, onValid: Float32Array, onTest: Float32Array): Comparison {
  const { inputs, result, baseline } = finished;
  const { labels, multiLabel } = inputs;
  const isTest = inputs.test.documents.length > 0;
  const truth = csr(isTest ? inputs.test : inputs.valid);
  const probabilities = isTest ? onTest : onValid;
  const measure = (scores: Float32Array, thresholds: readonly number[] | null) =>
    computeMetrics(scores, truth, labels, { multiLabel, thresholds });
  const { classId, accuracy } = majorityClass(csr(inputs.train), truth, labels.length);
  const uncalibrated = isTest
    ? probabilitiesAt(logitsOf(onTest, result.temperature, multiLabel), labels.length, 1, { multiLabel })
    : probabilitiesAt(result.validLogits, labels.length, 1, { multiLabel });
  return {
    split: isTest ? 'test' : 'valid',
    labels: [...labels],
    model: measure(probabilities, result.thresholds),
    baseline: measure(isTest ? baseline.test : baseline.valid, baseline.thresholds),
    majority: { label: labels[classId] ?? '', accuracy },
    temperature: result.temperature,
    eceBeforeTemperature: measure(uncalibrated, result.thresholds).ece,
  };
}

/** Logits (up to a constant a row) that give these probabilities at this temperature. */
function logitsOf(probabilities: Float32Array, temperature: number, multiLabel: boolean): Float32Array {
  const least = 1e-30; // a probability that has underflowed to 0 was hardly more
  return probabilities.map((p) => {
    const log = Math.log(Math.max(p, least));
    return temperature * (multiLabel ? log - Math.log(Math.max(1 - p, least)) : log);
  });
}

function csr({ labelOffsets, labels }: LabelledDocuments): LabelCsr {
  return { offsets: labelOffsets, labels };
}
