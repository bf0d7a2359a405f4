import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { tokenizerFileSchema, type TokenizerFile } from '../../engine/text/tokenizer-file';
import { SENTENCEPIECE_FILE } from '../../engine/text/sentencepiece/sentencepiece-model';
import { AppError } from '../../shared/errors';
import type { RunOptions } from '../../shared/run-options';
import { resourcesFolder } from '../platform/paths';
import { readJson } from './json-file';
import { tokenizerLanguage } from './tokenizer-language';

/** How a run's texts are cut into tokens. */
export interface RunTokenizer {
  readonly kind: 'words' | 'sentencepiece';
  readonly language: string;
  /** The SentencePiece model that the pretrained language model came with; null: words, or sub-words to be learned. */
  readonly model: string | null;
}

const modelSchema = z.object({ tokenizer: tokenizerFileSchema });

/** What `model.json` of a language model says of its tokenizer. @throws AppError `model-format` */
export async function tokenizerOfModel(folder: string): Promise<TokenizerFile> {
  const file = path.join(folder, 'model.json');
  return (await readJson(file, modelSchema, 'a language model', 'model-format'))?.tokenizer ?? {};
}

/**
 * Decides on the tokenizer of a run: what was asked for, else that of the language models it starts from.
 * @param pretrained their folders
 * @param sample some of the texts
 * @throws AppError `bad-input` where a language model was made with another one, `model-format` where its file is missing
 */
export async function runTokenizer(
  options: RunOptions,
  pretrained: readonly string[],
  sample: readonly string[],
): Promise<RunTokenizer> {
  const language = options.language ?? tokenizerLanguage(sample);
  const kinds = await Promise.all(pretrained.map(async (folder) => (await tokenizerOfModel(folder)).kind ?? 'words'));
  const kind = options.tokenizer ?? kinds[0] ?? 'words';
  const other = kinds.findIndex((each) => each !== kind);
  if (other >= 0) throw madeOtherwise(pretrained[other] ?? '', kind);
  if (kind === 'words' || pretrained.length === 0) return { kind, language, model: null };
  const files = pretrained.map((folder) => path.join(folder, SENTENCEPIECE_FILE));
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) {
    throw new AppError(
      'model-format',
      `${missing} is missing: the language model cannot be used without its sub-words.`,
    );
  }
  const prints = new Set(await Promise.all(files.map(fingerprint)));
  if (prints.size > 1) {
    throw new AppError('bad-input', 'The forward and the backward language model were made with different sub-words.', {
      hint: 'Pretrain both on the same token shards: thaw pretrain with --sentencepiece FILE.model.',
      data: { files },
    });
  }
  return { kind, language, model: files[0] ?? null };
}

/** What tells one SentencePiece model from another. */
export async function fingerprint(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 16);
}

/** The rules for characters that new sub-words are learned with. */
export function charsmapFile(): string {
  return path.join(resourcesFolder(), 'sentencepiece', 'nmt_nfkc.charsmap');
}

function madeOtherwise(folder: string, kind: RunTokenizer['kind']): AppError {
  const [wanted, has] = kind === 'words' ? ['words', 'sub-words'] : ['sub-words', 'words'];
  return new AppError(
    'bad-input',
    `The language model in ${folder} knows ${has}; this run was asked to use ${wanted}.`,
    {
      hint:
        kind === 'words'
          ? 'Leave out the option tokenizer, or start from another language model.'
          : 'Start from scratch (--scratch), or from a language model made with: thaw pretrain --tokenizer sentencepiece',
      data: { folder, tokenizer: kind },
    },
  );
}
