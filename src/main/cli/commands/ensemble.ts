import path from 'node:path';
import type { Command } from 'commander';
import type { JobControl } from '../../host/job-control';
import type { MadeEnsemble } from '../../host/pipelines/make-ensemble';
import { isTooFewToMeasure } from '../../../shared/evidence';
import { percentInEnglish } from '../../../shared/share-words';
import type { Metrics } from '../../../shared/training-types';
import type { Run } from '../command';
import { contenderName, integer, table } from '../human';
import { measuredShare, sureness } from '../measured-words';
import { addReadOptions, collect, nameList, readOptions, type ReadFlags } from '../options';
import { UsageError } from '../output';
import { runJob } from '../run-job';
import type { Session } from '../session';

interface EnsembleFlags extends ReadFlags {
  readonly model?: readonly string[];
  readonly valid?: string;
  readonly project?: string;
  readonly run?: readonly string[];
  readonly out: string;
  readonly text?: readonly string[];
  readonly label?: readonly string[];
  readonly separator?: string;
}

/** `thaw ensemble`: averages finished classifiers, with weights chosen on validation rows. */
export function addEnsemble(program: Command, run: Run): void {
  const command = program
    .command('ensemble')
    .description('Average classifiers: forward and backward, words and sub-words, or any others of the same labels.')
    .option('--model <folder>', 'a classifier; give at least two', collect)
    .option('--valid <file>', 'labelled rows that none of them has trained on: they choose the weights')
    .option('--project <folder>', 'instead of --model and --valid: average finished runs of a project')
    .option('--run <id>', 'a run of the project; give at least two (default: all that are finished)', collect)
    .requiredOption('--out <folder>', 'folder for the ensemble, which predict, evaluate and ensemble can use')
    .option('--text <columns>', 'text columns of --valid (default: those of the first classifier)', nameList)
    .option('--label <columns>', 'label columns of --valid (default: those of the first classifier)', nameList)
    .option('--separator <text>', 'what parts several labels in one cell (default: as in training)');
  addReadOptions(command).action((flags: EnsembleFlags) => run((session) => ensembleCommand(session, flags)));
}

async function ensembleCommand(session: Session, flags: EnsembleFlags): Promise<void> {
  if ((flags.project === undefined) === (flags.model === undefined)) {
    throw new UsageError('Give --model A --model B --valid FILE, or --project FOLDER.');
  }
  const work =
    flags.model === undefined ? await ofProject(session, flags) : await ofModels(session, flags, flags.model);
  const made = await runJob(session, 'Averaging classifiers', 'No ensemble was written.', work, 'evaluate');
  const { folder, members, comparison } = made;
  const { model, baseline } = comparison;
  const value = {
    folder,
    members: members.map((member, k) => ({ ...member, ...figures(comparison.members?.[k]?.metrics ?? model) })),
    n: model.n,
    ...figures(model),
    loss: model.loss,
    baseline: figures(baseline),
  };
  session.output.result(value, ensembleWords(made));
}

type Work = (control: JobControl) => Promise<MadeEnsemble>;

async function ofProject({ host }: Session, flags: EnsembleFlags): Promise<Work> {
  await host.handle('project.open', { path: path.resolve(flags.project ?? '') });
  return (control) => host.scoring.averageRuns(flags.run ?? null, flags.out, control);
}

async function ofModels({ host }: Session, flags: EnsembleFlags, models: readonly string[]): Promise<Work> {
  if (flags.valid === undefined)
    throw new UsageError('--model needs --valid FILE: labelled rows to choose the weights by.');
  if (models.length < 2) throw new UsageError('Name at least two classifiers with --model.');
  const [first = ''] = models;
  const { columns } = (await host.scoring.open(path.resolve(first))).notes;
  const chosen = {
    ...columns,
    textColumns: [...(flags.text ?? columns.textColumns)],
    labelColumns: [...(flags.label ?? columns.labelColumns)],
    labelSeparator: flags.separator ?? columns.labelSeparator,
  };
  const valid = { path: path.resolve(flags.valid), options: readOptions(flags), columns: chosen };
  const folders = models.map((folder) => path.resolve(folder));
  return (control) => host.scoring.averageModels(folders, valid, flags.out, control);
}

function figures({ accuracy, macroF1, microF1, ece }: Metrics) {
  return { accuracy, macroF1, microF1, ece };
}

function ensembleWords({ folder, comparison }: MadeEnsemble): string {
  const { model, members = [], baseline } = comparison;
  const row = (name: string, weight: string, each: Metrics): string[] => [
    `  ${name}`,
    weight,
    measuredShare(each),
    ...[each.macroF1, each.microF1].map((share) => percentInEnglish(share, isTooFewToMeasure(model.n) ? 0 : 1)),
    each.loss.toFixed(4),
  ];
  return [
    `On the ${integer(model.n)} validation rows (the ensemble by cross-fitting):`,
    table([
      ['', 'weight', 'accuracy', 'macro F1', 'micro F1', 'loss'],
      ...members.map(({ name, weight, metrics }) => row(name, weight.toFixed(3), metrics)),
      row('ensemble', '', model),
      row(contenderName('baseline'), '', baseline),
    ]),
    `  ${sureness(model, 'validation rows')}`,
    `The ensemble: ${folder}`,
  ].join('\n');
}
