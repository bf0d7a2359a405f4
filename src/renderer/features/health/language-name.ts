import { useI18n } from 'vue-i18n';

/** Gives languages their names in the language of the window. */
export function useLanguageName(): (code: string) => string {
  const { locale } = useI18n();
  return (code) => new Intl.DisplayNames([locale.value], { type: 'language' }).of(code) ?? code;
}
