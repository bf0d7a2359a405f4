import path from 'node:path';
import type { Command } from 'commander';
import type { ColumnChoice } from '../../../shared/data-types';
import { AppError } from '../../../shared/errors';
import type { MeasuredFile } from '../../../shared/file-types';
import { findAnswers } from '../../host/find-answers';
import { KnownTexts } from '../../host/known-texts';
import { withColumnHint } from '../column-hint';
import type { Run } from '../command';
import { comparedTable } from '../compared-table';
import { answerColumnWords, answeredWords, knownWords, labelTable, mixUps, wrongRows } from '../file-words';
import { duration, integer } from '../human';
import { sureness } from '../measured-words';
import { classifierFolder, type ModelFlags } from '../model-folder';
import { addReadOptions, nameList, probability, readOptions, whole, type ReadFlags } from '../options';
import { UsageError } from '../output';
import { runJob } from '../run-job';
import { saveRejected } from '../save-rejected';
import type { Session } from '../session';

interface EvaluateFlags extends ReadFlags, ModelFlags {
  readonly data: string;
  readonly text?: readonly string[];
  readonly label?: readonly string[];
  readonly separator?: string;
  readonly minConfidence?: number;
  readonly rejected?: string;
  readonly show: number;
}

/** `thaw evaluate`: how good a classifier is on a labelled file. */
export function addEvaluate(program: Command, run: Run): void {
  const command = program
    .command('evaluate')
    .description('Measure a classifier on a labelled file that it has not seen.')
    .option('--project <folder>', 'the classifier of this project')
    .option('--model <folder>', 'an exported classifier')
    .requiredOption('--data <file>', 'rows with texts and labels')
    .option('--text <columns>', 'text columns (default: those it was trained on)', nameList)
    .option(
      '--label <columns>',
      'label columns (default: those it was trained on, else the one with its labels)',
      nameList,
    )
    .option('--separator <text>', 'what parts several labels in one cell (default: as in training)')
    .option(
      '--min-confidence <share>',
      'also count only answers that are so probable (default: as the classifier has it)',
      probability,
    )
    .option('--rejected <file>', 'write the rows that cannot be read (the first 1,000) into this CSV file')
    .option('--show <n>', 'how many wrong rows to print, at most 500', whole, 5);
  addReadOptions(command).action((flags: EvaluateFlags) => run((session) => evaluateCommand(session, flags)));
}

async function evaluateCommand(session: Session, flags: EvaluateFlags): Promise<void> {
  const { host, output } = session;
  const folder = classifierFolder(flags);
  const { multiLabel } = await host.scoring.open(folder);
  if (multiLabel && flags.minConfidence !== undefined) {
    throw new UsageError('--min-confidence is for classifiers of one label a text; this one has a threshold a label.');
  }
  const data = path.resolve(flags.data);
  const columns = await columnsOf(session, folder, data, flags);
  const known = flags.project === undefined ? null : await knownTexts(session, flags.project);
  const begun = performance.now();
  const request = { path: data, options: readOptions(flags), columns, known, abstainBelow: flags.minConfidence };
  const measured = await runJob(
    session,
    `Measuring on ${path.basename(data)}`,
    'Nothing was measured.',
    (control) =>
      withColumnHint({ '--text': columns.textColumns, '--label': columns.labelColumns }, () =>
        host.scoring.evaluateFile(folder, request, control),
      ),
    'evaluate',
  );
  const seconds = (performance.now() - begun) / 1000;
  if (measured.rejected > 0) output.say(`${integer(measured.rejected)} rows of ${data} could not be read.`);
  const rejectedFile = await saveRejected(output, flags.rejected, measured.rejectedRows, measured.rejected);
  output.result(
    { ...withThresholdF1(withoutRejectedRows(measured)), seconds, rejectedFile, labelColumns: columns.labelColumns },
    measuredLines(measured, { data, seconds, show: flags.show }).join('\n'),
  );
}

/** What a person reads of a measurement. */
function measuredLines(
  measured: MeasuredFile,
  { data, seconds, show }: { data: string; seconds: number; show: number },
): string[] {
  // prettier-ignore
  const speed = `${integer(measured.documentsPerSecond)} texts a second`;
  return [
    `${integer(measured.n)} ${measured.n === 1 ? 'row' : 'rows'} of ${data} in ${duration(seconds)} (${speed}):`,
    comparedTable({ ...measured, model: measured }, { microF1: true }),
    `  ${sureness(measured, 'rows')}`,
    ...answeredWords(measured),
    ...labelTable(measured),
    ...mixUps(measured),
    ...wrongRows(measured.wrong.rows.slice(0, show), measured.wrong.total),
    ...(measured.respelled > 0
      ? [
          `Labels in another case or with other spaces were taken for the model's: in ${integer(measured.respelled)} rows.`,
        ]
      : []),
    ...(measured.unknownLabels.length > 0
      ? [`Labels that it does not know (their rows count as wrong): ${measured.unknownLabels.join(', ')}`]
      : []),
    ...knownWords(measured),
  ];
}

/** The columns that are read: as the flags say, else as in training, else the one whose values are the model's labels. */
async function columnsOf(
  { host, output }: Session,
  folder: string,
  data: string,
  flags: EvaluateFlags,
): Promise<ColumnChoice> {
  // prettier-ignore
  const classifier = await host.scoring.open(folder);
  const trained = classifier.notes.columns;
  const textColumns = [...(flags.text ?? trained.textColumns)];
  const chosen = { ...trained, textColumns, labelSeparator: flags.separator ?? trained.labelSeparator };
  if (flags.label !== undefined) return { ...chosen, labelColumns: [...flags.label] };
  const found = await findAnswers(classifier, { path: data, options: readOptions(flags), textColumns });
  const names = found.columns.map(({ name }) => name);
  // Where the file has the columns of the training, several of them maybe, nothing has to be guessed.
  const isAsTrained = trained.labelColumns.length > 0 && trained.labelColumns.every((name) => names.includes(name));
  if (found.column === null || (isAsTrained && (found.by === 'name' || trained.labelColumns.includes(found.column)))) {
    return chosen;
  }
  const separator = found.columns.find(({ name }) => name === found.column)?.separator ?? null;
  const words = answerColumnWords(found);
  if (words !== null) output.say(words);
  return { ...chosen, labelColumns: [found.column], labelSeparator: flags.separator ?? separator };
}

/** The texts that the project's classifier was trained on; null, and said, where the project cannot be opened. */
async function knownTexts({ host, output }: Session, project: string): Promise<KnownTexts | null> {
  try {
    await host.handle('project.open', { path: path.resolve(project) });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    output.say(`Whether the file holds texts of the training is not looked for: ${error.message}`);
    return null;
  }
  return KnownTexts.load(host.services.project, () => host.inspection.heldOut(null));
}

/** On the terminal these go into a file of their own. */
function withoutRejectedRows({ rejectedRows: _, ...measured }: MeasuredFile): Omit<MeasuredFile, 'rejectedRows'> {
  return measured;
}

/** Multi-label: the F1 figures at the model's thresholds under names of their own as well. */
function withThresholdF1<T extends { thresholds: number[] | null; macroF1: number; microF1: number }>(measured: T) {
  if (!measured.thresholds) return measured;
  return { ...measured, thresholdMacroF1: measured.macroF1, thresholdMicroF1: measured.microF1 };
}
