import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { corpusDocuments, corpusFiles } from '../../../engine/text/plain-corpus';
import { Vocabulary } from '../../../engine/text/vocabulary';
import type { JobControl } from '../../host/job-control';
import type { Run } from '../command';
import { duration, integer } from '../human';
import { collect, count, factor, positive, whole } from '../options';
import { UsageError } from '../output';
import { runJob } from '../run-job';
import type { Session } from '../session';

interface PretrainFlags {
  readonly corpus?: readonly string[];
  readonly valid?: string;
  readonly out: string;
  readonly name?: string;
  readonly minutes: number;
  readonly vocabulary: number;
  readonly minCount: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
  readonly batchSize: number;
  readonly bptt: number;
  readonly learningRate: number;
  readonly dropout: number;
  readonly maxCharacters?: number;
  readonly language: string;
  readonly seed: number;
  readonly backward?: boolean;
  readonly resume?: boolean;
}

/** `thaw pretrain`: a language model from a corpus of plain text files. */
export function addPretrain(program: Command, run: Run): void {
  program
    .command('pretrain')
    .description(
      'Train a language model from scratch on text files (articles that begin with "= Title =", or plain text).',
    )
    .option('--corpus <path>', 'a text file or a folder of .txt files; may be given several times', collect)
    .option('--valid <path>', 'text that is not trained on, to measure the perplexity')
    .requiredOption('--out <folder>', 'folder of the model; its checkpoints and token shards lie beside it')
    .option('--name <name>', 'name of the model (default: that of the folder)')
    .option('--minutes <n>', 'minutes of training, over all sittings', positive, 30)
    .option('--vocabulary <n>', 'most words', count, 30_000)
    .option('--min-count <n>', 'a word seen less often is unknown', count, 3)
    .option('--embedding <n>', 'size of the embedding', count, 400)
    .option('--hidden <n>', 'size of the hidden layers', count, 1152)
    .option('--layers <n>', 'number of LSTM layers', count, 3)
    .option('--batch-size <n>', 'rows of a batch', count, 48)
    .option('--bptt <n>', 'tokens of a window', count, 64)
    .option('--learning-rate <n>', 'the greatest rate', positive, 5e-3)
    .option('--dropout <factor>', 'factor on the five dropouts', factor, 0.2)
    .option('--max-characters <n>', 'take only so much of the corpus', count)
    .option('--language <code>', 'en (also for other languages with spaces), zh, ja, th …', 'en')
    .option('--seed <n>', 'the same seed gives the same model', whole, 0)
    .option('--backward', 'read texts from their end')
    .option('--resume', 'go on from the last checkpoint in the folder')
    .action((flags: PretrainFlags) => run((session) => pretrainCommand(session, flags)));
}

async function pretrainCommand(session: Session, flags: PretrainFlags): Promise<void> {
  const outDir = path.resolve(flags.out);
  const resumeHint = `Go on with: thaw pretrain --out ${flags.out} --minutes ${flags.minutes} --resume (and the same sizes)`;
  const result = await runJob(session, 'Pretraining', resumeHint, async (control) => {
    const shards = await corpusShards(session, flags, `${outDir}.work`, control);
    const { embedding, hidden, layers, minutes, batchSize, bptt, learningRate, seed } = flags;
    return session.host.services.training.pretrain(
      {
        ...shards,
        outDir,
        sizes: { embedding, hidden, layers },
        minutes,
        batchSize,
        bptt,
        learningRate,
        dropMultiplier: flags.dropout,
        seed,
        backward: flags.backward ?? false,
        resume: flags.resume ?? false,
        name: flags.name ?? path.basename(outDir),
        tokenizer: flags.language === undefined ? {} : { language: flags.language },
      },
      control,
    );
  });
  const { tokensSeen, epochs, perplexity, seconds } = result;
  const measured = perplexity === null ? '' : `, validation perplexity ${perplexity.toFixed(1)}`;
  session.output.result(
    result,
    `${integer(tokensSeen)} tokens (${epochs.toFixed(2)} times the corpus) in ${duration(seconds)}${measured}: ${result.modelDir}`,
  );
}

/** Tokenizes corpus and validation text; a resumed run takes what is there. */
async function corpusShards(
  session: Session,
  flags: PretrainFlags,
  work: string,
  control: JobControl,
): Promise<{ shardsDir: string; validShardsDir: string | null }> {
  const shardsDir = path.join(work, 'corpus');
  const validDir = path.join(work, 'valid');
  const validShardsDir = flags.valid === undefined ? null : validDir;
  const isThere = (folder: string): boolean => existsSync(path.join(folder, 'shards.json'));
  if (flags.resume && isThere(shardsDir)) {
    return { shardsDir, validShardsDir: isThere(validDir) ? validDir : null };
  }
  const [first] = flags.corpus ?? [];
  if (first === undefined) throw new UsageError('Name the text with --corpus FILE or --corpus FOLDER.');
  const { pool } = session.host.services;
  control.report({ type: 'stage', stage: 'tokenize', stages: ['tokenize', 'language-model-all', 'evaluate'] });
  const follow = {
    signal: control.signal,
    onProgress: (done: number) =>
      control.report({ type: 'count', stage: 'tokenize', done, total: null, unit: 'texts', secondsLeft: null }),
  };
  const tokenizer = { language: flags.language };
  const files = (await Promise.all((flags.corpus ?? []).map(corpusFiles))).flat();
  const limits = flags.maxCharacters === undefined ? {} : { maxCharacters: flags.maxCharacters };
  const built = await pool.buildShards(corpusDocuments(files, limits), {
    dir: shardsDir,
    tokenizer,
    vocabulary: { maxSize: flags.vocabulary, minCount: flags.minCount },
    ...follow,
  });
  const message = `${integer(built.tokens)} tokens, ${integer(built.vocabulary.size)} words, ${(built.unknownRate * 100).toFixed(1)} % of the tokens unknown`;
  control.report({ type: 'note', level: 'info', message });
  if (flags.valid !== undefined) {
    const validFiles = await corpusFiles(flags.valid);
    const vocabulary = await Vocabulary.load(path.join(shardsDir, 'vocabulary.json'));
    await pool.buildShards(corpusDocuments(validFiles), { dir: validDir, tokenizer, vocabulary, ...follow });
  }
  return { shardsDir, validShardsDir };
}
