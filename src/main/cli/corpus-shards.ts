import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { languageModelFileSchema, readItos, readModelJson } from '../../engine/model/language-model-files';
import { corpusDocuments, corpusFiles } from '../../engine/text/plain-corpus';
import { SENTENCEPIECE_FILE } from '../../engine/text/sentencepiece/sentencepiece-model';
import { tokenizerFileSchema, tokenizerIn, type TokenizerFile } from '../../engine/text/tokenizer-file';
import { Vocabulary } from '../../engine/text/vocabulary';
import { writeJsonAtomic } from '../../engine/weights/atomic-write';
import { followTokenizing } from '../host/follow-tokenizing';
import type { JobControl } from '../host/job-control';
import { integer, percent } from './human';
import { UsageError } from './output';
import type { Session } from './session';
import { chooseTokenizer, type ChosenTokenizer, type TokenizerFlags } from './tokenizer-flags';

/** What pretraining says of its texts. */
export interface CorpusFlags extends TokenizerFlags {
  readonly corpus?: readonly string[];
  readonly valid?: string;
  /** A language model whose words and tokenizer are taken. */
  readonly from?: string;
  readonly vocabulary: number;
  readonly minCount: number;
  readonly maxCharacters?: number;
  readonly resume?: boolean;
}

/** The token shards of a corpus. */
export interface CorpusShards {
  readonly shardsDir: string;
  readonly validShardsDir: string | null;
  readonly tokenizer: TokenizerFile;
}

/** Tokenizes corpus and validation text; a resumed run takes what is there. */
export async function corpusShards(
  session: Session,
  flags: CorpusFlags,
  work: string,
  control: JobControl,
): Promise<CorpusShards> {
  const shardsDir = path.join(work, 'corpus');
  const validDir = path.join(work, 'valid');
  const isThere = (folder: string): boolean => existsSync(path.join(folder, 'shards.json'));
  if (flags.resume && isThere(shardsDir)) {
    const tokenizer = await readTokenizer(work, flags);
    return { shardsDir, validShardsDir: isThere(validDir) ? validDir : null, tokenizer };
  }
  const [first] = flags.corpus ?? [];
  if (first === undefined) throw new UsageError('Name the text with --corpus FILE or --corpus FOLDER.');
  const { pool } = session.host.services;
  control.report({ type: 'stage', stage: 'tokenize', stages: ['tokenize', 'language-model-all', 'evaluate'] });
  const follow = followTokenizing(control, null);
  const files = (await Promise.all((flags.corpus ?? []).map(corpusFiles))).flat();
  const most = flags.maxCharacters === undefined ? {} : { maxCharacters: flags.maxCharacters };
  const read = () => corpusDocuments(files, most);
  const limits = { maxSize: flags.vocabulary, minCount: flags.minCount };
  const chosen =
    flags.from === undefined
      ? await chooseTokenizer(session, flags, { read, work, limits }, control)
      : await tokenizerOf(path.resolve(flags.from));
  const { options, vocabulary } = chosen;
  const built = await pool.buildShards(read(), { dir: shardsDir, tokenizer: options, vocabulary, ...follow });
  await writeJsonAtomic(tokenizerJson(work), chosen.file);
  const words = chosen.file.kind === 'sentencepiece' ? 'sub-words' : 'words';
  const message = `${integer(built.tokens)} tokens, ${integer(built.vocabulary.size)} ${words} (language: ${chosen.file.language ?? 'en'}), ${percent(built.unknownRate)} of the tokens unknown`;
  control.report({ type: 'note', level: 'info', message });
  if (flags.valid !== undefined) {
    const validFiles = await corpusFiles(flags.valid);
    const known = await Vocabulary.load(path.join(shardsDir, 'vocabulary.json'));
    const tokenizer = tokenizerIn(shardsDir, chosen.file);
    await pool.buildShards(corpusDocuments(validFiles), { dir: validDir, tokenizer, vocabulary: known, ...follow });
  }
  return { shardsDir, validShardsDir: flags.valid === undefined ? null : validDir, tokenizer: chosen.file };
}

/** Puts the sub-words, where the shards are of some, beside the model. */
export async function keepSubwords({ shardsDir, tokenizer }: CorpusShards, outDir: string): Promise<void> {
  if (tokenizer.kind !== 'sentencepiece') return;
  await copyFile(path.join(shardsDir, SENTENCEPIECE_FILE), path.join(outDir, SENTENCEPIECE_FILE));
}

/** Tokenizer and words of a language model. */
async function tokenizerOf(folder: string): Promise<ChosenTokenizer> {
  const { tokenizer, encoder } = await readModelJson(folder, languageModelFileSchema);
  const vocabulary = new Vocabulary(await readItos(folder, encoder.vocabulary));
  return { file: tokenizer, options: tokenizerIn(folder, tokenizer), vocabulary };
}

const tokenizerJson = (work: string): string => path.join(work, 'tokenizer.json');

/** How the shards were made; those of older versions say nothing of it and were made of words. */
async function readTokenizer(work: string, flags: CorpusFlags): Promise<TokenizerFile> {
  const file = tokenizerJson(work);
  if (!existsSync(file)) return { kind: 'words', language: flags.language ?? 'en' };
  return z.parse(tokenizerFileSchema, JSON.parse(await readFile(file, 'utf8')));
}
