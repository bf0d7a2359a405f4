import path from 'node:path';
import type { Command } from 'commander';
import { withColumnHint } from '../column-hint';
import type { Run } from '../command';
import { comparedTable } from '../compared-table';
import { duration, integer } from '../human';
import { sureness } from '../measured-words';
import { classifierFolder, type ModelFlags } from '../model-folder';
import { addReadOptions, nameList, readOptions, type ReadFlags } from '../options';
import { runJob } from '../run-job';
import type { Session } from '../session';

interface EvaluateFlags extends ReadFlags, ModelFlags {
  readonly data: string;
  readonly text?: readonly string[];
  readonly label?: readonly string[];
  readonly separator?: string;
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
    .option('--label <columns>', 'label columns (default: those it was trained on)', nameList)
    .option('--separator <text>', 'what parts several labels in one cell (default: as in training)');
  addReadOptions(command).action((flags: EvaluateFlags) => run((session) => evaluateCommand(session, flags)));
}

async function evaluateCommand(session: Session, flags: EvaluateFlags): Promise<void> {
  const { host, output } = session;
  const folder = classifierFolder(flags);
  const { notes } = await host.scoring.open(folder);
  const columns = {
    ...notes.columns,
    textColumns: [...(flags.text ?? notes.columns.textColumns)],
    labelColumns: [...(flags.label ?? notes.columns.labelColumns)],
    labelSeparator: flags.separator ?? notes.columns.labelSeparator,
  };
  const begun = performance.now();
  const data = path.resolve(flags.data);
  const request = { path: data, options: readOptions(flags), columns };
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
  const speed = `${integer(measured.documentsPerSecond)} texts a second`;
  const lines = [
    `${integer(measured.n)} ${measured.n === 1 ? 'row' : 'rows'} of ${data} in ${duration(seconds)} (${speed}):`,
    comparedTable({ ...measured, model: measured }, { microF1: true }),
    `  ${sureness(measured, 'rows')}`,
    ...(measured.unknownLabels.length > 0
      ? [`Labels that it does not know (their rows count as wrong): ${measured.unknownLabels.join(', ')}`]
      : []),
  ];
  output.result({ ...withThresholdF1(measured), seconds }, lines.join('\n'));
}

/** Multi-label: the F1 figures at the model's thresholds under names of their own as well. */
function withThresholdF1<T extends { thresholds: number[] | null; macroF1: number; microF1: number }>(measured: T) {
  if (!measured.thresholds) return measured;
  return { ...measured, thresholdMacroF1: measured.macroF1, thresholdMicroF1: measured.microF1 };
}
