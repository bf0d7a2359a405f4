import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { SentencePieceModel } from '../../engine/text/sentencepiece/sentencepiece-model';
import { subwordVocabulary } from '../../engine/text/sentencepiece/subword-vocabulary';
import type { TokenizerOptions } from '../../engine/text/tokenizer';
import { type TokenizerFile } from '../../engine/text/tokenizer-file';
import { SENTENCEPIECE_FILE } from '../../engine/text/sentencepiece/sentencepiece-model';
import type { Vocabulary } from '../../engine/text/vocabulary';
import type { JobControl } from '../host/job-control';
import { learnSubwords } from '../host/learn-subwords';
import { tokenizerLanguage } from '../host/tokenizer-language';
import type { BuildShardsOptions, DocumentFields } from '../workers/tokenization-build';
import { UsageError } from './output';
import type { Session } from './session';

/** What the options of {@link addTokenizerFlags} give. */
export interface TokenizerFlags {
  readonly tokenizer?: 'words' | 'sentencepiece';
  readonly sentencepiece?: string;
  readonly language?: string;
}

/** Adds the options that say how texts are cut into tokens. */
export function addTokenizerFlags(command: Command): Command {
  return command
    .option('--tokenizer <kind>', 'words, or sentencepiece: sub-words that are learned from the texts', kindOf)
    .option(
      '--sentencepiece <file>',
      "sub-words of this SentencePiece model (.model) that Thaw or fastai's tokenizer made",
    )
    .option('--language <code>', 'en, de, zh, ja, th … (default: found out from the texts)', languageCode);
}

/** A value of `--tokenizer`. */
export function kindOf(value: string): 'words' | 'sentencepiece' {
  if (value === 'words' || value === 'sentencepiece') return value;
  throw new InvalidArgumentError('Expected words or sentencepiece.');
}

/** A value of `--language`. */
export function languageCode(value: string): string {
  if (/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(value)) return value;
  throw new InvalidArgumentError('Expected a code such as en, de or zh.');
}

/** How some texts are cut into tokens, and the vocabulary that comes of it. */
export interface ChosenTokenizer {
  /** What `model.json` says of it. */
  readonly file: TokenizerFile;
  readonly options: TokenizerOptions;
  readonly vocabulary: BuildShardsOptions['vocabulary'];
}

/** Texts to choose a tokenizer for. */
export interface TextsToTokenize {
  /** The texts, from the beginning with each call. */
  readonly read: () => AsyncIterable<readonly DocumentFields[]>;
  /** Folder for the sub-words that are learned; made where it is missing. */
  readonly work: string;
  readonly limits: { readonly maxSize: number; readonly minCount: number };
}

/**
 * The tokenizer that the flags ask for: finds out the language, and learns sub-words where there is no model of them.
 * @throws UsageError where the flags contradict one another, AppError of the files
 */
export async function chooseTokenizer(
  session: Session,
  flags: TokenizerFlags,
  { read, work, limits }: TextsToTokenize,
  control: JobControl,
): Promise<ChosenTokenizer> {
  if (flags.tokenizer === 'words' && flags.sentencepiece !== undefined) {
    throw new UsageError('--sentencepiece names sub-words, but --tokenizer asks for words.');
  }
  const language = flags.language ?? tokenizerLanguage(await firstTexts(read()));
  if (flags.tokenizer !== 'sentencepiece' && flags.sentencepiece === undefined) {
    return { file: { kind: 'words', language }, options: { language }, vocabulary: limits };
  }
  const model = path.join(work, SENTENCEPIECE_FILE);
  await mkdir(work, { recursive: true });
  await rm(model, { force: true });
  if (flags.sentencepiece !== undefined) await takeOver(path.resolve(flags.sentencepiece), model);
  else
    await learnSubwords(session.host.services, read(), { file: model, language, maxPieces: limits.maxSize }, control);
  const vocabulary: Vocabulary = subwordVocabulary(SentencePieceModel.load(model));
  return { file: { kind: 'sentencepiece', language }, options: { language, model }, vocabulary };
}

async function takeOver(file: string, model: string): Promise<void> {
  if (!existsSync(file)) throw new UsageError(`--sentencepiece ${file}: there is no such file.`);
  await copyFile(file, model);
}

/** Texts that the language is found out from. */
const fewTexts = 200;

async function firstTexts(batches: AsyncIterable<readonly DocumentFields[]>): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of batches) {
    for (const fields of batch) texts.push(fields.join('\n').slice(0, 5000));
    if (texts.length >= fewTexts) break;
  }
  return texts.slice(0, fewTexts);
}
