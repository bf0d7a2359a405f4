import path from 'node:path';
import { withTemperature } from '../../../engine/evaluate/average';
import { scoresOf } from '../../../engine/evaluate/log-odds';
import { fitTemperature } from '../../../engine/evaluate/temperature';
import { chooseThresholds } from '../../../engine/evaluate/thresholds';
import type { JobControl } from '../job-control';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import type { BaselineDocuments } from '../../workers/baseline-protocol';
import type { RunInputs } from './run-inputs';

/** What the TF-IDF baseline says about the held-out rows of a run, at its temperature. // each [rows, classes] */
export interface RunBaseline {
  readonly valid: Float32Array;
  readonly test: Float32Array;
  readonly temperature: number;
  readonly thresholds: readonly number[] | null;
}

/** The words of the texts, and behind them those that the classifier can read besides (see `unseenWords`). */
function vocabularies(project: OpenProject, { request, pretrained, pretrainedBackward }: RunInputs) {
  const folder = request.options?.unseenWords === 'drop' ? null : (pretrained ?? pretrainedBackward);
  return {
    file: path.join(project.textFolder, 'vocabulary.json'),
    pretrained: folder === null ? null : path.join(folder, 'vocabulary.json'),
  };
}

/**
 * What a baseline that learns from the training rows says of others. // each [rows, classes]
 * @throws CancelledError
 */
export function askBaseline(
  services: HostServices,
  project: OpenProject,
  inputs: RunInputs,
  asked: { readonly rows: readonly Int32Array[]; readonly saveTo: string | null },
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  const { train, labels, multiLabel, request, shareWeights } = inputs;
  const documents = (rows: Int32Array): BaselineDocuments => ({
    kind: 'shards',
    folder: project.textFolder,
    documents: rows,
  });
  return services.baseline.fit(
    {
      documents: documents(train.documents),
      labelOffsets: train.labelOffsets,
      labels: train.labels,
      classes: labels.length,
      multiLabel,
      seed: request.seed,
      classWeights: shareWeights,
      // Sub-words are pieces already.
      words: inputs.stamp.kind === 'words' ? vocabularies(project, inputs) : null,
      saveTo: asked.saveTo,
      predict: asked.rows.map(documents),
    },
    signal,
  );
}

/** Fits the baseline on the rows that the model trains on, saves it in the run's folder, and calibrates it. */
export async function fitRunBaseline(
  services: HostServices,
  project: OpenProject,
  inputs: RunInputs,
  runFolder: string,
  control: JobControl,
): Promise<RunBaseline> {
  const { valid, test, labels, multiLabel } = inputs;
  const asked = { rows: [valid.documents, test.documents], saveTo: path.join(runFolder, 'baseline.bin') };
  const [onValid, onTest] = await askBaseline(services, project, inputs, asked, control.signal);
  const truth = { offsets: valid.labelOffsets, labels: valid.labels };
  const raw = onValid ?? new Float32Array(0);
  const options = { classes: labels.length, multiLabel };
  const temperature = fitTemperature(scoresOf(raw, options), truth, options);
  const calibrated = withTemperature(raw, temperature, options);
  return {
    valid: calibrated,
    test: withTemperature(onTest ?? new Float32Array(0), temperature, options),
    temperature,
    thresholds: multiLabel ? [...chooseThresholds(calibrated, truth)] : null,
  };
}
