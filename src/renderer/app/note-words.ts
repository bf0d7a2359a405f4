import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { stageIdSchema } from '../../shared/jobs';
import { noteCount, noteValues, tellingDigits, timesKey, type NoteFormat } from '../../shared/note-words';
import type { RunNote } from '../../shared/run-notes';
import { messages } from '../locales/messages';
import { useFormat, type Format } from './format';

const { ablation } = messages.en;

/** Gives the words of a key. @param count what singular and plural go by */
export type TranslateNote = (key: string, named: Record<string, string>, count: number) => string;

/** How a language of the window writes what stands in notes. */
function noteFormat(t: TranslateNote, format: Format, locale: string): NoteFormat {
  const languages = new Intl.DisplayNames(locale, { type: 'language' });
  return {
    number: (value, digits) => format.number(value, digits),
    percent: (share, digits) => format.percent(share, digits),
    minutes: (minutes) => minutesInWords(minutes, locale),
    times: (passes) => t(`noteTimes.${timesKey(passes)}`, { n: format.number(passes, tellingDigits(passes)) }, passes),
    stage: (id) => (stageIdSchema.safeParse(id).success ? t(`stages.${id}`, {}, 1) : id),
    score: (name) => t(`noteScores.${name === 'micro-f1' ? 'micro-f1' : 'accuracy'}`, {}, 1),
    language: (code) => languages.of(code) ?? code,
    // An option that was varied by hand has no other name.
    variant: (name, change) => (Object.hasOwn(ablation.variant, name) ? t(`ablation.variant.${name}`, {}, 1) : change),
  };
}

/** Minutes as they were given: `1 minute`, `2.5 minutes`. */
export function minutesInWords(minutes: number, locale: string): string {
  const options = { style: 'unit', unit: 'minute', unitDisplay: 'long', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, options).format(minutes);
}

/** Says a note of the engine in a language of the window; one of an earlier version is a sentence already. */
export function sayRunNote(note: RunNote | string, t: TranslateNote, format: Format, locale: string): string {
  if (typeof note === 'string') return note;
  return t(`runNotes.${note.code}`, noteValues(note, noteFormat(t, format, locale)), noteCount(note));
}

/** As {@link sayRunNote}, in the language in use. */
export function useRunNotes(): ComputedRef<(note: RunNote | string) => string> {
  const { t, locale } = useI18n();
  const format = useFormat();
  return computed(() => {
    const { value } = format;
    const language = locale.value;
    return (note: RunNote | string) => sayRunNote(note, (key, named, count) => t(key, named, count), value, language);
  });
}
