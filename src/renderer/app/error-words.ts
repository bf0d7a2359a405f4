import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { isKnownCode } from './error-actions';
import type { ErrorSentence } from '../../shared/error-sentences';
import type { Translate } from './engine-words';
import { useFormat, type Format } from './format';

/** What of an error is said; a newer engine may send codes that this window does not know. */
interface SaidError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly says?: ErrorSentence | undefined;
}

/** An error in words: what is wrong, and what to do. */
export interface ErrorWords {
  readonly message: string;
  readonly hint: string;
  /** The message in English; null where that is what `message` says. */
  readonly original: string | null;
}

/** What stands in a sentence, as a language writes it: numbers, and names one after the other. */
function inWords(says: ErrorSentence, t: Translate, format: Format): Record<string, string> {
  const { sentence: _name, ...values } = says;
  const words = Object.entries(values).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (typeof value === 'number') return [[name, format.number(value)]];
    if (Array.isArray(value)) return [[name, value.join(', ')]];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  if (says.sentence !== 'projectLocked') return Object.fromEntries(words);
  // A process has a number for a name.
  const who =
    says.process === undefined
      ? t(`errorWho.${says.by}`, {})
      : t('errorWho.process', { process: String(says.process) });
  return { ...Object.fromEntries(words), who };
}

/**
 * Says an error in the words of a language other than English, by what it says as data. What to do follows from the
 * sentence, else from the code. An error without such data stays English: it is one that the window does not bring about,
 * or the words of another library (DuckDB, TensorFlow, the operating system), which name what no sentence can.
 */
export function sayError(envelope: SaidError, t: Translate, format: Format): ErrorWords {
  const action = t(`errors.${isKnownCode(envelope.code) ? envelope.code : 'internal'}.action`, {});
  const { says } = envelope;
  if (says === undefined) return { message: envelope.message, hint: action, original: null };
  const named = inWords(says, t, format);
  const key = `errorHints.${says.sentence}`;
  const hint = t(key, named);
  return {
    message: t(`errorWords.${says.sentence}`, named),
    hint: hint === key ? action : hint,
    original: envelope.message,
  };
}

/** As {@link sayError}, in the language in use; in English the engine's own words are never behind. */
export function useErrorWords(): ComputedRef<(envelope: SaidError) => ErrorWords> {
  const { t, te, locale } = useI18n();
  const format = useFormat();
  return computed(() => {
    const { value } = format;
    const say: Translate = (key, named) => (te(key) || te(key, 'en') ? t(key, named) : key);
    return (envelope: SaidError): ErrorWords => {
      if (locale.value !== 'en') return sayError(envelope, say, value);
      const { message } = envelope;
      const code = isKnownCode(envelope.code) ? envelope.code : 'internal';
      return { message, hint: envelope.hint ?? t(`errors.${code}.action`), original: null };
    };
  });
}
