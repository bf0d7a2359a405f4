import type { TextWord } from './words';

/** Words that are left out of a text together. */
export interface LeftOut {
  readonly groups: Int32Array; // by word
  readonly size: number; // words in a group
  /** The text without each group. */
  readonly texts: readonly string[];
}

/** At most so many shortened texts are read: more words are left out in groups. */
const MOST_TEXTS = 160;
/** At most so many characters in all of them. */
const MOST_CHARACTERS = 160_000;

/** The text without each of its words, or, where it has many, without each stretch of neighbouring words. */
export function leftOutTexts(text: string, words: readonly TextWord[]): LeftOut {
  const most = Math.max(1, Math.min(MOST_TEXTS, Math.floor(MOST_CHARACTERS / Math.max(1, text.length))));
  const size = Math.max(1, Math.ceil(words.length / most));
  const groups = Int32Array.from(words, (_, word) => Math.floor(word / size));
  const texts = Array.from({ length: Math.ceil(words.length / size) }, (_, group) =>
    withoutSpan(text, words[group * size]?.start ?? 0, words[Math.min(words.length, (group + 1) * size) - 1]?.end ?? 0),
  );
  return { groups, size, texts };
}

/** A text without a stretch of it, and without the second of two spaces that meet there. */
function withoutSpan(text: string, start: number, end: number): string {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  return /[^\S\n]$|^$/.test(before) ? before + after.replace(/^[^\S\n]+/, '') : before + after;
}
