import path from 'node:path';
import type { Command } from 'commander';
import { withColumnHint } from '../column-hint';
import type { Run } from '../command';
import { duration, integer, percent } from '../human';
import { classifierFolder, type ModelFlags } from '../model-folder';
import { addReadOptions, collect, nameList, probability, readOptions, type ReadFlags } from '../options';
import { UsageError } from '../output';
import { runJob } from '../run-job';
import type { Session } from '../session';

interface PredictFlags extends ReadFlags, ModelFlags {
  readonly data?: string;
  readonly out?: string;
  readonly text?: readonly string[];
  readonly columns?: readonly string[];
  readonly minConfidence?: number;
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
    .option('--out <file>', 'the CSV file to write: all columns as they are, then predicted and p:<label>')
    .option('--columns <columns>', 'text columns of the file (default: those it was trained on)', nameList)
    .option(
      '--min-confidence <share>',
      'leave predicted empty where the best label is less probable (default: as the classifier has it)',
      probability,
    );
  addReadOptions(command).action((flags: PredictFlags) => run((session) => predictCommand(session, flags)));
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

async function predictFile(
  session: Session,
  folder: string,
  data: string,
  out: string,
  flags: PredictFlags,
): Promise<void> {
  const { host, output } = session;
  if (data === out) throw new UsageError('--out must be another file than --data.');
  const { multiLabel, columns } = await host.scoring.openForPrediction(folder);
  if (multiLabel && flags.minConfidence !== undefined) {
    throw new UsageError('--min-confidence is for classifiers of one label a text; this one has a threshold a label.');
  }
  const request = {
    path: data,
    options: readOptions(flags),
    out,
    textColumns: flags.columns,
    abstainBelow: flags.minConfidence,
  };
  const { rows, rejected, unanswered, seconds } = await runJob(
    session,
    `Predicting ${path.basename(data)}`,
    'Nothing was written.',
    (control) =>
      withColumnHint({ '--columns': flags.columns ?? columns.textColumns }, () =>
        host.scoring.predictFile(folder, request, control),
      ),
    'predict-file',
  );
  const value = { rows, rejected, unanswered, out, seconds, documentsPerSecond: seconds > 0 ? rows / seconds : 0 };
  const speed = `${integer(value.documentsPerSecond)} a second`;
  const open = unanswered > 0 ? `, ${integer(unanswered)} of them without an answer` : '';
  output.result(value, `${integer(rows)} rows${open} in ${duration(seconds)} (${speed}): ${out}`);
}
