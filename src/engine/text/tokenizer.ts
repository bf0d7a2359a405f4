import { statSync } from 'node:fs';
import { fileError } from '../weights/file-error';
import { DocumentEncoder } from './document-encoder';
import { IdBuffer } from './id-buffer';
import { joinFields } from './rules';
import { SentencePieceModel } from './sentencepiece/sentencepiece-model';
import { SubwordEncoder } from './sentencepiece/subword-encoder';
import type { TokenEncoder } from './token-encoder';

/** What a text needs besides itself to be cut into tokens. */
export interface TokenizerOptions {
  /** ISO 639-1 code; `en` where left out. `zh`, `ja`, `th`, `lo`, `km` and `my` are cut without spaces. */
  readonly language?: string;
  /** File of a SentencePiece model: texts are cut into its sub-words. Left out: into words. */
  readonly model?: string;
}

/**
 * An encoder of documents for a tokenizer.
 * @param idOf gives a token its id; called in the order in which tokens are first met
 * @throws AppError of the disk, `model-format` where the SentencePiece model cannot be used
 */
export function createEncoder(options: TokenizerOptions, idOf: (token: string) => number): TokenEncoder {
  if (options.model !== undefined) return new SubwordEncoder(SentencePieceModel.load(options.model), idOf);
  return new DocumentEncoder(options.language ?? 'en', idOf);
}

const encoders = new Map<string, { readonly encoder: TokenEncoder; readonly tokens: string[] }>();
const MOST_TOKENS = 200_000;
/** Of tokenizers used in turn those longest unused make room. */
const MOST_ENCODERS = 8;

/**
 * The tokens of a document: fastai's rules, then words as spaCy cuts them and fastai's rule for tokens, or the sub-words
 * of a SentencePiece model. `xxbos` comes first; several fields are joined by `xxfld 1`, `xxfld 2` …
 */
export function tokenize(fields: readonly string[], options: TokenizerOptions = {}): string[] {
  const { encoder, tokens } = encoderFor(options);
  const ids = new IdBuffer();
  encoder.encode(joinFields(fields), ids);
  return Array.from(ids.view(), (id) => tokens[id] ?? '');
}

function encoderFor(options: TokenizerOptions): { readonly encoder: TokenEncoder; readonly tokens: string[] } {
  const key = options.model === undefined ? (options.language ?? 'en') : `${options.model} ${stamp(options.model)}`;
  const known = encoders.get(key);
  if (known !== undefined && known.tokens.length < MOST_TOKENS) return known;
  const tokens: string[] = [];
  const idOfToken = new Map<string, number>();
  const encoder = createEncoder(options, (token) => {
    const id = idOfToken.get(token) ?? tokens.length;
    if (id === tokens.length) {
      tokens.push(token);
      idOfToken.set(token, id);
    }
    return id;
  });
  const made = { encoder, tokens };
  encoders.delete(key);
  encoders.set(key, made);
  for (const oldest of encoders.keys()) if (encoders.size > MOST_ENCODERS) encoders.delete(oldest);
  return made;
}

/** Changes when another file takes the place of this one. */
function stamp(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    throw fileError(file, 'read', error);
  }
}
