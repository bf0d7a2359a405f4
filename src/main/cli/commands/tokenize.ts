import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { readBatches } from '../../../engine/data/read-batches';
import { tokenize } from '../../../engine/text/tokenizer';
import type { ReadOptions } from '../../../shared/data-types';
import type { Run } from '../command';
import { duration, integer, percent } from '../human';
import { addReadOptions, count, nameList, readOptions, whole, type ReadFlags } from '../options';
import type { Session } from '../session';

interface TokenizeFlags extends ReadFlags {
  readonly data: string;
  readonly text: readonly string[];
  readonly out?: string;
  readonly language: string;
  readonly maxVocabulary: number;
  readonly minCount: number;
  readonly show: number;
}

const batchRows = 2000;

/** `thaw tokenize`: texts to token shards, as training does it. */
export function addTokenize(program: Command, run: Run): void {
  const command = program
    .command('tokenize')
    .description('Split the texts of a file into tokens, on all cores, and count them.')
    .requiredOption('--data <file>', 'the file')
    .requiredOption('--text <columns>', 'text columns, parted by commas', nameList)
    .option('--out <folder>', 'keep the token shards and the vocabulary in this folder')
    .option('--language <code>', 'en (also for other languages with spaces), zh, ja, th …', 'en')
    .option('--max-vocabulary <n>', 'most words', count, 60_000)
    .option('--min-count <n>', 'a word seen less often is unknown', count, 2)
    .option('--show <n>', 'give the tokens of the first rows', whole, 0);
  addReadOptions(command).action((flags: TokenizeFlags) => run((session) => tokenizeCommand(session, flags)));
}

async function tokenizeCommand({ host, output, interrupts }: Session, flags: TokenizeFlags): Promise<void> {
  const file = path.resolve(flags.data);
  const options = readOptions(flags);
  const tokenizer = { language: flags.language };
  const shown = await firstTokens(file, options, flags, tokenizer);
  const temporary = flags.out === undefined ? await mkdtemp(path.join(os.tmpdir(), 'thaw-tokenize-')) : null;
  const begun = performance.now();
  try {
    const abort = new AbortController();
    const build = () =>
      host.services.pool.buildShards(fieldBatches(file, options, flags.text), {
        signal: abort.signal,
        dir: path.resolve(flags.out ?? path.join(temporary ?? '', 'text')),
        tokenizer,
        vocabulary: { maxSize: flags.maxVocabulary, minCount: flags.minCount },
        onProgress: (done) =>
          output.counted('Splitting texts into words', {
            type: 'count',
            stage: 'tokenize',
            done,
            total: null,
            unit: 'texts',
            secondsLeft: null,
          }),
      });
    const built = await interrupts.during(() => abort.abort(), build);
    const seconds = (performance.now() - begun) / 1000;
    const { documents, tokens, unknownRate, vocabulary } = built;
    const value = {
      documents,
      tokens,
      vocabulary: vocabulary.size,
      unknownRate,
      seconds,
      tokensPerSecond: tokens / seconds,
      documentsPerSecond: documents / seconds,
      ...(flags.show > 0 ? { shown } : {}),
      out: flags.out === undefined ? null : path.resolve(flags.out),
    };
    const text = `${integer(documents)} texts, ${integer(tokens)} tokens, ${integer(vocabulary.size)} different words kept, ${percent(unknownRate)} of the tokens unknown; ${duration(seconds)}, ${integer(value.tokensPerSecond)} tokens a second`;
    output.result(value, [...shown.map((row) => row.join(' ')), text].join('\n'));
  } finally {
    if (temporary !== null) await rm(temporary, { recursive: true, force: true });
  }
}

async function* fieldBatches(file: string, options: ReadOptions, columns: readonly string[]) {
  for await (const { rows, wanted } of readBatches(file, options, columns, batchRows)) {
    yield rows.map((row) => wanted.map((place) => row[place] ?? ''));
  }
}

async function firstTokens(
  file: string,
  options: ReadOptions,
  flags: TokenizeFlags,
  tokenizer: { language: string },
): Promise<string[][]> {
  if (flags.show === 0) return [];
  const shown: string[][] = [];
  for await (const fields of fieldBatches(file, options, flags.text)) {
    shown.push(...fields.slice(0, flags.show - shown.length).map((each) => tokenize(each, tokenizer)));
    if (shown.length >= flags.show) break;
  }
  return shown;
}
