import path from 'node:path';
import type { Command } from 'commander';
import { isTooFewToMeasure } from '../../../shared/evidence';
import { sayNote } from '../../../shared/note-words';
import { percentInEnglish } from '../../../shared/share-words';
import type { RunDisk, Run as TrainingRun } from '../../../shared/training-types';
import type { TrashedRun } from '../../../shared/run-trash-types';
import type { Run } from '../command';
import { findRun } from '../find-run';
import { contenderName, duration, table } from '../human';
import { measuredShare, standingWords } from '../measured-words';
import { collect, whole } from '../options';
import { UsageError } from '../output';
import type { Session } from '../session';
import { size } from './models-words';

interface ProjectFlags {
  readonly project: string;
}
interface PruneFlags extends ProjectFlags {
  readonly run?: readonly string[];
  readonly keep?: number;
}

/** `thaw runs`: the training runs of a project and the room that they take. */
export function addRuns(program: Command, run: Run): void {
  const command = program
    .command('runs')
    .description('Training runs of a project: list, show, rename, prune, trash, restore.');
  const ofProject = (sub: Command): Command => sub.requiredOption('--project <folder>', 'folder of the project');
  ofProject(command.command('list', { isDefault: true }))
    .description('List the runs, newest first, with figures and disk use.')
    .action((flags: ProjectFlags) => run((session) => listRuns(session, flags)));
  ofProject(command.command('show'))
    .description('Everything about one run: what it was asked, its plan, its figures.')
    .argument('<run>', 'id or name of the run')
    .action((wanted: string, flags: ProjectFlags) => run((session) => showRun(session, wanted, flags)));
  ofProject(command.command('rename'))
    .description('Give a run a name of its own; an empty name takes it away.')
    .argument('<run>', 'id or name of the run')
    .argument('<name>', 'what to call it')
    .action((wanted: string, name: string, flags: ProjectFlags) =>
      run((session) => renameRun(session, wanted, name, flags)),
    );
  ofProject(command.command('prune'))
    .description(
      'Delete weights and checkpoints that runs keep. Curves and figures stay, and the classifier of the project.',
    )
    .option('--run <run>', 'id or name of a run; may be given several times', collect)
    .option('--keep <n>', 'all runs that are over but the newest n', whole)
    .action((flags: PruneFlags) => run((session) => pruneRuns(session, flags)));
  ofProject(command.command('trash'))
    .description("Move a run into the project's trash; without a run, list what is there.")
    .argument('[run]', 'id or name of the run')
    .action((wanted: string | undefined, flags: ProjectFlags) => run((session) => trashRun(session, wanted, flags)));
  ofProject(command.command('restore'))
    .description('Fetch a run back out of the trash.')
    .argument('<run>', 'id or name of the run')
    .action((wanted: string, flags: ProjectFlags) => run((session) => restoreRun(session, wanted, flags)));
  command.addHelpText('after', '\nEach of them takes --json; without a command the runs are listed.');
}

interface ListedRun {
  readonly run: TrainingRun;
  readonly disk: RunDisk;
}

/** @param figures with those on test rows: the project counts that as a look at them */
async function runsOf({ host }: Session, { project }: ProjectFlags, figures = false): Promise<ListedRun[]> {
  await host.handle('project.open', { path: path.resolve(project) });
  const disk = new Map((await host.handle('runs.disk', {})).map((each) => [each.runId, each]));
  const none = (runId: string): RunDisk => ({ runId, classifier: 0, whole: 0 });
  return (await host.handle('runs.list', { figures })).map((run) => ({ run, disk: disk.get(run.id) ?? none(run.id) }));
}

async function listRuns(session: Session, flags: ProjectFlags): Promise<void> {
  const runs = await runsOf(session, flags, true);
  const head = ['run', 'name', 'state', 'preset', 'took', 'accuracy', 'baseline', 'on disk'];
  const rows = runs.map(({ run, disk }) => [
    run.id,
    run.name ?? '–',
    run.state,
    run.request.preset,
    tookOf(run),
    run.comparison ? measuredShare(run.comparison.model) : '–',
    run.comparison ? measuredShare(run.comparison.baseline) : '–',
    size(disk.whole),
  ]);
  const bytes = runs.reduce((sum, { disk }) => sum + disk.whole, 0);
  const failed = runs.flatMap(({ run }) => (run.error ? [`${run.id} failed: ${run.error.message}`] : []));
  const words = [
    table([head, ...rows]),
    '',
    ...(failed.length > 0 ? [...failed, ''] : []),
    `${size(bytes)} in all; thaw runs prune gives back what runs keep besides their figures.`,
  ];
  session.output.result(
    { runs: runs.map(({ run, disk }) => ({ ...run, disk })), bytes },
    runs.length === 0 ? 'No run yet.' : words.join('\n'),
  );
}

function tookOf({ startedAt, endedAt }: TrainingRun): string {
  return endedAt === null ? '–' : duration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
}

async function showRun(session: Session, wanted: string, flags: ProjectFlags): Promise<void> {
  const { run: found, disk } = findRun(await runsOf(session, flags), wanted);
  const { events: _curves, ...run } = await session.host.handle('runs.get', { runId: found.id });
  const { comparison, request, plan } = run;
  const options = Object.entries(request.options).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const few = comparison !== null && isTooFewToMeasure(comparison.model.n);
  const share = (value: number): string => percentInEnglish(value, few ? 0 : 1);
  const figures = comparison
    ? [
        `  ${contenderName(comparison.deep ? 'blend' : 'deep', { used: true })}: accuracy ${measuredShare(comparison.model)}, macro F1 ${share(comparison.model.macroF1)} on ${comparison.model.n} ${comparison.split} rows`,
        `  ${contenderName('baseline')}: accuracy ${measuredShare(comparison.baseline)}, macro F1 ${share(comparison.baseline.macroF1)}`,
        ...standingWords(comparison).map((line) => `  ${line}`),
      ]
    : [];
  const lines = [
    `${run.id}${run.name === null ? '' : ` (${run.name})`}: ${run.state}`,
    `  started   ${run.startedAt}, took ${tookOf(run)}`,
    `  preset    ${request.preset}, seed ${request.seed}, from ${request.pretrained === null ? 'scratch' : (request.pretrained ?? 'the shipped language model')}`,
    ...(options.length > 0 ? [`  options   ${options.join(' ')}`] : []),
    ...(run.device === '' ? [] : [`  on        ${run.device}`]),
    ...figures,
    ...errorLines(run),
    `  disk      ${size(disk.whole)}, of which ${size(disk.classifier)} are its models`,
    ...(plan?.reasons ?? []).map((reason) => `  ${sayNote(reason)}`),
  ];
  session.output.result({ run: { ...run, disk } }, lines.join('\n'));
}

/** Why a run has failed, and what to do about it. */
function errorLines({ error }: TrainingRun): string[] {
  if (!error) return [];
  return [`  failed    ${error.message}`, ...(error.hint === undefined ? [] : [`            ${error.hint}`])];
}

async function renameRun(session: Session, wanted: string, name: string, flags: ProjectFlags): Promise<void> {
  const { run } = findRun(await runsOf(session, flags), wanted);
  const short = name.trim();
  const renamed = await session.host.handle('runs.rename', { runId: run.id, name: short === '' ? null : short });
  session.output.result({ run: renamed }, short === '' ? `${run.id} has no name any more.` : `${run.id} is now called ${short}.`); // prettier-ignore
}

async function pruneRuns(session: Session, flags: PruneFlags): Promise<void> {
  if ((flags.run === undefined) === (flags.keep === undefined)) {
    throw new UsageError('Say which: --run RUN (repeatable), or --keep N for all runs that are over but the newest N.');
  }
  const runs = await runsOf(session, flags);
  // A run that was interrupted can go on: only who names it means it.
  const over = runs.filter(({ run }) => ['done', 'failed', 'cancelled'].includes(run.state));
  const chosen = flags.run ? flags.run.map((wanted) => findRun(runs, wanted)) : over.slice(flags.keep);
  const pruned: { readonly runId: string; readonly freed: number }[] = [];
  for (const { run } of chosen) {
    pruned.push({ runId: run.id, ...(await session.host.handle('runs.prune', { runId: run.id })) });
  }
  const freed = pruned.reduce((sum, each) => sum + each.freed, 0);
  session.output.result(
    { pruned, freed },
    `${pruned.length} ${pruned.length === 1 ? 'run' : 'runs'} pruned, ${size(freed)} are free again. (Files that the project's own classifier shares stay with it.)`,
  );
}

async function trashedRuns({ host }: Session, { project }: ProjectFlags): Promise<readonly TrashedRun[]> {
  await host.handle('project.open', { path: path.resolve(project) });
  return host.handle('runs.trashed', {});
}

async function trashRun(session: Session, wanted: string | undefined, flags: ProjectFlags): Promise<void> {
  if (wanted === undefined) {
    const trashed = await trashedRuns(session, flags);
    const rows = trashed.map(({ run, at, bytes }) => [run.id, run.name ?? '–', at, size(bytes)]);
    const words = trashed.length === 0 ? 'The trash is empty.' : table([['run', 'name', 'thrown away', 'on disk'], ...rows]); // prettier-ignore
    session.output.result({ trashed }, words);
    return;
  }
  const { run } = findRun(await runsOf(session, flags), wanted);
  await session.host.handle('runs.trash', { runId: run.id });
  session.output.result({ trashed: run.id }, `${run.id} is in the trash; thaw runs restore fetches it back.`);
}

async function restoreRun(session: Session, wanted: string, flags: ProjectFlags): Promise<void> {
  const { run } = findRun(await trashedRuns(session, flags), wanted);
  const restored = await session.host.handle('runs.restore', { runId: run.id });
  session.output.result({ run: restored }, `${run.id} is back.`);
}
