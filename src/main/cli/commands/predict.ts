import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { answerShapeSchema, outputFormats, type AnswerShape, type OutputFormat } from '../../../shared/file-types';
import { AppError } from '../../../shared/errors';
import { withColumnHint } from '../column-hint';
import type { Run } from '../command';
import { abstainWords, effectWords, saidRows } from '../file-words';
import { duration, integer, percent } from '../human';
import { classifierFolder, type ModelFlags } from '../model-folder';
import { addReadOptions, collect, count, nameList, probability, readOptions, whole, type ReadFlags } from '../options';
import { UsageError } from '../output';
import { runJob } from '../run-job';
import { saveRejected } from '../save-rejected';
import type { Session } from '../session';

interface PredictFlags extends ReadFlags, ModelFlags {
  readonly data?: string;
  readonly out?: string;
  readonly text?: readonly string[];
  readonly columns?: readonly string[];
  readonly format?: OutputFormat;
  readonly labels?: Pick<AnswerShape, 'labels'> & { readonly best?: number };
  readonly probabilities: boolean;
  readonly minConfidence?: number;
  readonly rejected?: string;
  readonly show: number;
}

/** `thaw predict`: labels for texts on the command line, or for a file of any size. */
export function addPredict(program: Command, run: Run): void {
  const command = program
    .command('predict')
    .description('Label texts with a trained classifier.')
    .option('--project <folder>', 'the classifier of this project')
    .option('--model <folder>', 'an exported classifier')
    .option('--text <text>', 'a text to label; may be given several times', collect)
    .option('--data <file>', 'a file of texts; needs --out')
    .option('--out <file>', 'the file to write: all columns as they are, then predicted and what --labels says')
    .addOption(
      new Option('--format <form>', 'form of --out (default: by its ending, else csv)').choices([...outputFormats]),
    )
    .option(
      '--labels <what>',
      'what is written beside predicted: all (the default: p:<label> for each label), answer (nothing but its probability), or a number: so many of the most probable labels',
      shapeOf,
    )
    .option('--no-probabilities', 'with --labels answer or a number: labels only')
    .option('--columns <columns>', 'text columns of the file (default: those it was trained on)', nameList)
    .option(
      '--min-confidence <share>',
      'leave predicted empty where the best label is less probable (default: as the classifier has it)',
      probability,
    )
    .option('--rejected <file>', 'write the rows that cannot be read (the first 1,000) into this CSV file')
    .option('--show <n>', 'how many of the surest and least sure rows to print, at most 20', whole, 3);
  addReadOptions(command).action((flags: PredictFlags) => run((session) => predictCommand(session, flags)));
}

function shapeOf(value: string): NonNullable<PredictFlags['labels']> {
  if (value === 'all' || value === 'answer') return { labels: value };
  try {
    return { labels: 'best', best: count(value) };
  } catch {
    throw new InvalidArgumentError('Expected all, answer, or a whole number from 1 on.');
  }
}

async function predictCommand(session: Session, flags: PredictFlags): Promise<void> {
  const folder = classifierFolder(flags);
  if ((flags.text === undefined) === (flags.data === undefined)) {
    throw new UsageError('Give either --text "…" or --data FILE --out FILE.csv.');
  }
  if (flags.text) return predictTexts(session, folder, flags.text);
  if (flags.data === undefined || flags.out === undefined) throw new UsageError('--data needs --out FILE.csv.');
  return predictFile(session, folder, path.resolve(flags.data), path.resolve(flags.out), flags);
}

async function predictTexts({ host, output }: Session, folder: string, texts: readonly string[]): Promise<void> {
  const predictions = await host.scoring.predictTexts(folder, texts);
  const lines = predictions.map(({ text, labels, unknownWords }) => {
    const best = labels.slice(0, 5).map(({ label, probability }) => `  ${percent(probability).padStart(8)}  ${label}`);
    const unknown = unknownWords.length > 0 ? [`  words it does not know: ${unknownWords.join(', ')}`] : [];
    return [text, ...best, ...unknown].join('\n');
  });
  output.result({ predictions }, lines.join('\n'));
}

/** The shape that the flags ask for. @throws UsageError where they do not go together */
function shapeFrom({ labels = { labels: 'all' }, probabilities }: PredictFlags): AnswerShape {
  if (labels.labels === 'all' && !probabilities) {
    throw new UsageError('--labels all writes nothing but probabilities: say --labels answer or a number with --no-probabilities.'); // prettier-ignore
  }
  return answerShapeSchema.parse({ ...labels, probabilities });
}

async function predictFile(
  session: Session,
  folder: string,
  data: string,
  out: string,
  flags: PredictFlags,
): Promise<void> {
  const { host, output } = session;
  if (data === out) throw new UsageError('--out must be another file than --data.');
  const shape = shapeFrom(flags);
  const { multiLabel, columns } = await host.scoring.openForPrediction(folder);
  if (multiLabel && flags.minConfidence !== undefined) {
    throw new UsageError('--min-confidence is for classifiers of one label a text; this one has a threshold a label.');
  }
  if (flags.minConfidence !== undefined) await sayEffect(session, flags.project, flags.minConfidence);
  const request = {
    path: data,
    options: readOptions(flags),
    out,
    textColumns: flags.columns,
    format: flags.format,
    shape,
    abstainBelow: flags.minConfidence,
  };
  const { rejectedRows, ...found } = await runJob(
    session,
    `Predicting ${path.basename(data)}`,
    'Nothing was written.',
    (control) =>
      withColumnHint({ '--columns': flags.columns ?? columns.textColumns }, () =>
        host.scoring.predictFile(folder, request, control),
      ),
    'predict-file',
  );
  const { rows, seconds } = found;
  const saved = await saveRejected(output, flags.rejected, rejectedRows, found.rejected);
  const value = { ...found, out, documentsPerSecond: seconds > 0 ? rows / seconds : 0, rejectedFile: saved };
  const speed = `${integer(value.documentsPerSecond)} a second`;
  const lines = [
    `${integer(rows)} rows in ${duration(seconds)} (${speed}): ${out}`,
    ...abstainWords(found),
    ...saidRows('Surest:', found.surest.slice(0, flags.show)),
    ...saidRows('Least sure:', found.leastSure.slice(0, flags.show)),
  ];
  output.result(value, lines.join('\n'));
}

/** Says before the work what a certainty does on validation rows, where the project can be asked. */
async function sayEffect({ host, output }: Session, project: string | undefined, below: number): Promise<void> {
  if (project === undefined) return;
  try {
    await host.handle('project.open', { path: path.resolve(project) });
  } catch (error) {
    if (error instanceof AppError) return; // open in a window, say: labels can be given all the same
    throw error;
  }
  const found = await host.inspection.abstainOnValidation();
  const words = found && effectWords(found, below);
  if (words !== null) output.say(words);
}
