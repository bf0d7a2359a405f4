import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTrainingNotes } from '../../src/main/host/classifier-folder';
import { runClassifier } from '../../src/main/host/inspection/run-classifier';
import { OpenProject } from '../../src/main/host/open-project';
import type { Metrics } from '../../src/shared/training-types';

const figures: Metrics = { n: 2, accuracy: 0.5, accuracyInterval: [0, 1], macroF1: 0.5, microF1: 0.5, ece: 0, loss: 1, perClass: [], confusion: null }; // prettier-ignore
let folder: string;
let project: OpenProject;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-run-classifier-'));
  project = await OpenProject.create(path.join(folder, 'project'), 'Two runs');
});
afterEach(async () => {
  await project.close();
  await rm(folder, { recursive: true, force: true });
});

/** A classifier folder as far as it is looked at, noted to come from a run. */
async function classifierOf(runId: string | null, at: string): Promise<string> {
  await mkdir(at, { recursive: true });
  await writeFile(path.join(at, 'model.json'), '{}');
  await writeTrainingNotes(at, {
    thaw: '0.1.0',
    runId,
    createdAt: '2026-11-20T09:00:00Z',
    columns: { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null },
    majorityLabel: 'a',
    baselineTemperature: 1,
    baselineThresholds: null,
    blend: null,
    comparison: {
      split: 'valid',
      labels: ['a', 'b'],
      model: figures,
      baseline: figures,
      majority: { label: 'a', accuracy: 0.5 },
      temperature: 1,
      eceBeforeTemperature: 0,
    },
  });
  return at;
}

describe('the classifier of a run', () => {
  it('is its own while it is kept, and none once its weights are gone', async () => {
    await classifierOf('run-2', project.models.classifier);
    const own = await classifierOf('run-1', path.join(project.runs.folder('run-1'), 'models', 'classifier'));
    expect(await runClassifier(project, 'run-1')).toBe(own);
    await rm(own, { recursive: true });
    expect(await runClassifier(project, 'run-1')).toBeNull();
  });

  it("is the project's where that one came from the run, kept there or not", async () => {
    await classifierOf('run-1', project.models.classifier);
    expect(await runClassifier(project, 'run-1')).toBe(project.models.classifier);
    await classifierOf('run-1', path.join(project.runs.folder('run-1'), 'models', 'classifier'));
    expect(await runClassifier(project, 'run-1')).toBe(project.models.classifier);
  });

  it('is found in a project that has none of its own, and never outside of its runs', async () => {
    const own = await classifierOf('run-1', path.join(project.runs.folder('run-1'), 'models', 'classifier'));
    expect(await runClassifier(project, 'run-1')).toBe(own);
    await expect(runClassifier(project, '../..')).rejects.toMatchObject({ code: 'not-found' });
  });
});
