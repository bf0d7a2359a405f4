import { createI18n } from 'vue-i18n';
import { messages } from '../locales/messages';

/** The languages of the window, by their own names. */
export const languages = [
  { id: 'en', name: 'English' },
  { id: 'de', name: 'Deutsch' },
  { id: 'fr', name: 'Français' },
] as const;
/** A language that the window speaks. */
export type Language = (typeof languages)[number]['id'];

/** The language to use for what the system or the settings name; English where it is not spoken. */
export function languageFor(wanted: string): Language {
  const base = wanted.toLowerCase().split(/[-_]/)[0] ?? '';
  return languages.find(({ id }) => id === base)?.id ?? 'en';
}

/** In French nought is singular: of `one | many` it takes the first, unless it has words of its own (`none | one | many`). */
function frenchForm(count: number, forms: number): number {
  const many = Math.abs(count) >= 2;
  if (forms < 3) return many ? 1 : 0;
  return many ? 2 : count === 0 ? 0 : 1;
}

/**
 * The translations. vue-i18n's compiler turns messages into a tree and walks it: no `eval`, so the page's policy
 * holds (checked in a browser under that policy by the harness).
 */
export function createTranslations(language: Language) {
  return createI18n({
    legacy: false,
    locale: language as string,
    fallbackLocale: 'en',
    messages,
    pluralRules: { fr: frenchForm },
  });
}
