import { mixed, similarity } from './minhash';

/** Bytes of a signature that must agree for two texts to be compared at all. */
const BAND = 8;
/** Different texts that may share a band before further ones are passed over: what keeps this linear. */
const MOST_LEADERS = 6;

/**
 * Finds for each text an earlier one that is nearly the same: signatures are cut into bands (locality-sensitive
 * hashing), and only texts that agree in a whole band are compared. Time grows with the number of texts, not of pairs.
 *
 * @param signatures // [texts, bins]
 * @param signed 1 for the texts that have a signature
 * @param threshold the share of pieces in common from which two texts are nearly the same
 * @param onProgress is told the share that is done, now and then
 * @returns for each text the first of its group, or -1; a first one has -1 itself
 */
export function nearDuplicates(
  signatures: Uint8Array,
  signed: Uint8Array,
  bins: number,
  threshold: number,
  onProgress: (share: number) => void = () => undefined,
): Int32Array {
  const count = signed.length;
  const leader = new Int32Array(count).fill(-1);
  const slots = 1 << Math.max(4, Math.ceil(Math.log2(Math.max(1, count))));
  const heads = new Int32Array(slots);
  const next = new Int32Array(count);
  for (let band = 0; band + BAND <= bins; band += BAND) {
    heads.fill(-1);
    for (let text = 0; text < count; text++) {
      if (signed[text] === 0 || (leader[text] ?? -1) >= 0) continue;
      const slot = bandHash(signatures, text * bins + band) & (slots - 1);
      let tried = 0;
      let other = heads[slot] ?? -1;
      for (; other >= 0 && tried < MOST_LEADERS; other = next[other] ?? -1) {
        // Different bands can fall into one slot: telling that takes eight bytes instead of the whole signature.
        if (!sameBand(signatures, text * bins + band, other * bins + band)) continue;
        tried++;
        if (similarity(signatures, bins, text, other) < threshold) continue;
        leader[text] = other;
        break;
      }
      if ((leader[text] ?? -1) >= 0 || tried >= MOST_LEADERS) continue;
      next[text] = heads[slot] ?? -1;
      heads[slot] = text;
    }
    onProgress((band + BAND) / bins);
  }
  return shortened(leader);
}

/** Lets each text point to the first of its group: a leader may have found an earlier one in a later band. */
function shortened(leader: Int32Array): Int32Array {
  for (let text = 0; text < leader.length; text++) {
    let first = leader[text] ?? -1;
    while (first >= 0 && (leader[first] ?? -1) >= 0) first = leader[first] ?? -1;
    leader[text] = first;
  }
  return leader;
}

function bandHash(bytes: Uint8Array, at: number): number {
  let hash = 0;
  for (let i = 0; i < BAND; i++) hash = (Math.imul(hash, 0x01000193) + (bytes[at + i] ?? 0)) | 0;
  return mixed(hash);
}

function sameBand(bytes: Uint8Array, a: number, b: number): boolean {
  for (let i = 0; i < BAND; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
