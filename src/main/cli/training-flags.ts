import type { Command } from 'commander';
import { trainingRequestSchema, type TrainingRequest } from '../../shared/training-types';
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
} from './options';
import { UsageError } from './output';
import type { Session } from './session';
import { importSources, openOrCreate, type SourceFile } from './train-project';
import { kindOf, languageCode } from './tokenizer-flags';

/** Where the rows of a command come from. */
export interface RowFlags extends ReadFlags {
  readonly data?: string;
  readonly valid?: string;
  readonly test?: string;
  readonly unlabeled?: string;
  readonly text?: readonly string[];
  readonly label?: readonly string[];
  readonly multiLabel?: boolean;
  readonly separator?: string;
}

/** What a training is asked for. */
export interface RequestFlags extends RunOptionFlags {
  readonly tokenizer?: 'words' | 'sentencepiece';
  readonly language?: string;
  readonly preset: 'quick' | 'standard' | 'best';
  readonly minutes?: number;
  readonly seed: number;
  readonly testShare?: number;
  readonly pretrained?: string;
  readonly scratch?: boolean;
  readonly languageModel: boolean;
  readonly classWeights?: boolean;
}

/** Adds the files and columns of a training. */
export function addRowFlags(command: Command): Command {
  command
    .option('--data <file>', 'rows with texts and labels: a file, or a folder of text files')
    .option('--valid <file>', 'rows to validate with (default: a tenth of the labelled rows)')
    .option('--test <file>', 'rows for the final measurement (default: a tenth of the labelled rows)')
    .option('--unlabeled <file>', 'rows without labels: the language model learns from them')
    .option('--text <columns>', 'text columns, parted by commas (default: guessed)', nameList)
    .option('--label <columns>', 'label columns, parted by commas (default: guessed)', nameList)
    .option('--multi-label', 'a row may have several labels')
    .option('--separator <text>', 'what parts several labels in one cell (default: ;)');
  return addReadOptions(command);
}

/** Adds what a training is asked for, its advanced options included. */
export function addRequestFlags(command: Command, minutes: string): Command {
  command
    .option('--preset <name>', 'quick (minutes), standard, or best (as long as it helps)', preset, 'standard')
    .option('--minutes <n>', minutes, positive)
    .option('--seed <n>', 'the same seed gives the same splits and, without --minutes, the same model', whole, 0)
    .option('--test-share <share>', 'share of the labelled rows kept for the final measurement (default: 0.1)', share)
    .option(
      '--pretrained <model>',
      'language model to start from: a folder, or a name that thaw models lists (default: the one that ships)',
    )
    .option('--scratch', 'start from no pretrained language model')
    .option('--no-language-model', 'do not fine-tune the language model on these texts')
    .option('--class-weights', 'count rare labels more')
    .option('--tokenizer <kind>', 'words, or sentencepiece: sub-words (the same as --option tokenizer=…)', kindOf)
    .option(
      '--language <code>',
      'language of the texts (default: found out; the same as --option language=…)',
      languageCode,
    );
  return addRunOptions(command);
}

/** The request of a command's flags. @throws UsageError for an option that does not fit */
export function requestOf(flags: RequestFlags): TrainingRequest {
  return trainingRequestSchema.parse({
    preset: flags.preset,
    minutes: flags.minutes,
    seed: flags.seed,
    testShare: flags.testShare,
    fineTuneLanguageModel: flags.languageModel,
    pretrained: flags.scratch ? null : flags.pretrained,
    classWeights: flags.classWeights ?? false,
    options: {
      ...runOptionsOf(flags),
      ...(flags.tokenizer === undefined ? {} : { tokenizer: flags.tokenizer }),
      ...(flags.language === undefined ? {} : { language: flags.language }),
    },
  });
}

/** Opens the project in a folder, or makes it one, and imports the files that it does not hold yet. */
export async function openWithRows(session: Session, folder: string, flags: RowFlags): Promise<void> {
  await openOrCreate(session, folder);
  const sources = sourcesOf(flags);
  if (sources.length === 0) return;
  const columns = { text: flags.text, label: flags.label, multiLabel: flags.multiLabel, separator: flags.separator };
  await importSources(session, sources, columns, readOptions(flags));
}

function sourcesOf({ data, valid, test, unlabeled }: RowFlags): SourceFile[] {
  const files = [
    { path: data, role: 'data' },
    { path: valid, role: 'valid' },
    { path: test, role: 'test' },
    { path: unlabeled, role: 'unlabelled' },
  ] as const;
  return files.flatMap(({ path, role }) => (path === undefined ? [] : [{ path, role }]));
}

function preset(value: string): string {
  if (['quick', 'standard', 'best'].includes(value)) return value;
  throw new UsageError(`--preset is "${value}"; expected quick, standard or best.`);
}
