import { readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import type { ReadOptions } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import { parseRunOptions, runOptionsSchema, type RunOptions } from '../../shared/run-options';
import { UsageError } from './output';

/** A list of names parted by commas; `\,` stands for a comma inside a name. */
export function nameList(value: string): string[] {
  const names = value.split(/(?<!\\),/).map((name) => name.replaceAll('\\,', ',').trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('Expected names parted by commas.');
  return names;
}

/** Adds a path to those given before: an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** A number above 0. */
export function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}

/** A whole number from 0 on. */
export function whole(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('Expected a whole number from 0 on.');
  return number;
}

/** A whole number from 1 on. */
export function count(value: string): number {
  const number = whole(value);
  if (number < 1) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return number;
}

/** A number from 0 on. */
export function factor(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0) || !Number.isFinite(number)) {
    throw new InvalidArgumentError('Expected a number from 0 on.');
  }
  return number;
}

/** A probability from 0 to 1. */
export function probability(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0 && number <= 1)) {
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  }
  return number;
}

/** A share from 0 to 0.5. */
export function share(value: string): number {
  const number = Number(value);
  if (!(number >= 0 && number <= 0.5)) throw new InvalidArgumentError('Expected a share from 0 to 0.5.');
  return number;
}

/** What the options of {@link addReadOptions} give. */
export interface ReadFlags {
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly header?: boolean;
  readonly skipLines?: number;
}

/** Adds the options that override what is guessed about a file. */
export function addReadOptions(command: Command): Command {
  return command
    .option('--encoding <name>', 'encoding of the file (default: detected)')
    .option('--delimiter <text>', 'what parts the cells, \\t for a tab (default: detected)')
    .option('--quote <character>', 'quote character, "" for none (default: detected)')
    .option('--header', 'the first row holds the names of the columns (default: detected)')
    .option('--no-header', 'the first row is data; columns are called column1, column2 …')
    .option('--skip-lines <n>', 'lines to skip at the start', whole);
}

/** The read options of a command's flags. */
export function readOptions(flags: ReadFlags): ReadOptions {
  return {
    ...(flags.encoding === undefined ? {} : { encoding: flags.encoding }),
    ...(flags.delimiter === undefined ? {} : { delimiter: flags.delimiter.replaceAll('\\t', '\t') }),
    ...(flags.quote === undefined ? {} : { quote: flags.quote }),
    ...(flags.header === undefined ? {} : { header: flags.header }),
    ...(flags.skipLines === undefined ? {} : { skipLines: flags.skipLines }),
  };
}

/** What the options of {@link addRunOptions} give. */
export interface RunOptionFlags {
  readonly option?: readonly string[];
  readonly options?: string;
}

/** Adds `--option name=value` and `--options FILE.json`: the advanced options of a run. */
export function addRunOptions(command: Command): Command {
  return command
    .option('--option <name=value>', 'an advanced option of the run, repeatable (thaw options lists them)', collect)
    .option('--options <file>', 'advanced options as a JSON object; where both name one, --option counts');
}

/**
 * The advanced options of a command's flags.
 * @throws UsageError where a name or a value does not fit
 */
export function runOptionsOf(flags: RunOptionFlags): RunOptions {
  try {
    return parseRunOptions(flags.option ?? [], flags.options === undefined ? {} : optionsFile(flags.options));
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-input') throw new UsageError(words(error));
    throw error;
  }
}

function words({ message, hint }: AppError): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

function optionsFile(file: string): RunOptions {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('bad-input', `${file} could not be read as JSON: ${why}.`, { cause });
  }
  const parsed = runOptionsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new AppError('bad-input', `${file} does not fit: ${z.prettifyError(parsed.error)}`);
}
