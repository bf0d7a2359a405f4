import { SPECIAL_TOKENS } from '../text/special-tokens';
import type { ImportedWeights } from './fastai-import';
import type { FloatTensor } from './fastai-names';

/** Tensors with one row a word. */
const ROWS_BY_WORD = ['0.encoder.weight', '0.encoder_dp.emb.weight', '1.decoder.weight', '1.decoder.bias'];

/**
 * The same model with the special tokens at ids 0 to 8, where Thaw's vocabularies have them, and every word once. A
 * special token that the model does not know gets the mean of all words, as fastai's `match_embeds` gives a new word;
 * of a word that stands several times (fastai fills up with `xxfake`) the first counts.
 */
export function withSpecialTokensFirst(imported: ImportedWeights): ImportedWeights {
  const places = new Map<string, number>();
  imported.vocabulary.forEach((word, id) => {
    if (!places.has(word)) places.set(word, id);
  });
  const special = new Set(SPECIAL_TOKENS);
  const vocabulary = [...SPECIAL_TOKENS, ...[...places.keys()].filter((word) => !special.has(word))];
  const sources = vocabulary.map((word) => places.get(word) ?? -1);
  const tensors = new Map(imported.tensors);
  const done = new Map<FloatTensor, FloatTensor>(); // tied tensors stay one
  for (const name of ROWS_BY_WORD) {
    const tensor = tensors.get(name);
    if (tensor === undefined) continue;
    const moved = done.get(tensor) ?? moveRows(tensor, sources);
    done.set(tensor, moved);
    tensors.set(name, moved);
  }
  const missing = SPECIAL_TOKENS.filter((token) => !places.has(token));
  const notes = missing.length > 0 ? [`New here, with the mean of all words: ${missing.join(', ')}.`] : [];
  return {
    ...imported,
    config: { ...imported.config, vocab: vocabulary.length },
    tensors,
    vocabulary,
    notes: [...imported.notes, ...notes],
  };
}

/** Row i of the result is row `sources[i]`, or the mean of all rows for -1. */
function moveRows({ shape, data }: FloatTensor, sources: readonly number[]): FloatTensor {
  const [rows = 0, ...rest] = shape;
  const width = rows === 0 ? 0 : data.length / rows;
  const mean = new Float64Array(width);
  data.forEach((value, i) => (mean[i % width] = (mean[i % width] as number) + value / rows));
  const moved = new Float32Array(sources.length * width);
  sources.forEach((source, i) => {
    moved.set(source < 0 ? Float32Array.from(mean) : data.subarray(source * width, (source + 1) * width), i * width);
  });
  return { shape: [sources.length, ...rest], data: moved };
}
