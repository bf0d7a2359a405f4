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
    // In French nought is singular; choices are `one | many`.
    pluralRules: { fr: (choice: number) => (Math.abs(choice) < 2 ? 0 : 1) },
  });
}
