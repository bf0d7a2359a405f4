import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTranslations, languageFor, languages } from '../../src/renderer/app/i18n';
import { messages } from '../../src/renderer/locales/messages';

/** The text of every source file of the renderer but the translations themselves. */
const sources = Object.entries(
  import.meta.glob<string>('../../src/renderer/**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true }),
).flatMap(([path, text]) => (path.includes('/locales/') ? [] : [text]));

function flatten(tree: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree) as [string, string | object][]) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
}

const english = flatten(messages.en);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('translations', () => {
  it.each(['de', 'fr'] as const)('%s says everything that English says, with the same placeholders', (language) => {
    const other = flatten(messages[language]);
    expect([...other.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of english) expect(placeholders(other.get(key) ?? ''), key).toEqual(placeholders(text));
  });

  it('has each branch in one file: of two with the same name one would hide the other', () => {
    const sections = import.meta.glob<Record<string, object>>('../../src/renderer/locales/*/*.ts', { eager: true });
    for (const language of ['en', 'de', 'fr']) {
      const files = Object.entries(sections).filter(
        ([path]) =>
          path.includes(`/${language}/`) && !path.endsWith(`/${language}.ts`) && !path.includes('option-words'),
      );
      const names = files.flatMap(([, exports]) => Object.values(exports).flatMap((section) => Object.keys(section)));
      expect(names.length).toBeGreaterThan(20);
      expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
    }
  });

  it('has every key that a component asks for by name', () => {
    const asked = sources.flatMap((source) =>
      [...source.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(asked.length).toBeGreaterThan(200);
    expect(asked.filter((key) => !english.has(key))).toEqual([]);
  });

  it('has a branch for every key that a component puts together', () => {
    const prefixes = sources.flatMap((source) =>
      [...source.matchAll(/\bt\(`([\w.-]+\.)\$\{/g)].map((match) => match[1] ?? ''),
    );
    expect(prefixes.length).toBeGreaterThan(20);
    const keys = [...english.keys()];
    expect(prefixes.filter((prefix) => !keys.some((key) => key.startsWith(prefix)))).toEqual([]);
  });

  it('turns every message of every language into words without making functions from text', () => {
    vi.stubGlobal('Function', () => {
      throw new Error('The page may not make functions from text.');
    });
    for (const { id } of languages) {
      const { t } = createTranslations(id).global;
      for (const key of english.keys()) {
        const words = t(key, { n: 3, total: 5 }, 3);
        expect(words, `${id} ${key}`).not.toBe(key);
        expect(words, `${id} ${key}`).not.toMatch(/ \| /);
      }
    }
  });

  it('counts as each language does', () => {
    const say = (language: 'en' | 'de' | 'fr', n: number) =>
      createTranslations(language).global.t('rail.rows', { n }, n);
    expect([say('en', 1), say('en', 2)]).toEqual(['1 row', '2 rows']);
    expect([say('de', 1), say('de', 0)]).toEqual(['1 Zeile', '0 Zeilen']);
    expect([say('fr', 0), say('fr', 1), say('fr', 2)]).toEqual(['0 ligne', '1 ligne', '2 lignes']);
  });

  it('falls back to English for a language it does not speak', () => {
    expect([languageFor('de-AT'), languageFor('fr_CA'), languageFor('ja')]).toEqual(['de', 'fr', 'en']);
  });
});
