import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { readBatches } from '../../../engine/data/read-batches';
import { tokenize, type TokenizerOptions } from '../../../engine/text/tokenizer';
import { SENTENCEPIECE_FILE } from '../../../engine/text/sentencepiece/sentencepiece-model';
import type { ReadOptions } from '../../../shared/data-types';
import type { BuiltShards } from '../../workers/tokenization-build';
import type { Run } from '../command';
import { duration, integer, percent } from '../human';
import { addReadOptions, count, nameList, readOptions, whole, type ReadFlags } from '../options';
import { runJob } from '../run-job';
import type { Session } from '../session';
import { addTokenizerFlags, chooseTokenizer, type ChosenTokenizer, type TokenizerFlags } from '../tokenizer-flags';

interface TokenizeFlags extends ReadFlags, TokenizerFlags {
  readonly data: string;
  readonly text: readonly string[];
  readonly out?: string;
  readonly maxVocabulary?: number;
  readonly minCount: number;
  readonly show: number;
}

const batchRows = 2000;

/** `thaw tokenize`: texts to token shards, as training does it. */
export function addTokenize(program: Command, run: Run): void {
  const command = program
    .command('tokenize')
    .description('Split the texts of a file into words or sub-words, on all cores, and count them.')
    .requiredOption('--data <file>', 'the file')
    .requiredOption('--text <columns>', 'text columns, parted by commas', nameList)
    .option('--out <folder>', 'keep the token shards and the vocabulary in this folder')
    .option('--max-vocabulary <n>', 'most words (60,000) or sub-words (30,000)', count)
    .option('--min-count <n>', 'a word seen less often is unknown', count, 2)
    .option('--show <n>', 'give the tokens of the first rows', whole, 0);
  addReadOptions(addTokenizerFlags(command)).action((flags: TokenizeFlags) =>
    run((session) => tokenizeCommand(session, flags)),
  );
}

async function tokenizeCommand(session: Session, flags: TokenizeFlags): Promise<void> {
  const file = path.resolve(flags.data);
  const options = readOptions(flags);
  const read = () => fieldBatches(file, options, flags.text);
  const subwords = flags.tokenizer === 'sentencepiece' || flags.sentencepiece !== undefined;
  const limits = { maxSize: flags.maxVocabulary ?? (subwords ? 30_000 : 60_000), minCount: flags.minCount };
  const work = await mkdtemp(path.join(os.tmpdir(), 'thaw-tokenize-'));
  try {
    const made = await runJob(session, 'Splitting texts', 'Nothing was kept.', async (control) => {
      control.report({ type: 'stage', stage: 'tokenize', stages: ['tokenize'] });
      const tokenizer = await chooseTokenizer(session, flags, { read, work, limits }, control);
      const begun = performance.now();
      const built = await session.host.services.pool.buildShards(read(), {
        dir: path.resolve(flags.out ?? path.join(work, 'text')),
        tokenizer: tokenizer.options,
        vocabulary: tokenizer.vocabulary,
        signal: control.signal,
        onProgress: (done) =>
          control.report({ type: 'count', stage: 'tokenize', done, total: null, unit: 'texts', secondsLeft: null }),
      });
      return { tokenizer, built, seconds: (performance.now() - begun) / 1000 };
    });
    const shown = await firstTokens(read(), flags.show, made.tokenizer.options);
    session.output.result(...report(flags, made, shown));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Made {
  readonly tokenizer: ChosenTokenizer;
  readonly built: BuiltShards;
  readonly seconds: number;
}

function report({ out, show }: TokenizeFlags, { tokenizer, built, seconds }: Made, shown: string[][]) {
  const { documents, tokens, unknownRate, vocabulary } = built;
  const { kind, language } = tokenizer.file;
  const folder = out === undefined ? null : path.resolve(out);
  const model = folder !== null && kind === 'sentencepiece' ? path.join(folder, SENTENCEPIECE_FILE) : null;
  const value = {
    documents,
    tokens,
    vocabulary: vocabulary.size,
    unknownRate,
    tokenizer: kind,
    language,
    seconds,
    tokensPerSecond: tokens / seconds,
    documentsPerSecond: documents / seconds,
    ...(show > 0 ? { shown } : {}),
    out: folder,
    ...(model === null ? {} : { sentencepiece: model }),
  };
  const kept = kind === 'words' ? 'different words kept' : 'sub-words';
  const text = `${integer(documents)} texts (language: ${language}), ${integer(tokens)} tokens, ${integer(vocabulary.size)} ${kept}, ${percent(unknownRate)} of the tokens unknown; ${duration(seconds)}, ${integer(value.tokensPerSecond)} tokens a second`;
  return [value, [...shown.map((row) => row.join(' ')), text].join('\n')] as const;
}

async function* fieldBatches(file: string, options: ReadOptions, columns: readonly string[]) {
  for await (const { rows, wanted } of readBatches(file, options, columns, batchRows)) {
    yield rows.map((row) => wanted.map((place) => row[place] ?? ''));
  }
}

async function firstTokens(
  batches: AsyncIterable<readonly (readonly string[])[]>,
  count: number,
  tokenizer: TokenizerOptions,
): Promise<string[][]> {
  const shown: string[][] = [];
  if (count === 0) return shown;
  for await (const rows of batches) {
    shown.push(...rows.slice(0, count - shown.length).map((fields) => tokenize(fields, tokenizer)));
    if (shown.length >= count) break;
  }
  return shown;
}
