import { ChunkCache, LONGEST_CACHED } from '../chunk-cache';
import type { IdBuffer } from '../id-buffer';
import { isPythonSpace } from '../python-text';
import { RulePass, stringOf } from '../rule-pass';
import { capitals, collapseSpaces, lowercase, markAllCapitals, markCapitalised } from '../rules';
import { ALL_CAPITALS, BEGIN, CAPITALISED } from '../special-tokens';
import { isSpaceUnit } from '../text-features';
import type { TokenEncoder } from '../token-encoder';
import type { SentencePieceModel } from './sentencepiece-model';
import { pieceTokens } from './subword-vocabulary';
import { unitsOf } from './unigram';

/** All kinds of white space that the rules know. */
const SPACES = Array.from({ length: 0x10000 }, (_, code) => code)
  .filter(isPythonSpace)
  .map((code) => String.fromCharCode(code));
/** Margins are kept as whole numbers of this unit, rounded down. */
const MARGIN_UNITS = 1 << 16;
const MOST_MARGIN = 1 << 13;
/** What stands before the pieces of a cached word: its margin and its length. */
const CACHE_HEAD = 2;

/**
 * Turns documents into the ids of sub-words: fastai's text rules, then the pieces of a SentencePiece model, exactly as
 * that library cuts the whole text. Words seen before come from a cache; where the library's float32 sums could decide a
 * near tie otherwise at this place in the text, the word is cut again with the sum at hand.
 */
export class SubwordEncoder implements TokenEncoder {
  private readonly model: SentencePieceModel;
  private readonly rules = new RulePass();
  private readonly cache = new ChunkCache();
  private readonly separators: Uint8Array;
  private readonly wordByWord: boolean;
  private readonly ids: Int32Array;
  private readonly idOf: (token: string) => number;
  private readonly tokens: readonly string[];
  private readonly beginUnits = unitsOf(BEGIN);
  private sum = 0;
  private afterUnknown = false;

  /**
   * @param idOf gives a token its id; called in the order in which tokens are first met
   * @throws AppError `model-format` where the model does not know the special tokens
   */
  constructor(model: SentencePieceModel, idOf: (token: string) => number) {
    this.model = model;
    this.idOf = idOf;
    this.tokens = pieceTokens(model);
    this.ids = new Int32Array(this.tokens.length).fill(-1);
    this.separators = new Uint8Array(0x10000);
    const separators = model.normalizer.wordSeparators(SPACES);
    for (const space of separators) this.separators[space.charCodeAt(0)] = 1;
    // A piece with a space inside could reach from word to word.
    this.wordByWord = separators.includes(' ') && !model.pieces.some(({ text }) => text.includes('▁', 1));
  }

  /** Appends the ids of a text whose fields are joined already. */
  encode(text: string, out: IdBuffer): void {
    this.encodeRuled(this.rules.applyToText(text), out);
  }

  /** Appends the ids of `units`, the code units of a text whose fields are joined already. */
  encodeUnits(units: Uint16Array, out: IdBuffer): void {
    this.encodeRuled(this.rules.apply(units), out);
  }

  private encodeRuled(units: Uint16Array, out: IdBuffer): void {
    this.sum = 0;
    this.afterUnknown = false;
    if (!this.wordByWord || !this.hasPlainSpaces(units)) {
      this.encodeWhole(stringOf(units, 0, units.length), out);
      return;
    }
    this.encodeWord(this.beginUnits, 0, BEGIN.length, hashOf(this.beginUnits), out);
    const { length } = units;
    for (let i = 0; i < length;) {
      if (isSpaceUnit(units[i] as number)) {
        i++;
        continue;
      }
      const start = i;
      let hash = 0x811c9dc5 | 0;
      do hash = Math.imul(hash ^ (units[i++] as number), 0x01000193);
      while (i < length && !isSpaceUnit(units[i] as number));
      this.encodeWord(units, start, i, hash, out);
    }
  }

  /** Whether all white space parts words for the model too. */
  private hasPlainSpaces(units: Uint16Array): boolean {
    for (let i = 0; i < units.length; i++) {
      const unit = units[i] as number;
      if (isSpaceUnit(unit) && !this.separators[unit]) return false;
    }
    return true;
  }

  private encodeWhole(ruled: string, out: IdBuffer): void {
    const text = lowercase(markCapitalised(markAllCapitals(collapseSpaces(ruled))));
    const units = unitsOf(this.model.normalizer.normalize(text));
    for (const piece of this.model.unigram.segment(units, 0, units.length, 0).ids) this.put(piece, out);
  }

  private encodeWord(units: Uint16Array, start: number, end: number, hash: number, out: IdBuffer): void {
    const { cache, model } = this;
    this.sum = model.unigram.begin(this.sum);
    const cached = end - start <= LONGEST_CACHED;
    let entry = cached ? cache.find(units, start, end, hash) : -1;
    if (entry < 0 && cached) {
      cache.add(units, start, end, hash, this.cacheEntry(stringOf(units, start, end)));
      entry = cache.find(units, start, end, hash);
    }
    if (entry >= 0) {
      const from = cache.idStart(entry);
      const { idsOf } = cache;
      if ((idsOf[from] as number) > this.doubt(idsOf[from + 1] as number)) {
        const to = cache.idStart(entry + 1);
        for (let i = from + CACHE_HEAD; i < to; i++) {
          this.sum = model.unigram.add(this.sum, idsOf[i] as number);
          this.put(idsOf[i] as number, out);
        }
        return;
      }
    }
    const normalized = unitsOf(this.normalized(stringOf(units, start, end)));
    const { ids, sum } = model.unigram.segment(normalized, 0, normalized.length, this.sum);
    this.sum = sum;
    for (const piece of ids) this.put(piece, out);
  }

  private doubt(units: number): number {
    return units === 0 ? -1 : this.model.unigram.doubt(this.sum, units) * MARGIN_UNITS;
  }

  private cacheEntry(word: string): number[] {
    const units = unitsOf(this.normalized(word));
    const { ids, margin } = this.model.unigram.segmentWithMargin(units, 0, units.length);
    return [Math.floor(Math.min(margin, MOST_MARGIN) * MARGIN_UNITS), units.length, ...ids];
  }

  /** A word as the model cuts it, with its mark for capitals. */
  private normalized(word: string): string {
    const form = word.length > 1 ? capitals(word) : 'none';
    const mark = form === 'none' ? '' : `${form === 'all' ? ALL_CAPITALS : CAPITALISED} `;
    return this.model.normalizer.normalize(mark + word.toLowerCase());
  }

  /** Unknown characters side by side are one token. */
  private put(piece: number, out: IdBuffer): void {
    const unknown = piece === this.model.unigram.unknown;
    if (!unknown || !this.afterUnknown) {
      let id = this.ids[piece] as number;
      if (id < 0) id = this.ids[piece] = this.idOf(this.tokens[piece] ?? '');
      out.push(id);
    }
    this.afterUnknown = unknown;
  }
}

function hashOf(units: Uint16Array): number {
  let hash = 0x811c9dc5 | 0;
  for (const unit of units) hash = Math.imul(hash ^ unit, 0x01000193);
  return hash;
}
