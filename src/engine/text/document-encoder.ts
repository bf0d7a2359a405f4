import { ChunkCache, LONGEST_CACHED } from './chunk-cache';
import type { IdBuffer } from './id-buffer';
import { replaceRepeatedCharacters, replaceRepeatedWords } from './repeats';
import { capitals, collapseSpaces, fixHtml, spaceSpecialCharacters } from './rules';
import { ALL_CAPITALS, BEGIN, CAPITALISED } from './special-tokens';
import { HTML, isSpaceUnit, REPEATED_CHARACTERS, REPEATED_WORDS, SPECIAL, textFeatures } from './text-features';
import { WordSplitter } from './word-splitter';

const SPACE = 0x20;

/**
 * Turns documents into token ids: the text rules, the word splitter and the rules on tokens in one pass. What stands
 * between white space is looked up with its capitals in a cache of chunks, so that a word seen before costs one hash;
 * the rules that look further run only on texts that hold one of their triggers.
 */
export class DocumentEncoder {
  private readonly splitter: WordSplitter;
  private readonly cache = new ChunkCache();
  private readonly idOf: (token: string) => number;
  private readonly begin: number;
  private scratch = Buffer.alloc(1 << 16);

  /** @param idOf gives a token its id; called in the order in which tokens are first met */
  constructor(language: string, idOf: (token: string) => number) {
    this.splitter = new WordSplitter(language);
    this.idOf = idOf;
    this.begin = idOf(BEGIN);
  }

  /** Forgets the ids of all chunks, for when `idOf` answers differently from now on. */
  forget(): void {
    this.cache.clear();
  }

  /** Appends the ids of a text whose fields are joined already. */
  encode(text: string, out: IdBuffer): void {
    const units = this.unitsOf(text);
    this.encodeWith(textFeatures(units, text.length), units, text.length, text, out);
  }

  /** Appends the ids of `units`, the code units of a text whose fields are joined already. */
  encodeUnits(units: Uint16Array, out: IdBuffer): void {
    this.encodeWith(textFeatures(units, units.length), units, units.length, null, out);
  }

  private encodeWith(features: number, units: Uint16Array, length: number, text: string | null, out: IdBuffer): void {
    if (features === 0) {
      this.encodeChunks(units, length, out);
      return;
    }
    const featuresOf = (changed: string): number => textFeatures(this.unitsOf(changed), changed.length);
    const ruled = applyTextRules(text ?? stringOf(units, 0, length), features, featuresOf);
    this.encodeChunks(this.unitsOf(ruled), ruled.length, out);
  }

  private encodeChunks(units: Uint16Array, length: number, out: IdBuffer): void {
    out.push(this.begin);
    let i = 0;
    while (i < length && isSpaceUnit(units[i] as number)) i++;
    while (i < length) {
      const start = i;
      let hash = 0x811c9dc5 | 0;
      let code = units[i] as number;
      do {
        hash = Math.imul(hash ^ code, 0x01000193);
        code = units[++i] as number;
      } while (i < length && !isSpaceUnit(code));
      this.encodeChunk(units, start, i, hash, out);
      const spaces = i;
      while (i < length && isSpaceUnit(units[i] as number)) i++;
      if (i < length && (i > spaces + 1 || code !== SPACE)) this.encodeSpace(stringOf(units, spaces, i), out);
    }
  }

  private encodeChunk(units: Uint16Array, start: number, end: number, hash: number, out: IdBuffer): void {
    const { cache } = this;
    const cached = end - start <= LONGEST_CACHED;
    const entry = cached ? cache.find(units, start, end, hash) : -1;
    if (entry >= 0) {
      out.pushAll(cache.idsOf, cache.idStart(entry), cache.idStart(entry + 1));
      return;
    }
    const ids = this.chunkTokens(stringOf(units, start, end)).map(this.idOf);
    if (cached) cache.add(units, start, end, hash, ids);
    for (const id of ids) out.push(id);
  }

  private chunkTokens(chunk: string): readonly string[] {
    const form = capitals(chunk);
    const tokens = this.splitter.split(chunk.toLowerCase());
    if (form === 'none' || chunk.length === 1) return tokens;
    return [form === 'all' ? ALL_CAPITALS : CAPITALISED, ...tokens];
  }

  /** White space other than one space is a token, without the space that closes the word before it, as spaCy has it. */
  private encodeSpace(space: string, out: IdBuffer): void {
    const collapsed = collapseSpaces(space);
    const token = collapsed.startsWith(' ') ? collapsed.slice(1) : collapsed;
    if (token !== '') out.push(this.idOf(token.replaceAll(' ', '▁')));
  }

  private unitsOf(text: string): Uint16Array {
    if (text.length * 2 > this.scratch.length) this.scratch = Buffer.alloc(text.length * 3);
    this.scratch.write(text, 'utf16le');
    return new Uint16Array(this.scratch.buffer, this.scratch.byteOffset, text.length);
  }
}

/** The rules up to `spec_add_spaces`, each only where its triggers are; what they add may hold triggers of the next. */
function applyTextRules(text: string, features: number, featuresOf: (text: string) => number): string {
  let current = text;
  let found = features;
  const apply = (rule: (text: string) => string): void => {
    const changed = rule(current);
    if (changed !== current) found = featuresOf(changed);
    current = changed;
  };
  if (found & HTML) apply(fixHtml);
  if (found & REPEATED_CHARACTERS) apply(replaceRepeatedCharacters);
  if (found & REPEATED_WORDS) apply(replaceRepeatedWords);
  return found & SPECIAL ? spaceSpecialCharacters(current) : current;
}

function stringOf(units: Uint16Array, start: number, end: number): string {
  return Buffer.from(units.buffer, units.byteOffset + start * 2, (end - start) * 2).toString('utf16le');
}
