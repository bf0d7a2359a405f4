import { Command } from 'commander';
import { addAblate } from './commands/ablate';
import { addDemo } from './commands/demo';
import { addDoctor } from './commands/doctor';
import { addEnsemble } from './commands/ensemble';
import { addEvaluate } from './commands/evaluate';
import { addHealth } from './commands/health';
import { addExplain } from './commands/explain';
import { addExport } from './commands/export';
import { addHumanNumbers } from './commands/human-numbers';
import { addImport } from './commands/import';
import { addImportWeights } from './commands/import-weights';
import { addLanguageModel } from './commands/language-model';
import { addRateFinder } from './commands/lr-find';
import { addModels } from './commands/models';
import { addOptions } from './commands/options';
import { addParity } from './commands/parity';
import { addPredict } from './commands/predict';
import { addPretrain } from './commands/pretrain';
import { addRuns } from './commands/runs';
import { addServe } from './commands/serve';
import { addTokenize } from './commands/tokenize';
import { addTrain } from './commands/train';
import { addReport } from './commands/report';
import type { Run } from './command';
import { thawVersion } from '../host/version';

/** All commands of `thaw`, in the order of the help. */
const additions = [
  addDemo,
  addTrain,
  addEvaluate,
  addPredict,
  addExplain,
  addReport,
  addEnsemble,
  addExport,
  addServe,
  addRuns,
  addImport,
  addHealth,
  addTokenize,
  addPretrain,
  addImportWeights,
  addHumanNumbers,
  addLanguageModel,
  addModels,
  addDoctor,
  addRateFinder,
  addAblate,
  addOptions,
  addParity,
];

/** What holds for every command. */
const CLOSING = `
thaw <command> --help lists the options of a command.
Files may be CSV, TSV, text, Excel, Parquet, JSON or JSON Lines, or a folder of text files with a subfolder for each label.
Results go to standard output, progress to standard error; --json makes the result one JSON object, also of an error.
Ctrl+C saves and stops: thaw train --project <folder> --resume goes on. A second Ctrl+C ends at once.
Exit codes: 0 done, 1 failed, 2 called wrongly, 130 stopped by Ctrl+C.
docs/guide/cli.md has examples.`;

/** The command line as commander sees it; `run` gets what a command does, once its flags are parsed. */
export function buildProgram(run: Run): Command {
  const program = new Command('thaw')
    .description('Label, fine-tune and ship a text classifier on your own machine.')
    .version(thawVersion())
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .helpCommand(false)
    .addHelpText('after', CLOSING);
  for (const add of additions) add(program, run);
  for (const command of program.commands) addJson(command);
  return program;
}

/** Every command that does something has `--json`, and throws instead of ending the process. */
function addJson(command: Command): void {
  command.exitOverride();
  const known = command.options.some((option) => option.long === '--json');
  if (command.commands.length === 0 && !known) {
    command.option('--json', 'print one JSON object as the last line of standard output');
  }
  for (const each of command.commands) addJson(each);
}
