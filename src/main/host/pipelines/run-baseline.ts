import path from 'node:path';
import { chooseThresholds } from '../../../engine/evaluate/thresholds';
import type { JobControl } from '../job-control';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import type { BaselineDocuments } from '../../workers/baseline-protocol';
import type { RunInputs } from './run-inputs';

/** What the TF-IDF baseline says about the held-out rows of a run. // each [rows, classes] */
export interface RunBaseline {
  readonly valid: Float32Array;
  readonly test: Float32Array;
  readonly thresholds: readonly number[] | null;
}

/** Fits the baseline on the rows that the model trains on, and saves it in the run's folder. */
export async function fitRunBaseline(
  services: HostServices,
  project: OpenProject,
  inputs: RunInputs,
  runFolder: string,
  control: JobControl,
): Promise<RunBaseline> {
  const { train, valid, test, labels, multiLabel, request } = inputs;
  const documents = (rows: Int32Array): BaselineDocuments => ({
    kind: 'shards',
    folder: project.textFolder,
    documents: rows,
  });
  const [onValid, onTest] = await services.baseline.fit(
    {
      documents: documents(train.documents),
      labelOffsets: train.labelOffsets,
      labels: train.labels,
      classes: labels.length,
      multiLabel,
      seed: request.seed,
      saveTo: path.join(runFolder, 'baseline.bin'),
      predict: [documents(valid.documents), documents(test.documents)],
    },
    control.signal,
  );
  const onValidation = onValid ?? new Float32Array(0);
  const truth = { offsets: valid.labelOffsets, labels: valid.labels };
  return {
    valid: onValidation,
    test: onTest ?? new Float32Array(0),
    thresholds: multiLabel ? [...chooseThresholds(onValidation, truth)] : null,
  };
}
