import { affixRulesFor, type AffixRules } from './affixes';
import { classesAt, CLUSTER, UNSPACED } from './char-classes';
import { hasCluster, keepClusters } from './clusters';
import { exceptionsFor, type Exceptions } from './tokenizer-exceptions';
import { isUrl } from './url-match';

/** Languages written without spaces between words, which `Intl.Segmenter` cuts. */
const UNSPACED_LANGUAGES: ReadonlySet<string> = new Set(['zh', 'ja', 'th', 'lo', 'km', 'my', 'yue']);

/**
 * Cuts one chunk of text (no white space inside, in lower case) into word tokens, as spaCy's tokenizer does: exceptions,
 * then prefixes and suffixes peeled off in turn, URLs whole, infixes, and exceptions that the cutting took apart put
 * together again. Beyond spaCy: grapheme clusters (emoji sequences, combining marks) are never cut, and runs of Han,
 * kana, Thai, Lao, Khmer or Burmese letters are cut by `Intl.Segmenter` where the language asks for it.
 */
export class WordSplitter {
  private readonly affixes: AffixRules;
  private readonly exceptions: Exceptions;
  private readonly longestException: number;
  /** Exceptions that the affix rules alone would cut, with the cuts; to be put together again. */
  private readonly torn = new Map<string, readonly string[]>();
  private readonly longestTear: number;
  private readonly tornBeginnings: ReadonlySet<string>;
  private readonly segmenter: Intl.Segmenter | null;

  constructor(language: string) {
    const base = language.toLowerCase().split(/[-_]/)[0] ?? 'en';
    this.affixes = affixRulesFor(base);
    this.exceptions = exceptionsFor(base);
    this.longestException = Math.max(...[...this.exceptions.keys()].map((word) => word.length));
    this.segmenter = UNSPACED_LANGUAGES.has(base) ? new Intl.Segmenter(language, { granularity: 'word' }) : null;
    let longestTear = 1;
    for (const word of this.exceptions.keys()) {
      const pieces: string[] = [];
      this.splitAffixes(word, 0, word.length, false, pieces);
      if (pieces.length < 2) continue;
      this.torn.set(word, pieces);
      longestTear = Math.max(longestTear, pieces.length);
    }
    this.longestTear = longestTear;
    this.tornBeginnings = new Set([...this.torn.values()].map((pieces) => pieces[0] ?? ''));
  }

  /** The tokens of a chunk; joined they are the chunk again. */
  split(chunk: string): readonly string[] {
    const exception = this.exceptions.get(chunk);
    if (exception !== undefined) return exception;
    const tokens: string[] = [];
    if (this.segmenter === null) this.splitWords(chunk, tokens);
    else this.splitByScript(chunk, this.segmenter, tokens);
    return tokens.length > 1 && hasCluster(chunk) ? keepClusters(chunk, tokens) : tokens;
  }

  private splitWords(chunk: string, tokens: string[]): void {
    const pieces: string[] = [];
    this.splitAffixes(chunk, 0, chunk.length, true, pieces);
    if (pieces.length > 1) this.mend(pieces, tokens);
    else append(tokens, pieces);
  }

  private splitAffixes(text: string, from: number, to: number, withExceptions: boolean, out: string[]): void {
    let start = from;
    let end = to;
    const suffixes: string[] = [];
    const known = (a: number, b: number): boolean => withExceptions && a < b && this.isException(text, a, b);
    while (start < end && !known(start, end)) {
      const prefix = this.affixes.prefixLength(text, start, end);
      if (prefix > 0) out.push(text.slice(start, start + prefix));
      if (prefix > 0 && known(start + prefix, end)) {
        start += prefix;
        break;
      }
      const suffix = this.affixes.suffixLength(text, start + prefix, end);
      if (suffix > 0 && known(start, end - suffix)) {
        // The prefix belongs to the exception then: it does not come off.
        if (prefix > 0) out.pop();
        suffixes.push(text.slice(end - suffix, end));
        end -= suffix;
        break;
      }
      if (suffix > 0) suffixes.push(text.slice(end - suffix, end));
      start += prefix;
      end -= suffix;
      if (prefix === 0 && suffix === 0) break;
    }
    if (start < end) this.splitMiddle(text, start, end, withExceptions, out);
    for (let i = suffixes.length - 1; i >= 0; i--) out.push(suffixes[i] ?? '');
  }

  private splitMiddle(text: string, start: number, end: number, withExceptions: boolean, out: string[]): void {
    if (withExceptions && this.isException(text, start, end)) {
      append(out, this.exceptions.get(text.slice(start, end)) ?? []);
      return;
    }
    if (isUrl(text, start, end)) {
      out.push(text.slice(start, end));
      return;
    }
    let rest = start;
    for (let i = start; i < end;) {
      const length = this.affixes.infixLength(text, start, i, end);
      if (length > 0 && i > start) {
        if (i > rest) out.push(text.slice(rest, i));
        out.push(text.slice(i, i + length));
        rest = i + length;
      }
      i += length > 0 ? length : 1;
    }
    if (rest < end) out.push(text.slice(rest, end));
  }

  private isException(text: string, start: number, end: number): boolean {
    return end - start <= this.longestException && this.exceptions.has(text.slice(start, end));
  }

  /** Puts exceptions together again that lie in pieces side by side; of overlapping ones the longest, then the first. */
  private mend(pieces: readonly string[], tokens: string[]): void {
    const spans = this.tornSpans(pieces);
    if (spans.length === 0) {
      append(tokens, pieces);
      return;
    }
    spans.sort((a, b) => b.count - a.count || a.first - b.first);
    const taken = new Set<number>();
    const chosen = new Map<number, TornSpan>();
    for (const span of spans) {
      const last = span.first + span.count - 1;
      if (!taken.has(span.first) && !taken.has(last)) chosen.set(span.first, span);
      for (let i = span.first; i <= last; i++) taken.add(i);
    }
    for (let i = 0; i < pieces.length;) {
      const span = chosen.get(i);
      append(tokens, span === undefined ? [pieces[i] ?? ''] : (this.exceptions.get(span.word) ?? []));
      i += span?.count ?? 1;
    }
  }

  private tornSpans(pieces: readonly string[]): TornSpan[] {
    const spans: TornSpan[] = [];
    for (let first = 0; first < pieces.length; first++) {
      let word = pieces[first] ?? '';
      if (!this.tornBeginnings.has(word)) continue;
      for (let count = 2; count <= this.longestTear && first + count <= pieces.length; count++) {
        word += pieces[first + count - 1] ?? '';
        if (word.length > this.longestException) break;
        const tear = this.torn.get(word);
        if (tear?.length === count && tear.every((piece, i) => piece === pieces[first + i])) {
          spans.push({ word, first, count });
        }
      }
    }
    return spans;
  }

  private splitByScript(chunk: string, segmenter: Intl.Segmenter, tokens: string[]): void {
    let start = 0;
    while (start < chunk.length) {
      const unspaced = (classesAt(chunk, start) & UNSPACED) !== 0;
      const end = scriptRunEnd(chunk, start, unspaced);
      const run = chunk.slice(start, end);
      if (unspaced) segmentWindows(run, segmenter, tokens);
      else append(tokens, this.exceptions.get(run) ?? this.wordsOf(run));
      start = end;
    }
  }

  private wordsOf(run: string): readonly string[] {
    const tokens: string[] = [];
    this.splitWords(run, tokens);
    return tokens;
  }
}

interface TornSpan {
  readonly word: string;
  readonly first: number;
  readonly count: number;
}

/** `push(...items)` would overflow the stack where a chunk has very many tokens. */
function append(target: string[], items: readonly string[]): void {
  for (const item of items) target.push(item);
}

/** The segmenter's time for one segment grows with the text it was given: long runs are cut window by window. */
const WINDOW = 256;
const OVERLAP = 32;

function segmentWindows(run: string, segmenter: Intl.Segmenter, tokens: string[]): void {
  for (let start = 0; start < run.length;) {
    const window = run.slice(start, start + WINDOW);
    const end = start + window.length === run.length ? window.length : WINDOW - OVERLAP;
    let done = 0;
    for (const { segment } of segmenter.segment(window)) {
      // What lies at the edge of a window may be cut otherwise with more to see: the next window begins before it.
      if (done > 0 && done + segment.length > end) break;
      tokens.push(segment);
      done += segment.length;
    }
    start += done;
  }
}

/** End of the run of unspaced (or of other) letters; a mark belongs to what it follows (Thai vowels, voicing marks). */
function scriptRunEnd(chunk: string, start: number, unspaced: boolean): number {
  let i = start;
  while (i < chunk.length) {
    const classes = classesAt(chunk, i);
    if (i > start && (classes & CLUSTER) === 0 && ((classes & UNSPACED) !== 0) !== unspaced) break;
    i += (chunk.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
  }
  return i;
}
