const scripts = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['th', /\p{Script=Thai}/gu],
  ['lo', /\p{Script=Lao}/gu],
  ['km', /\p{Script=Khmer}/gu],
  ['my', /\p{Script=Myanmar}/gu],
  ['zh', /\p{Script=Han}/gu],
] as const;

/**
 * Says which tokenizer texts need, by their letters: 'zh', 'ja', 'th' … for writing without spaces between words, else
 * 'en', whose rules do for every language that has spaces.
 */
export function tokenizerLanguage(texts: readonly string[]): string {
  const sample = texts.join('\n').slice(0, 200_000);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return 'en';
  const share = (pattern: RegExp): number => (sample.match(pattern)?.length ?? 0) / letters;
  // Japanese mixes its own letters with Chinese ones: a tenth of kana is enough to tell it from Chinese.
  for (const [language, pattern] of scripts) if (share(pattern) > (language === 'ja' ? 0.1 : 0.3)) return language;
  return 'en';
}
