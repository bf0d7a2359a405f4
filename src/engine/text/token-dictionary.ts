import { SPECIAL_TOKENS } from './special-tokens';

/** Strings in arrays that can be transferred between threads: all code units, and where each string ends. */
export interface PackedStrings {
  readonly units: Uint16Array;
  readonly ends: Uint32Array;
}

/** Packs strings; lone surrogates survive. */
export function packStrings(strings: readonly string[]): PackedStrings {
  const ends = new Uint32Array(strings.length);
  let length = 0;
  strings.forEach((text, i) => {
    length += text.length;
    ends[i] = length;
  });
  const bytes = Buffer.allocUnsafeSlow(length * 2);
  let position = 0;
  for (const text of strings) position += bytes.write(text, position, 'utf16le');
  return { units: new Uint16Array(bytes.buffer, bytes.byteOffset, length), ends };
}

/** The reverse of {@link packStrings}. */
export function unpackStrings(packed: PackedStrings): string[] {
  const { units, ends } = packed;
  const bytes = Buffer.from(units.buffer, units.byteOffset, units.byteLength);
  const strings: string[] = [];
  let start = 0;
  for (const end of ends) {
    strings.push(bytes.toString('utf16le', start * 2, end * 2));
    start = end;
  }
  return strings;
}

/** What one worker counted, ready to be transferred. */
export interface PackedDictionary {
  readonly tokens: PackedStrings;
  /** How often each token was seen. */
  readonly counts: Float64Array;
  /** Number of the batch in which each token was first seen here. */
  readonly firstBatches: Float64Array;
}

/**
 * The tokens one worker has met, numbered as they come (the special tokens first), with how often and in which batch
 * first. Within a batch the numbers are in order of first occurrence, so that dictionaries of several workers merge to
 * the same order whoever did which batch.
 */
export class TokenDictionary {
  private readonly tokens: string[] = [...SPECIAL_TOKENS];
  private readonly ids = new Map<string, number>(SPECIAL_TOKENS.map((token, id) => [token, id]));
  private readonly firstBatches: number[] = SPECIAL_TOKENS.map(() => 0);
  private counts = new Float64Array(1 << 12);
  private batch = 0;

  /** Id of a token, a new one for a new token. */
  idOf(token: string): number {
    const known = this.ids.get(token);
    if (known !== undefined) return known;
    const id = this.tokens.length;
    this.tokens.push(token);
    this.ids.set(token, id);
    this.firstBatches.push(this.batch);
    return id;
  }

  /** Says which batch comes now; numbers must rise. */
  beginBatch(number: number): void {
    this.batch = number;
  }

  /** Counts tokens by their ids. */
  count(ids: Uint32Array): void {
    if (this.tokens.length > this.counts.length) {
      const larger = new Float64Array(this.tokens.length * 2);
      larger.set(this.counts);
      this.counts = larger;
    }
    const { counts } = this;
    for (let i = 0; i < ids.length; i++) (counts[ids[i] as number] as number)++;
  }

  /** All that was counted. */
  pack(): PackedDictionary {
    return {
      tokens: packStrings(this.tokens),
      counts: this.counts.slice(0, this.tokens.length),
      firstBatches: Float64Array.from(this.firstBatches),
    };
  }
}

/** Several dictionaries as one. */
export interface MergedDictionary {
  /** Counts of all tokens in order of first occurrence in the whole text. */
  readonly counts: ReadonlyMap<string, number>;
  /** For each dictionary the tokens by their local ids. */
  readonly tokens: readonly (readonly string[])[];
}

/** Adds up what the workers counted; the result does not depend on which worker did which batch. */
export function mergeDictionaries(dictionaries: readonly PackedDictionary[]): MergedDictionary {
  const merged = new Map<string, { count: number; batch: number; rank: number }>();
  const tokens = dictionaries.map((dictionary) => unpackStrings(dictionary.tokens));
  dictionaries.forEach((dictionary, d) => {
    tokens[d]?.forEach((token, rank) => {
      const count = dictionary.counts[rank] ?? 0;
      const batch = dictionary.firstBatches[rank] ?? 0;
      const entry = merged.get(token);
      if (entry === undefined) {
        merged.set(token, { count, batch, rank });
      } else {
        entry.count += count;
        if (batch < entry.batch) {
          entry.batch = batch;
          entry.rank = rank;
        }
      }
    });
  });
  const ordered = [...merged].sort(([, a], [, b]) => a.batch - b.batch || a.rank - b.rank);
  return { counts: new Map(ordered.map(([token, entry]) => [token, entry.count])), tokens };
}
