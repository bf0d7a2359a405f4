import { detectLanguage } from '../../engine/text/detect-language';

/** The language whose rules cut these texts into words: the one that they are in, `en` where that cannot be told. */
export function tokenizerLanguage(texts: readonly string[]): string {
  return detectLanguage(texts).language;
}
