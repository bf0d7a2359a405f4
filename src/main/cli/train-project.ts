import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { projectFilePath, type ProjectSource } from '../host/project-file';
import { AppError } from '../../shared/errors';
import type { ImportRole, ReadOptions } from '../../shared/data-types';
import type { Comparison, Metrics, Run, TrainingRequest } from '../../shared/training-types';
import { chooseColumns, quoted, type ColumnFlags } from './columns';
import { comparedTable } from './compared-table';
import { duration, integer } from './human';
import { standingWords } from './measured-words';
import { watchJob, type Session } from './session';

/** A file for a project, and what its rows are for. */
export interface SourceFile {
  readonly path: string;
  readonly role: ImportRole;
}

/** Opens the project in a folder, or makes the folder one. */
export async function openOrCreate({ host, output }: Session, folder: string): Promise<void> {
  const wanted = path.resolve(folder);
  if (existsSync(projectFilePath(wanted))) {
    await host.handle('project.open', { path: wanted });
  } else {
    await host.handle('project.create', { path: wanted, name: path.basename(wanted) });
    output.say(`New project in ${wanted}`);
  }
}

/**
 * Imports the files that the project does not hold yet. Files that it holds already, unchanged and for the same
 * purpose, are used as they are, so that a command can be run again.
 * @throws AppError `bad-input` where the project holds other rows
 */
export async function importSources(
  session: Session,
  sources: readonly SourceFile[],
  flags: ColumnFlags,
  options: ReadOptions,
): Promise<void> {
  const held = session.host.services.project.sources;
  const missing: SourceFile[] = [];
  for (const source of sources) {
    if (await isHeld(source, held)) checkSameColumns(source, held, flags);
    else missing.push(source);
  }
  const wanted = new Set(sources.map((source) => path.resolve(source.path)));
  const { rows } = session.host.services.project.store.counts();
  if (held.some((source) => !wanted.has(source.path)) || (held.length === 0 && rows > 0))
    throw otherRows(session, held);
  for (const source of missing) {
    if (held.some((each) => each.path === path.resolve(source.path))) throw otherRows(session, held);
    await importSource(session, source, flags, options);
  }
}

/**
 * A file that is held was read as it was told then: other columns would be left out of account without a word.
 * @throws AppError `bad-input`
 */
function checkSameColumns(source: SourceFile, held: readonly ProjectSource[], flags: ColumnFlags): void {
  const file = path.resolve(source.path);
  const columns = held.find((each) => each.path === file && each.role === source.role)?.columns;
  if (columns === undefined) return;
  const differ = (wanted: readonly string[] | undefined, read: readonly string[]): boolean =>
    wanted !== undefined && wanted.join('\n') !== read.join('\n');
  const isLabelled = source.role !== 'unlabelled';
  const wrong = differ(flags.text, columns.textColumns)
    ? { flag: '--text', wanted: flags.text, read: columns.textColumns }
    : isLabelled && differ(flags.label, columns.labelColumns)
      ? { flag: '--label', wanted: flags.label, read: columns.labelColumns }
      : null;
  if (wrong === null) return;
  const read = wrong.read.length === 0 ? 'none' : quoted(wrong.read);
  throw new AppError(
    'bad-input',
    `The project holds ${path.basename(file)} already, read with ${read} for ${wrong.flag}; expected the same, got ${quoted(wrong.wanted ?? [])}.`,
    { hint: 'Name a new folder with --project to read it with other columns.', data: { file } },
  );
}

async function importSource(
  session: Session,
  source: SourceFile,
  flags: ColumnFlags,
  options: ReadOptions,
): Promise<void> {
  const { host, output } = session;
  const preview = await host.handle('import.preview', { path: source.path, options });
  const { choice, said } = chooseColumns(preview, flags, source.role !== 'unlabelled');
  for (const sentence of said) output.say(`${path.basename(source.path)}: ${sentence}`);
  const request = { path: source.path, options, columns: choice, role: source.role };
  const { jobId } = await host.handle('import.run', request);
  await watchJob(session, jobId, 'Nothing of the file was kept; run the command again.');
  const summary = await host.handle('import.summary', {});
  if (!summary) return;
  const rejected = summary.rejectedCount > 0 ? `, ${integer(summary.rejectedCount)} could not be read` : '';
  output.say(
    `${path.basename(source.path)}: ${integer(summary.rows)} rows, ${integer(summary.labelled)} labelled${rejected}`,
  );
  for (const { line, reason } of summary.rejected.slice(0, 3)) output.say(`  line ${line}: ${reason}`);
}

/** A run that is over, with the seconds that this sitting took. */
export interface TrainedRun {
  readonly run: Run;
  readonly seconds: number;
}

/** Starts a run, or goes on with one, and shows it to its end. */
export async function train(
  session: Session,
  request: TrainingRequest,
  resumeRunId: string | null,
  resumeCommand: string,
): Promise<TrainedRun> {
  const { host } = session;
  const begun = performance.now();
  const start = resumeRunId === null ? request : { ...request, resumeRunId };
  const { jobId } = await host.handle('training.start', start);
  const job = await watchJob(session, jobId, `Go on with: ${resumeCommand}`);
  if (job.runId === null) throw new AppError('internal', 'The training job has no run.');
  const run = await host.handle('runs.get', { runId: job.runId });
  return { run, seconds: (performance.now() - begun) / 1000 };
}

/** What is compared, and what it can be gone by. */
function comparisonTable(comparison: Comparison): string {
  const { model, split } = comparison;
  const rows = model.n === 1 ? 'row' : 'rows';
  return [
    `On ${integer(model.n)} ${split === 'test' ? `test ${rows} that it has never seen` : `validation ${rows}`}:`,
    comparedTable(comparison, { microF1: !model.confusion }),
    ...standingWords(comparison).map((line) => `  ${line}`),
  ].join('\n');
}

/** The figures of one contender that programs read. */
function figures({ accuracy, macroF1, microF1, ece }: Metrics) {
  return { accuracy, macroF1, microF1, ece };
}

/** What a finished run says for a program: where the model is and how good it is. */
export function runFacts({ host }: Session, { run, seconds }: TrainedRun): Record<string, unknown> {
  const { project } = host.services;
  const { comparison } = run;
  return {
    project: project.path,
    run: run.id,
    classifier: project.models.classifier,
    ...project.store.counts(),
    labels: comparison?.labels ?? [],
    seconds,
    device: run.device,
    split: comparison?.split ?? null,
    n: comparison?.model.n ?? null,
    accuracy: comparison?.model.accuracy ?? null,
    macroF1: comparison?.model.macroF1 ?? null,
    microF1: comparison?.model.microF1 ?? null,
    ece: comparison?.model.ece ?? null,
    interval: comparison?.model.accuracyInterval ?? null,
    validation: comparison?.validation ?? null,
    learned: comparison?.learned ?? null,
    blendChoice: comparison?.blendChoice ?? null,
    calibration: comparison?.calibration ?? null,
    baseline: comparison && figures(comparison.baseline),
    deep: comparison?.deep ? figures(comparison.deep) : null,
    blend: comparison?.blend ? figures(comparison.blend) : null,
    members: (comparison?.members ?? []).map(({ name, weight, metrics }) => ({ name, weight, ...figures(metrics) })),
    majority: comparison?.majority ?? null,
    plan: run.plan,
  };
}

/** What a finished run says for a person. */
export function runWords({ host }: Session, { run, seconds }: TrainedRun): string {
  const figures = run.comparison ? comparisonTable(run.comparison) : 'The run has no measurement.';
  return `${figures}\nTrained in ${duration(seconds)}. The model: ${host.services.project.models.classifier}`;
}

async function isHeld(source: SourceFile, held: readonly ProjectSource[]): Promise<boolean> {
  const file = path.resolve(source.path);
  const known = held.find((each) => each.path === file && each.role === source.role);
  if (!known) return false;
  const { size, mtime } = await stat(file);
  return known.bytes === size && known.modifiedAt === mtime.toISOString();
}

function otherRows(session: Session, held: readonly ProjectSource[]): AppError {
  const names = held.map((source) => path.basename(source.path)).join(', ') || 'an import that was cut off';
  const folder = session.host.services.project.path;
  return new AppError('bad-input', `The project in ${folder} holds other rows already (${names}).`, {
    hint: 'Name a new folder with --project, or leave --data out to train on the rows that are there.',
    data: { folder },
  });
}
