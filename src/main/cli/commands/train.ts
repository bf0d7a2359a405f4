import type { Command } from 'commander';
import type { Run, TrainingRequest } from '../../../shared/training-types';
import { trainingRequestSchema } from '../../../shared/training-types';
import type { Run as RunCommand } from '../command';
import {
  addReadOptions,
  addRunOptions,
  nameList,
  positive,
  readOptions,
  runOptionsOf,
  share,
  whole,
  type ReadFlags,
  type RunOptionFlags,
} from '../options';
import { UsageError } from '../output';
import type { Session } from '../session';
import {
  importSources,
  openOrCreate,
  runFacts,
  runWords,
  train,
  type SourceFile,
  type TrainedRun,
} from '../train-project';

interface TrainFlags extends ReadFlags, RunOptionFlags {
  readonly data?: string;
  readonly valid?: string;
  readonly test?: string;
  readonly unlabeled?: string;
  readonly text?: readonly string[];
  readonly label?: readonly string[];
  readonly multiLabel?: boolean;
  readonly separator?: string;
  readonly project: string;
  readonly preset: 'quick' | 'standard' | 'best';
  readonly minutes?: number;
  readonly seed: number;
  readonly testShare?: number;
  readonly pretrained?: string;
  readonly scratch?: boolean;
  readonly languageModel: boolean;
  readonly classWeights?: boolean;
  readonly checkpointSeconds?: number;
  readonly resume?: boolean;
}

/** `thaw train`: the whole job, from a file to a classifier in a project folder. */
export function addTrain(program: Command, run: RunCommand): void {
  const command = program
    .command('train')
    .description('Train a classifier: read the rows, fine-tune a language model, train, measure.')
    .option('--data <file>', 'rows with texts and labels (CSV, TSV …)')
    .option('--valid <file>', 'rows to validate with (default: a tenth of the data)')
    .option('--test <file>', 'rows for the final measurement (default: a tenth of the data)')
    .option('--unlabeled <file>', 'rows without labels: the language model learns from them')
    .option('--text <columns>', 'text columns, parted by commas (default: guessed)', nameList)
    .option('--label <columns>', 'label columns, parted by commas (default: guessed)', nameList)
    .option('--multi-label', 'a row may have several labels')
    .option('--separator <text>', 'what parts several labels in one cell (default: ;)')
    .requiredOption('--project <folder>', 'folder of the project; it is made where it is missing')
    .option('--preset <name>', 'quick (minutes), standard, or best (as long as it helps)', preset, 'standard')
    .option('--minutes <n>', 'a budget for the whole job, which is kept', positive)
    .option('--seed <n>', 'the same seed gives the same splits and the same model', whole, 0)
    .option('--test-share <share>', 'share of the labelled rows kept for the final measurement (default: 0.1)', share)
    .option('--pretrained <folder>', 'language model to start from (default: the one that ships with Thaw)')
    .option('--scratch', 'start from no pretrained language model')
    .option('--no-language-model', 'do not fine-tune the language model on these texts')
    .option('--class-weights', 'count rare labels more')
    .option('--checkpoint-seconds <n>', 'seconds between two checkpoints (default: 20)', positive)
    .option('--resume', 'go on with the run that was interrupted in this project');
  addReadOptions(addRunOptions(command)).action((flags: TrainFlags) => run((session) => trainCommand(session, flags)));
}

function preset(value: string): string {
  if (['quick', 'standard', 'best'].includes(value)) return value;
  throw new UsageError(`--preset is "${value}"; expected quick, standard or best.`);
}

async function trainCommand(session: Session, flags: TrainFlags): Promise<void> {
  const request = requestOf(flags); // a wrong option is said before anything is read
  session.host.services.checkpointSeconds = flags.checkpointSeconds;
  await openOrCreate(session, flags.project);
  const sources = sourcesOf(flags);
  if (sources.length > 0) {
    const columns = { text: flags.text, label: flags.label, multiLabel: flags.multiLabel, separator: flags.separator };
    await importSources(session, sources, columns, readOptions(flags));
  }
  const resumable = flags.resume ? await runToResume(session) : null;
  if (resumable?.state === 'done') {
    session.output.say('The last run is complete; there is nothing to go on with.');
    return report(session, { run: resumable, seconds: 0 });
  }
  if (resumable) session.output.say(`Going on with the run ${resumable.id}.`);
  else if (flags.resume) session.output.say('No run was interrupted in this project: starting one.');
  const resumeCommand = `thaw train --project ${flags.project} --resume`;
  report(session, await train(session, request, resumable?.id ?? null, resumeCommand));
}

function sourcesOf({ data, valid, test, unlabeled }: TrainFlags): SourceFile[] {
  const files = [
    { path: data, role: 'data' },
    { path: valid, role: 'valid' },
    { path: test, role: 'test' },
    { path: unlabeled, role: 'unlabelled' },
  ] as const;
  return files.flatMap(({ path, role }) => (path === undefined ? [] : [{ path, role }]));
}

function requestOf(flags: TrainFlags): TrainingRequest {
  return trainingRequestSchema.parse({
    preset: flags.preset,
    minutes: flags.minutes,
    seed: flags.seed,
    testShare: flags.testShare,
    fineTuneLanguageModel: flags.languageModel,
    pretrained: flags.scratch ? null : flags.pretrained,
    classWeights: flags.classWeights ?? false,
    options: runOptionsOf(flags),
  });
}

/** The newest run, where it can go on or is complete. */
async function runToResume({ host }: Session): Promise<Run | null> {
  const [newest] = await host.handle('runs.list', {});
  return newest ?? null;
}

function report(session: Session, trained: TrainedRun): void {
  session.output.result(runFacts(session, trained), runWords(session, trained));
}
