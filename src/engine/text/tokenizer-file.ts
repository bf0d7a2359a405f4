import { join } from 'node:path';
import { z } from 'zod';
import { SENTENCEPIECE_FILE } from './sentencepiece/sentencepiece-model';
import type { TokenizerOptions } from './tokenizer';

/** What `model.json` says of a model's tokenizer; left out: words. */
export const tokenizerFileSchema = z.object({
  language: z.string().optional(),
  kind: z.enum(['words', 'sentencepiece']).optional(),
});
export type TokenizerFile = z.infer<typeof tokenizerFileSchema>;

/** The tokenizer of the model in `folder`. */
export function tokenizerIn(folder: string, { language, kind }: TokenizerFile): TokenizerOptions {
  const model = kind === 'sentencepiece' ? join(folder, SENTENCEPIECE_FILE) : undefined;
  return { ...(language === undefined ? {} : { language }), ...(model === undefined ? {} : { model }) };
}

/** The reverse of {@link tokenizerIn}: what a `model.json` says of this tokenizer. */
export function tokenizerFileOf({ language, model }: TokenizerOptions): TokenizerFile {
  return { ...(language === undefined ? {} : { language }), ...(model === undefined ? {} : { kind: 'sentencepiece' }) };
}
