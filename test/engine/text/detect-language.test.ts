import { describe, expect, it } from 'vitest';
import { detectLanguage } from '../../../src/engine/text/detect-language';
import { tokenize } from '../../../src/engine/text/tokenizer';
import { committedRows } from './parity-rows';

const samples: Readonly<Record<string, string>> = {
  en: 'This is the first time that I have seen it, and the people who were there did not like it.',
  de: 'Das ist nicht das erste Mal, dass wir darüber reden, und ich habe auch keine Lust mehr.',
  fr: "Il y a des gens qui ne sont pas contents de ce qu'on leur a dit, mais c'est comme ça.",
  es: 'No es la primera vez que lo digo, pero los que están aquí ya saben que no se puede.',
  it: 'Non è la prima volta che lo dico, ma quelli che sono qui sanno che non si può fare.',
  pt: 'Não é a primeira vez que eu digo isso, mas os que estão aqui já sabem que não dá.',
  nl: 'Het is niet de eerste keer dat ik dit zeg, maar de mensen die hier zijn weten het wel.',
  sv: 'Det är inte första gången som jag säger det, men de som är här vet att det inte går.',
  pl: 'To nie jest pierwszy raz, kiedy to mówię, ale ci, którzy są tutaj, już to wiedzą.',
  ru: 'Это не первый раз, когда я об этом говорю, но все, кто здесь, уже знают это.',
  uk: 'Це не перший раз, коли я про це говорю, але всі, хто тут, вже знають, що це так.',
  ar: 'هذه ليست المرة الأولى التي أقول فيها ذلك، ولكن من هو هنا يعرف أن هذا لا يمكن',
  he: 'זו לא הפעם הראשונה שאני אומר את זה',
  hi: 'यह पहली बार नहीं है कि मैं यह कह रहा हूँ और सब लोग यह जानते हैं',
  el: 'Δεν είναι η πρώτη φορά που το λέω',
  ko: '이것을 말하는 것은 처음이 아닙니다',
  zh: '距离川沙公路较近,但是公交指示不对。房间很大，服务不错！',
  ja: 'これを言うのは初めてではありません。東京の天気はいいです。',
  th: 'นี่ไม่ใช่ครั้งแรกที่ฉันพูดแบบนี้',
};

describe('the language of texts', () => {
  it.each(Object.entries(samples))('is found out: %s', (language, text) => {
    expect(detectLanguage([text])).toEqual({ language, certain: true });
  });

  it('is right for nearly all single texts of the oracle', () => {
    const rows = committedRows().filter(({ source }) => source !== 'hand');
    const right = rows.filter(
      ({ source, text }) => detectLanguage([text]).language === (source.startsWith('germeval') ? 'de' : 'en'),
    );
    expect(right.length / rows.length).toBeGreaterThan(0.93);
  });

  it('is said to be uncertain where there is little to go by', () => {
    for (const text of ['', '12 34', 'xyz', 'Foo Bar Baz Qux Quux Corge', '😀']) {
      expect(detectLanguage([text])).toEqual({ language: 'en', certain: false });
    }
  });

  it('is that of most of the texts', () => {
    expect(detectLanguage([samples.de ?? '', samples.de ?? '', 'thank you very much']).language).toBe('de');
    expect(detectLanguage(['A hotel called 北京 with a long review of it in English']).language).toBe('en');
  });
});

describe('words of a language', () => {
  const words = (text: string, language: string): string[] => tokenize([text], { language }).slice(1);

  it('are cut by its own rules', () => {
    expect(words('usw. z.b. am 3. mai', 'de')).toEqual(['usw.', 'z.b.', 'am', '3.', 'mai']);
    expect(words("l'homme dont j'ai parlé, aujourd'hui", 'fr')).toEqual([
      "l'",
      'homme',
      'dont',
      "j'",
      'ai',
      'parlé',
      ',',
      "aujourd'hui",
    ]);
    expect(words("dell'anno un'amica dov'è", 'it')).toEqual(["dell'", 'anno', "un'", 'amica', "dov'", 'è']);
    expect(words("i don't dont", 'en')).toEqual(['i', 'do', "n't", 'do', 'nt']);
    expect(words('zij wont daar', 'nl')).toEqual(['zij', 'wont', 'daar']);
  });

  it('without spaces are cut by the segmenter, with Latin words between them left whole', () => {
    expect(words('房间很大，wifi不错', 'zh').join('|')).toMatch(/^房间\|很\|?大\|，\|wifi\|不错$/);
    expect(words('東京の天気はいいです', 'ja')).toEqual(expect.arrayContaining(['東京', 'の', '天気']));
    expect(words('ฉันรักคุณ', 'th')).toEqual(['ฉัน', 'รัก', 'คุณ']);
  });

  it.each(['en', 'de', 'fr', 'zh', 'ja', 'th', 'ru'])(
    'keep emoji sequences and combining marks whole (%s)',
    (language) => {
      const whole = ['👨‍👩‍👧', '👍🏽', '🇩🇪', '🇫🇷', 'e\u0301', 'क्षि'];
      for (const each of whole) expect(words(`a ${each} b`, language), each).toEqual(['a', each, 'b']);
    },
  );
});
