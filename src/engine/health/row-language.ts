import { detectLanguage, LANGUAGES } from '../text/detect-language';

/** So much of a text is looked at, in characters. */
const LOOKED_AT = 600;
const FEWEST_WORDS = 6;
const LEAST_SHARE = 0.15;
/** A text is called foreign only where its language has so many more small words than the main one. */
const CLEAR_LEAD = 3;

const CODES = LANGUAGES.map(([language]) => language);
const LISTS_WITH = new Map<string, number[]>();
for (const [i, [, words]] of LANGUAGES.entries()) {
  for (const word of words) LISTS_WITH.set(word, [...(LISTS_WITH.get(word) ?? []), i]);
}

/**
 * Tells the language of single texts, many per second. Short texts and close calls are given to the main language or
 * left open, so that what is called foreign is.
 */
export class RowLanguages {
  private readonly counts = new Int32Array(CODES.length);
  private readonly main: number;

  /** @param mainLanguage what most texts are in */
  constructor(readonly mainLanguage: string) {
    this.main = CODES.indexOf(mainLanguage);
  }

  /** The language of a text as an ISO 639-1 code, or null where it cannot be told. */
  of(text: string): string | null {
    const sample = text.slice(0, LOOKED_AT);
    if (/[\u0370-\u03ff\u0530-\u05ff\u0900-\u1fff\u3040-\ud7ff]/.test(sample)) {
      const { language, certain } = detectLanguage([sample]);
      return certain ? language : null;
    }
    const words = sample.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
    if (words.length < FEWEST_WORDS) return null;
    const { counts } = this;
    counts.fill(0);
    for (const word of words) for (const list of LISTS_WITH.get(word) ?? []) counts[list] = (counts[list] ?? 0) + 1;
    let best = 0;
    for (let i = 1; i < counts.length; i++) if ((counts[i] ?? 0) > (counts[best] ?? 0)) best = i;
    const most = counts[best] ?? 0;
    if (most < 2 || most < LEAST_SHARE * words.length) return null;
    const ofMain = this.main < 0 ? 0 : (counts[this.main] ?? 0);
    if (most === ofMain) return this.mainLanguage;
    return most - ofMain >= CLEAR_LEAD && most >= 2 * ofMain ? (CODES[best] ?? null) : null;
  }
}
