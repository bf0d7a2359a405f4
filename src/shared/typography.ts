/** A language whose signs stand apart from words by spaces at which no line may break. */
export type SpacedLanguage = 'de' | 'fr';

const noBreak = '\u00a0';
const narrow = '\u202f';

/** What is written the same in both: numbers with their unit, signs with their number. `}` is the end of a placeholder. */
const both: readonly (readonly [RegExp, string])[] = [
  [/(?<=[\d}]) (?=(?:%|ms|[MG](?:B|o))(?![\p{L}\d]))/gu, noBreak],
  [/(?<=[±×÷]) (?=[\d{])/g, noBreak],
];

const rules: Readonly<Record<SpacedLanguage, readonly (readonly [RegExp, string])[]>> = {
  de: [...both, [/ (?=…)/g, noBreak]],
  // The spaces of the Imprimerie nationale: a whole one before a colon and within guillemets, a narrow one elsewhere.
  fr: [
    ...both,
    [/ (?=[:»])/g, noBreak],
    [/(?<=«) /g, noBreak],
    [/ (?=[;?!])/g, narrow],
    [/(?<=\d) (?=\d{3}(?![\d,]))/g, narrow],
  ],
};

/**
 * A sentence with the spaces of its language's typography: translations are written with ordinary ones, which can be seen and
 * typed, and no line of the window begins with a sign or parts a number from its unit.
 */
export function typeset(language: SpacedLanguage, text: string): string {
  return rules[language].reduce((set, [place, space]) => set.replace(place, space), text);
}

/** All sentences of a tree with the spaces of their language, as {@link typeset} sets them. */
export function typesetAll<Words extends object>(language: SpacedLanguage, words: Words): Words {
  const set = (value: unknown): unknown => {
    if (typeof value === 'string') return typeset(language, value);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]: [string, unknown]) => [name, set(inner)]));
  };
  // The same names lead to the same kind of values, so the tree keeps its type.
  return set(words) as Words;
}
