import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ablationCsv, ablationMarkdown, ablationRow } from '../../../engine/evaluate/ablation-table';
import { ablationVariants, type AblationVariant } from '../../../engine/tasks/ablation-variants';
import { writeJsonAtomic } from '../../../engine/weights/atomic-write';
import {
  ablationCellSchema,
  ablationTableSchema,
  type AblationCell,
  type AblationRequest,
  type AblationTable,
} from '../../../shared/ablation-types';
import { AppError } from '../../../shared/errors';
import { noteEvent } from '../../../shared/note-words';
import { trainingRequestSchema } from '../../../shared/training-types';
import type { JobControl } from '../job-control';
import { readJson } from '../json-file';
import type { OpenProject } from '../open-project';
import { startingModels } from '../pretrained';
import type { HostServices } from '../services';
import { heldOutScores } from './finish-run';
import { fitRunBaseline, type RunBaseline } from './run-baseline';
import { loadRunInputs, type RunInputs } from './run-inputs';
import { settleRun } from './settle-run';
import { shardsMatch } from './text-shards';
import { trainPasses } from './train-passes';
import { keepInputs, newInputs } from './train-task';

const settingsSchema = z.object({ request: trainingRequestSchema, seeds: z.number().int() });

/** An ablation under way. */
interface Ablation {
  readonly folder: string;
  readonly request: AblationRequest;
  readonly variants: readonly AblationVariant[];
  readonly inputs: RunInputs;
  readonly baseline: RunBaseline;
}

/**
 * Trains every variant with every seed on the same rows and writes the table after each run. Runs that are finished stay;
 * the one that an interruption hit goes on from its checkpoint.
 * @throws AppError `bad-input` where the folder holds an ablation of other rows or another request
 */
export async function ablate(
  services: HostServices,
  project: OpenProject,
  request: AblationRequest,
  control: JobControl,
): Promise<AblationTable> {
  const folder = path.resolve(request.folder);
  const variants = ablationVariants(request.request, request.what);
  await mkdir(folder, { recursive: true });
  await keepSettings(folder, request);
  const planned = variants.length * request.seeds;
  // Preparing is a part of its own, so that the runs are not told as what comes after the end.
  control.report({ type: 'part', place: 0, parts: planned + 1 });
  control.report({ type: 'stage', stage: 'tokenize', stages: ['tokenize', 'baseline'] });
  const inputs = await inputsOf(services, project, folder, request, control);
  control.report({ type: 'stage', stage: 'baseline', stages: ['tokenize', 'baseline'] });
  const baseline = await fitRunBaseline(services, project, inputs, folder, control);
  const ablation: Ablation = { folder, request, variants, inputs, baseline };
  // Seed by seed, so that an early stop leaves every variant with about as many runs.
  for (let place = 0; place < planned; place++) {
    const variant = variants[place % variants.length];
    if (!variant) break;
    const seed = request.request.seed + Math.floor(place / variants.length);
    if (existsSync(cellFile(folder, variant, seed))) continue;
    await control.checkpoint();
    control.report({ type: 'part', place: place + 1, parts: planned + 1 });
    const { name, change } = variant;
    control.report(noteEvent({ code: 'ablation-run', run: place + 1, of: planned, variant: name, change, seed }));
    await trainCell(services, project, ablation, variant, seed, control);
    await writeTable(ablation);
  }
  return writeTable(ablation);
}

/** What an ablation's folder holds; null for none. */
export async function ablationTable(folder: string): Promise<AblationTable | null> {
  return readJson(path.join(path.resolve(folder), 'table.json'), ablationTableSchema, "an ablation's table", 'file-format'); // prettier-ignore
}

/** The ablations in the folders of a folder, newest first (their names begin with their date). */
export async function ablationsIn(
  folder: string,
): Promise<{ folder: string; name: string; table: AblationTable | null }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = names.sort().reverse();
  return Promise.all(
    found.map(async (name) => {
      const inside = path.join(folder, name);
      return { folder: inside, name, table: await ablationTable(inside) };
    }),
  );
}

async function keepSettings(folder: string, { request, seeds }: AblationRequest): Promise<void> {
  const file = path.join(folder, 'ablation.json');
  const known = await readJson(file, settingsSchema, "an ablation's settings", 'file-format');
  // More variants or seeds may join later; the run that all are compared with may not change.
  if (known && JSON.stringify(known.request) !== JSON.stringify(request)) {
    throw new AppError('bad-input', `${folder} holds an ablation of another run.`, {
      hint: 'Name a new folder with --out, or give the same preset, seed, minutes and options as before.',
      data: { folder },
    });
  }
  await writeJsonAtomic(file, { request, seeds });
}

async function inputsOf(
  services: HostServices,
  project: OpenProject,
  folder: string,
  { request }: AblationRequest,
  control: JobControl,
): Promise<RunInputs> {
  const known = await loadRunInputs(folder);
  if (known && (await shardsMatch(project, known.stamp))) return known;
  if (known) {
    throw new AppError('bad-input', `The rows have changed since the ablation in ${folder} began.`, {
      hint: 'Name a new folder with --out.',
    });
  }
  const inputs = await newInputs(services, project, request, control);
  await keepInputs(project, folder, inputs);
  return inputs;
}

async function trainCell(
  services: HostServices,
  project: OpenProject,
  ablation: Ablation,
  variant: AblationVariant,
  seed: number,
  control: JobControl,
): Promise<void> {
  const { folder, request, variants, baseline } = ablation;
  const runFolder = path.join(folder, 'runs', `${variant.name}-seed-${seed}`);
  const resume = existsSync(runFolder);
  await mkdir(runFolder, { recursive: true });
  const { minutes } = request.request;
  const own = minutes === undefined ? {} : { minutes: minutes / (variants.length * request.seeds) };
  const models = await startingModels(variant.request);
  const inputs: RunInputs = {
    ...ablation.inputs,
    request: { ...variant.request, ...own, seed },
    pretrained: models.forward,
    pretrainedBackward: models.backward,
  };
  const begun = performance.now();
  const run = {
    runFolder,
    modelsFolder: path.join(runFolder, 'models'),
    inputs,
    resume,
    minutesGone: () => 0,
    map: <E>(event: E): E => event,
  };
  const passes = await trainPasses(services, project, run, control);
  const members = await heldOutScores({ services, project, finished: { inputs, passes }, control });
  const rows = { ...inputs, train: csr(inputs.train), valid: csr(inputs.valid), test: csr(inputs.test) };
  const { model } = settleRun(rows, members, baseline, 'off').comparison;
  const { accuracy, macroF1, loss, ece } = model;
  const seconds = passes.reduce((sum, { result }) => sum + result.seconds, 0);
  const spent = resume ? seconds : (performance.now() - begun) / 1000;
  const cell: AblationCell = { variant: variant.name, seed, accuracy, macroF1, loss, ece, seconds: spent };
  await writeJsonAtomic(cellFile(folder, variant, seed), cell);
  await rm(runFolder, { recursive: true, force: true });
}

/** Finished runs lie side by side; what a run needs while it trains is gone by then. */
function cellFile(folder: string, { name }: AblationVariant, seed: number): string {
  return path.join(folder, 'cells', `${name}-seed-${seed}.json`);
}

async function writeTable({ folder, request, variants, inputs, baseline }: Ablation): Promise<AblationTable> {
  const names = new Set(variants.map(({ name }) => name));
  const last = request.request.seed + request.seeds;
  const cells = (await readCells(folder)).filter(({ variant, seed }) => names.has(variant) && seed < last);
  const split = inputs.test.documents.length > 0 ? 'test' : 'valid';
  const empty = { ...inputs, train: csr(inputs.train), valid: csr(inputs.valid), test: csr(inputs.test) };
  const nobody = { name: 'baseline', temperature: 1, calibrated: baseline, raw: baseline };
  const { baseline: measured } = settleRun(empty, [nobody], baseline, 'off').comparison;
  const table: AblationTable = {
    split,
    n: inputs[split].documents.length,
    seeds: request.seeds,
    finished: cells.length,
    planned: variants.length * request.seeds,
    rows: variants.map((variant) => ablationRow(variant, cells)),
    baseline: { accuracy: measured.accuracy, macroF1: measured.macroF1 },
    cells,
  };
  await writeJsonAtomic(path.join(folder, 'table.json'), table);
  await writeFile(path.join(folder, 'table.csv'), ablationCsv(table));
  await writeFile(path.join(folder, 'table.md'), ablationMarkdown(table));
  return table;
}

async function readCells(folder: string): Promise<AblationCell[]> {
  const cells = path.join(folder, 'cells');
  if (!existsSync(cells)) return [];
  const names = (await readdir(cells)).filter((name) => name.endsWith('.json')).sort();
  const read = await Promise.all(
    names.map((name) => readJson(path.join(cells, name), ablationCellSchema, 'a run of an ablation', 'file-format')),
  );
  return read.filter((cell) => cell !== null);
}

function csr({ labelOffsets, labels }: RunInputs['train']): { offsets: Int32Array; labels: Int32Array } {
  return { offsets: labelOffsets, labels };
}
