import { describe, expect, it } from 'vitest';
import { errorSentences, sayError, type ErrorWords } from '../../src/renderer/app/error-words';
import { makeFormat } from '../../src/renderer/app/format';
import { createTranslations } from '../../src/renderer/app/i18n';
import { messages } from '../../src/renderer/locales/messages';

const say = (language: 'de' | 'fr', code: string, message: string, hint?: string): ErrorWords => {
  const { t, te } = createTranslations(language).global;
  return sayError({ code, message, hint }, (key, named) => (te(key) ? t(key, named) : key), makeFormat(language));
};

/** The texts of the errors that the engine and main throw, with 7 for whatever is put in. */
const thrown = Object.entries(
  import.meta.glob<string>('../../src/{engine,main,shared}/**/*.ts', { query: '?raw', import: 'default', eager: true }),
).flatMap(([, source]) =>
  [
    ...source.matchAll(
      /`((?:[^`$\\]|\\.|\$\{(?:[^{}]|\{[^{}]*\})*\}|\$)*)`|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g,
    ),
  ].map(([, template, single, double]) =>
    (template ?? single ?? double ?? '').replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '7'),
  ),
);

describe('errors of the engine', () => {
  it('are said in German and French, with what they are about and what to do', () => {
    expect(
      say('de', 'no-such-column', '/a/mails.csv: expected a column "text", got id, topic.', 'Choose one.'),
    ).toEqual({
      message: '/a/mails.csv hat keine Spalte „text“. Vorhanden: id, topic.',
      hint: 'Wählen Sie die Spalten für Text und Label neu.',
      original: '/a/mails.csv: expected a column "text", got id, topic.',
    });
    expect(say('fr', 'bad-input', 'There are no test rows to lock yet.').hint).toBe(
      'Répartissez d’abord les lignes, avec une part de test.',
    );
    expect(say('de', 'bad-input', '/x.csv: expected at most 2000 labels in topic, got 30412 different values.').message).toContain('30.412'); // prettier-ignore
  });

  it('that are not known stay as they are, but say in words what can be done', () => {
    const words = say('de', 'busy', 'The moon is in the way.', 'Move it.');
    expect(words).toMatchObject({ message: 'The moon is in the way.', original: null });
    expect(words.hint).toContain('Warten Sie');
    expect(say('fr', 'a-new-code', 'Something new.').hint).not.toMatch(/^errors\./);
  });

  it('are known as the engine says them now: a sentence that was changed there is missed here', () => {
    expect(thrown.length).toBeGreaterThan(1000);
    const missing = Object.entries(errorSentences).filter(([, pattern]) => !thrown.some((text) => pattern.test(text)));
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it('have words for each sentence, and hints only for such sentences', () => {
    expect(Object.keys(messages.en.errorWords).sort()).toEqual(Object.keys(errorSentences).sort());
    const names = Object.keys(messages.en.errorWords);
    expect(Object.keys(messages.en.errorHints).filter((name) => !names.includes(name))).toEqual([]);
  });
});
