import { describe, expect, it } from 'vitest';
import { sayError, type ErrorWords } from '../../src/renderer/app/error-words';
import { makeFormat } from '../../src/renderer/app/format';
import { createTranslations } from '../../src/renderer/app/i18n';
import { messages } from '../../src/renderer/locales/messages';
import { errorSentenceSchema, type ErrorSentence } from '../../src/shared/error-sentences';
import { AppError, fromEnvelope, toEnvelope } from '../../src/shared/errors';
import { errorEnvelopeSchema } from '../../src/shared/jobs';

type Said = Parameters<typeof sayError>[0];
const say = (language: 'de' | 'fr', error: Said): ErrorWords => {
  const { t, te } = createTranslations(language).global;
  return sayError(error, (key, named) => (te(key) ? t(key, named) : key), makeFormat(language));
};

const noColumn = new AppError('no-such-column', '/a/mails.csv: expected a column "text", got id, topic.', {
  hint: 'Choose one.',
  says: { sentence: 'noColumn', path: '/a/mails.csv', wanted: 'text', got: ['id', 'topic'] },
});

/** A value for each kind that stands in sentences. */
function exampleOf(option: (typeof errorSentenceSchema.options)[number]): ErrorSentence {
  const values = Object.entries(option.shape).map(([name, schema]) => {
    if (name === 'sentence') return [name, option.shape.sentence.value];
    const fitting = ['7', 1234, ['a', 'b'], 'this'].find((value) => schema.safeParse(value).success);
    return [name, fitting];
  });
  return errorSentenceSchema.parse(Object.fromEntries(values));
}

describe('errors of the engine', () => {
  it('are said in German and French, with what they are about and what to do', () => {
    expect(say('de', noColumn)).toEqual({
      message: '/a/mails.csv hat keine Spalte „text“. Vorhanden: id, topic.',
      hint: 'Wählen Sie die Spalten für Text und Label neu.',
      original: '/a/mails.csv: expected a column "text", got id, topic.',
    });
    const noTest = { code: 'bad-input', message: 'x', says: { sentence: 'noTestRows' } } as const;
    expect(say('fr', noTest).hint).toBe('Répartissez d’abord les lignes, avec une part de test.');
    const many: ErrorSentence = { sentence: 'manyLabels', path: '/x.csv', columns: ['topic'], n: 2000, got: 30_412 };
    expect(say('de', { code: 'bad-input', message: 'x', says: many }).message).toContain('30.412');
  });

  it('name who has a project open', () => {
    const locked = (more: { by: 'this' | 'another'; process?: number }): string =>
      say('de', { code: 'project-locked', message: 'x', says: { sentence: 'projectLocked', file: '/p/s', ...more } })
        .message;
    expect(locked({ by: 'this' })).toBe('Das Projekt ist schon offen (hier): /p/s.');
    expect(locked({ by: 'another' })).toContain('(in einem anderen Programm)');
    expect(locked({ by: 'another', process: 12_345 })).toContain('(in einem anderen Programm, Prozess 12345)');
  });

  it('have a whole sentence in each language, with everything that it is about', () => {
    const examples = errorSentenceSchema.options.map(exampleOf);
    expect(Object.keys(messages.en.errorWords).sort()).toEqual(examples.map((one) => one.sentence).sort());
    for (const says of examples)
      for (const language of ['de', 'fr'] as const) {
        const { message, hint } = say(language, { code: 'bad-input', message: 'English', says });
        expect(message, says.sentence).toMatch(/[.!]$/);
        expect(message + hint, says.sentence).not.toMatch(/[{}|]|undefined|errorWords|errorHints|errorWho|English/);
      }
  });

  it('have hints only for sentences that there are', () => {
    const names = Object.keys(messages.en.errorWords);
    expect(Object.keys(messages.en.errorHints).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('without such data stay as they are, but say in words what can be done', () => {
    const words = say('de', { code: 'busy', message: 'The moon is in the way.', hint: 'Move it.' });
    expect(words).toMatchObject({ message: 'The moon is in the way.', original: null });
    expect(words.hint).toContain('Warten Sie');
    expect(say('fr', { code: 'a-new-code', message: 'Something new.' }).hint).not.toMatch(/^errors\./);
  });

  it('keep what they say from process to process; what a newer version says is left out', () => {
    const envelope = errorEnvelopeSchema.parse(JSON.parse(JSON.stringify(toEnvelope(noColumn))));
    expect(envelope.says).toEqual(noColumn.says);
    expect(fromEnvelope({ ...envelope, code: 'no-such-column' })).toMatchObject({ hint: 'Choose one.', says: noColumn.says }); // prettier-ignore
    const newer = { code: 'busy', message: 'New.', says: { sentence: 'somethingNew', n: 3 } };
    expect(errorEnvelopeSchema.parse(newer)).toMatchObject({ message: 'New.', says: undefined });
  });
});
