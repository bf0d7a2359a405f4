import { UNKNOWN_ID } from './special-tokens';
import type { TokenShards } from './token-shards';

/** So many texts are enough to tell how many of their words are new. */
const textsLookedAt = 2000;

/**
 * The share of running text that a model does not know: words without a row of its own, and unknown ones. Measured on some
 * documents from all over the list.
 *
 * @param isNew 1 for each word that it does not know // [vocabulary]
 * @returns 0 to 1
 */
export function newWordShare(shards: TokenShards, documents: Int32Array, isNew: Uint8Array): number {
  const step = Math.max(1, Math.floor(documents.length / textsLookedAt));
  let [tokens, found] = [0, 0];
  for (let i = 0; i < documents.length; i += step) {
    const ids = shards.read(documents[i]!);
    tokens += ids.length;
    for (const id of ids) if (id === UNKNOWN_ID || isNew[id] === 1) found++;
  }
  return found / Math.max(1, tokens);
}
