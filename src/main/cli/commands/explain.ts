import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../shared/errors';
import type { Explanation } from '../../../shared/inspect-types';
import { runClassifier } from '../../host/inspection/run-classifier';
import type { Run } from '../command';
import { findRun } from '../find-run';
import { percent, table } from '../human';
import { classifierFolder, type ModelFlags } from '../model-folder';
import { UsageError } from '../output';
import type { Session } from '../session';

interface ExplainFlags extends ModelFlags {
  readonly run?: string;
  readonly text: string;
  readonly label?: string;
  readonly leaveOut: boolean;
}

/** `thaw explain`: why a classifier says what it says of a text, word by word. */
export function addExplain(program: Command, run: Run): void {
  program
    .command('explain')
    .description('Say why a classifier labels a text as it does: what each word adds, two ways.')
    .option('--project <folder>', 'the classifier of this project')
    .option('--run <run>', "with --project: id or name of a run of it, instead of the project's classifier")
    .option('--model <folder>', 'an exported classifier')
    .requiredOption('--text <text>', 'the text')
    .option('--label <name>', 'the label to explain (default: the most probable one)')
    .option('--no-leave-out', 'only the gradient: one pass, for long texts')
    .action((flags: ExplainFlags) => run((session) => explainCommand(session, flags)));
}

async function explainCommand({ host, output }: Session, flags: ExplainFlags): Promise<void> {
  const request = { text: flags.text, label: flags.label ?? null, leaveOut: flags.leaveOut };
  const folder = flags.run === undefined ? classifierFolder(flags) : await runFolder(host, flags, flags.run);
  const explanation = await host.inspection.explain(request, folder);
  output.result({ ...explanation }, words(explanation));
}

/** The classifier that a run has kept. @throws UsageError, AppError `model-missing` where its weights are gone */
async function runFolder(host: Session['host'], { project, model }: ExplainFlags, wanted: string): Promise<string> {
  if (project === undefined || model !== undefined)
    throw new UsageError('--run names a run of a project: give --project FOLDER with it, and no --model.');
  await host.handle('project.open', { path: path.resolve(project) });
  const runs = (await host.handle('runs.list', { figures: false })).map((run) => ({ run }));
  const { run } = findRun(runs, wanted);
  const folder = await runClassifier(host.services.project, run.id);
  if (folder !== null) return folder;
  throw new AppError('model-missing', `The run ${run.id} has no classifier any more, or never had one (it is ${run.state}).`, {
    hint: 'Name a finished run whose weights were not deleted; thaw runs lists what each takes on disk.',
    data: { run: run.id, state: run.state },
  }); // prettier-ignore
}

function words({ label, probability, words: all, agreement, groupSize, deepShare }: Explanation): string {
  const sign = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
  const rows = all.map(({ text, gradient, leftOut, without }) => [
    `  ${text}`,
    // A number that begins with a plus would stand to the left.
    sign(gradient).padStart(8),
    leftOut === null ? '' : sign(leftOut).padStart(8),
    without === null ? '' : percent(without),
  ]);
  const together = groupSize > 1 ? [`The text is long: ${groupSize} words at a time were left out.`] : [];
  const part =
    deepShare < 1
      ? [`The gradient is that of the network, ${percent(deepShare)} of the answer; word counts are the rest.`]
      : [];
  const agree = agreement === null ? [] : [`Rank correlation of both ways: ${agreement.toFixed(2)}`];
  return [
    `${label} ${percent(probability)}. What each word adds to its log odds:`,
    table([['', 'gradient', 'left out', 'without it'], ...rows]),
    ...together,
    ...part,
    ...agree,
  ].join('\n');
}
