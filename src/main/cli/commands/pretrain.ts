import path from 'node:path';
import { Option, type Command } from 'commander';
import type { EncoderKind, QrnnSettings } from '../../../engine/model/config';
import { encoderKinds } from '../../../engine/model/config';
import { languageModelFileSchema, readModelJson } from '../../../engine/model/language-model-files';
import type { PretrainParams } from '../../../engine/tasks/protocol';
import type { Run } from '../command';
import { corpusShards, keepSubwords } from '../corpus-shards';
import { duration, integer } from '../human';
import { collect, count, factor, positive, whole } from '../options';
import { runJob } from '../run-job';
import type { Session } from '../session';
import { teacherShards } from '../teacher-shards';
import { addTokenizerFlags, type TokenizerFlags } from '../tokenizer-flags';

interface PretrainFlags extends TokenizerFlags {
  readonly corpus?: readonly string[];
  readonly valid?: string;
  readonly out: string;
  readonly name?: string;
  readonly minutes: number;
  readonly decayMinutes?: number;
  readonly vocabulary: number;
  readonly minCount: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
  readonly encoder: EncoderKind;
  readonly qrnnWindow: '1' | '2';
  readonly qrnnPooling: 'fo' | 'f';
  readonly batchSize: number;
  readonly bptt: number;
  readonly learningRate: number;
  readonly dropout: number;
  readonly maxCharacters?: number;
  readonly seed: number;
  readonly backward?: boolean;
  readonly from?: string;
  readonly teacher?: string;
  readonly teacherWeight: number;
  readonly resume?: boolean;
}

/** `thaw pretrain`: a language model from a corpus of plain text files. */
export function addPretrain(program: Command, run: Run): void {
  const command = program
    .command('pretrain')
    .description(
      'Train a language model from scratch on text files (articles that begin with "= Title =", or plain text).',
    )
    .option('--corpus <path>', 'a text file or a folder of .txt files; may be given several times', collect)
    .option('--valid <path>', 'text that is not trained on, to measure the perplexity')
    .requiredOption('--out <folder>', 'folder of the model; its checkpoints and token shards lie beside it')
    .option('--name <name>', 'name of the model (default: that of the folder)')
    .option('--minutes <n>', 'minutes of training, over all sittings', positive, 30)
    .option('--decay-minutes <n>', 'the last minutes, in which the rate falls (default: a fifth)', positive)
    .option('--vocabulary <n>', 'most words, or sub-words', count, 30_000)
    .option('--min-count <n>', 'a word seen less often is unknown', count, 3)
    .option('--embedding <n>', 'size of the embedding', count, 400)
    .option('--hidden <n>', 'size of the hidden layers', count, 1152)
    .option('--layers <n>', 'number of recurrent layers', count, 3)
    .addOption(new Option('--encoder <kind>', 'kind of the recurrent layers').choices(encoderKinds).default('awd-lstm'))
    .addOption(
      new Option('--qrnn-window <n>', 'tokens that the first QRNN layer sees').choices(['1', '2']).default('2'),
    )
    .addOption(new Option('--qrnn-pooling <how>', 'with output gate or without').choices(['fo', 'f']).default('fo'))
    .option('--batch-size <n>', 'rows of a batch', count, 48)
    .option('--bptt <n>', 'tokens of a window', count, 64)
    .option('--learning-rate <n>', 'the greatest rate', positive, 3e-3)
    .option('--dropout <factor>', 'factor on the five dropouts', factor, 0.1)
    .option('--max-characters <n>', 'take only so much of the corpus', count)
    .option('--seed <n>', 'the same seed gives the same model', whole, 0)
    .option('--backward', 'read texts from their end')
    .option(
      '--from <folder>',
      'begin with the words, sizes and weights of this language model: of the other direction, or to read on',
    )
    .option('--teacher <folder>', 'sentences.txt and vectors.f16 of a sentence model, learned beside the next word')
    .option('--teacher-weight <n>', 'how much the teacher counts beside the next word', positive, 1)
    .option('--resume', 'go on from the last checkpoint in the folder');
  addTokenizerFlags(command).action((flags: PretrainFlags) => run((session) => pretrainCommand(session, flags)));
}

async function pretrainCommand(session: Session, flags: PretrainFlags): Promise<void> {
  const outDir = path.resolve(flags.out);
  const resumeHint = `Go on with: thaw pretrain --out ${flags.out} --minutes ${flags.minutes} --resume (and the same sizes)`;
  const result = await runJob(session, 'Pretraining', resumeHint, async (control) => {
    const shards = await corpusShards(session, flags, `${outDir}.work`, control);
    const { minutes, batchSize, bptt, learningRate, seed, teacher } = flags;
    const taught = teacher === undefined ? undefined : { folder: path.resolve(teacher), weight: flags.teacherWeight };
    const made = await session.host.services.training.pretrain(
      {
        shardsDir: shards.shardsDir,
        validShardsDir: shards.validShardsDir,
        outDir,
        sizes: await sizesOf(flags),
        startFrom: flags.from === undefined ? undefined : path.resolve(flags.from),
        minutes,
        decayMinutes: flags.decayMinutes ?? minutes / 5,
        batchSize,
        bptt,
        learningRate,
        dropMultiplier: flags.dropout,
        seed,
        backward: flags.backward ?? false,
        resume: flags.resume ?? false,
        name: flags.name ?? path.basename(outDir),
        teacher: taught && (await teacherShards(session, taught, `${outDir}.work`, shards, control)),
        tokenizer: shards.tokenizer,
      },
      control,
    );
    await keepSubwords(shards, outDir);
    return made;
  });
  const { tokensSeen, epochs, perplexity, seconds } = result;
  const measured = perplexity === null ? '' : `, validation perplexity ${perplexity.toFixed(1)}`;
  session.output.result(
    result,
    `${integer(tokensSeen)} tokens (${epochs.toFixed(2)} times the corpus) in ${duration(seconds)}${measured}: ${result.modelDir}`,
  );
}

/** The sizes that the flags ask for: those of the model to begin with, or their own. */
async function sizesOf(flags: PretrainFlags): Promise<PretrainParams['sizes']> {
  if (flags.from !== undefined) return (await readModelJson(path.resolve(flags.from), languageModelFileSchema)).encoder;
  const { encoder: kind, embedding, hidden, layers } = flags;
  return { kind, embedding, hidden, layers, ...qrnnOf(flags) };
}

/** What only a quasi-recurrent encoder has. */
function qrnnOf({ encoder, qrnnWindow, qrnnPooling }: PretrainFlags): { qrnn?: QrnnSettings } {
  if (encoder !== 'qrnn') return {};
  return { qrnn: { window: qrnnWindow === '1' ? 1 : 2, outputGate: qrnnPooling === 'fo' } };
}
