import { DocumentEncoder } from './document-encoder';
import { IdBuffer } from './id-buffer';
import { joinFields } from './rules';

/** What a text needs besides itself to be cut into tokens. */
export interface TokenizerOptions {
  /** ISO 639-1 code; `en` where left out. `zh`, `ja`, `th`, `lo`, `km` and `my` are cut without spaces. */
  readonly language?: string;
}

const encoders = new Map<string, { readonly encoder: DocumentEncoder; readonly tokens: string[] }>();
const MOST_TOKENS = 200_000;

/**
 * The tokens of a document: fastai's rules, words as spaCy cuts them, fastai's rule for tokens. `xxbos` comes first;
 * several fields are joined by `xxfld 1`, `xxfld 2` …
 */
export function tokenize(fields: readonly string[], options: TokenizerOptions = {}): string[] {
  const { encoder, tokens } = encoderFor(options.language ?? 'en');
  const ids = new IdBuffer();
  encoder.encode(joinFields(fields), ids);
  return Array.from(ids.view(), (id) => tokens[id] ?? '');
}

function encoderFor(language: string): { readonly encoder: DocumentEncoder; readonly tokens: string[] } {
  const known = encoders.get(language);
  if (known !== undefined && known.tokens.length < MOST_TOKENS) return known;
  const tokens: string[] = [];
  const idOfToken = new Map<string, number>();
  const encoder = new DocumentEncoder(language, (token) => {
    const id = idOfToken.get(token) ?? tokens.length;
    if (id === tokens.length) {
      tokens.push(token);
      idOfToken.set(token, id);
    }
    return id;
  });
  const made = { encoder, tokens };
  encoders.set(language, made);
  return made;
}
