import { ChunkCache, LONGEST_CACHED } from './chunk-cache';
import type { IdBuffer } from './id-buffer';
import { RulePass, stringOf } from './rule-pass';
import { capitals, collapseSpaces } from './rules';
import { ALL_CAPITALS, BEGIN, CAPITALISED } from './special-tokens';
import { isSpaceUnit } from './text-features';
import type { TokenEncoder } from './token-encoder';
import { WordSplitter } from './word-splitter';

const SPACE = 0x20;

/**
 * Turns documents into token ids: the text rules, the word splitter and the rules on tokens in one pass. What stands
 * between white space is looked up with its capitals in a cache of chunks, so that a word seen before costs one hash;
 * the rules that look further run only on texts that hold one of their triggers.
 */
export class DocumentEncoder implements TokenEncoder {
  private readonly splitter: WordSplitter;
  private readonly cache = new ChunkCache();
  private readonly idOf: (token: string) => number;
  private readonly begin: number;
  private readonly rules = new RulePass();

  /** @param idOf gives a token its id; called in the order in which tokens are first met */
  constructor(language: string, idOf: (token: string) => number) {
    this.splitter = new WordSplitter(language);
    this.idOf = idOf;
    this.begin = idOf(BEGIN);
  }

  /** Appends the ids of a text whose fields are joined already. */
  encode(text: string, out: IdBuffer): void {
    const units = this.rules.applyToText(text);
    this.encodeChunks(units, units.length, out);
  }

  /** Appends the ids of `units`, the code units of a text whose fields are joined already. */
  encodeUnits(source: Uint16Array, out: IdBuffer): void {
    const units = this.rules.apply(source);
    this.encodeChunks(units, units.length, out);
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
}
