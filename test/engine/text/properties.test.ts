import { describe, expect, it } from 'vitest';
import { applyRules } from '../../../src/engine/text/rules';
import { SPECIAL_TOKENS } from '../../../src/engine/text/special-tokens';
import { tokenize } from '../../../src/engine/text/tokenizer';
import { Vocabulary } from '../../../src/engine/text/vocabulary';
import { WordSplitter } from '../../../src/engine/text/word-splitter';

/** A small generator of its own, so that a failure can be had again (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const PIECES = [
  ...'abcABCxyz0123456789 .,;:!?\'"()[]{}<>/\\#@&*_-+=%$€~^|`…–—’“”«»',
  ...[
    '\t',
    '\n',
    '\r',
    '\x00',
    '\x1c',
    '\x85',
    '\xa0',
    '\u2028',
    '\u3000',
    '\ufeff',
    '\u200b',
    '\u200d',
    '\ufe0f',
    '\u0301',
  ],
  ...[
    '\ud800',
    '\udc00',
    '\ud83d',
    '😀',
    '👍🏽',
    '👩‍👧',
    '🇩🇪',
    '𝐀',
    'İ',
    'Σ',
    'ß',
    'ﬁ',
    'ⅷ',
    '²',
    '日本',
    'ไทย',
    'हिन्दी',
    'ـ',
    '。',
  ],
  ...[
    "don't",
    ':-)',
    '8)',
    'u.s.',
    'www.a.com',
    'a@b.co',
    '10km',
    '&amp;',
    '&#x80;',
    '<br />',
    '...',
    ' xxmaj ',
    'no no no',
    'aaa',
    ' @-@ ',
  ],
];

function nastyText(next: () => number): string {
  const length = 1 + Math.floor(next() * 40);
  return Array.from({ length }, () => PIECES[Math.floor(next() * PIECES.length)] ?? '').join('');
}

const LANGUAGES = ['en', 'de', 'zh', 'ja', 'th'];
const pythonSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const allSpaces = new RegExp(`(${pythonSpace.source}+)`);
const onlySpace = /^[\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000▁]+$/;

/** What tokenize does, written down plainly: all rules on the whole text, then every word by itself, nothing remembered. */
function plainly(text: string, splitter: WordSplitter): string[] {
  return applyRules(text)
    .split(allSpaces)
    .flatMap((part, i) => {
      if (i % 2 === 0) return part === '' ? [] : splitter.split(part);
      const space = part.startsWith(' ') ? part.slice(1) : part;
      return space === '' ? [] : [space.replaceAll(' ', '▁')];
    });
}

describe('any text whatever', () => {
  it('gives the tokens that all rules and the word splitter give when each is applied to everything', () => {
    const next = random(19);
    for (const language of LANGUAGES) {
      const splitter = new WordSplitter(language);
      for (let i = 0; i < 2000; i++) {
        const text = nastyText(next);
        expect(tokenize([text], { language }), JSON.stringify(text)).toEqual(plainly(text, splitter));
      }
    }
  });

  it('gives tokens that are not empty and hold no white space inside, and nothing of the text is lost', () => {
    const next = random(20);
    const spaces = new RegExp(`${pythonSpace.source}|▁`, 'g');
    for (let i = 0; i < 5000; i++) {
      const text = nastyText(next);
      const language = LANGUAGES[i % LANGUAGES.length] ?? 'en';
      const tokens = tokenize([text], { language });
      const shown = `${language} ${JSON.stringify(text)}`;
      expect(tokens[0], shown).toBe('xxbos');
      for (const token of tokens) {
        if (token === '') throw new Error(`an empty token of ${shown}`);
        if (pythonSpace.test(token) && !onlySpace.test(token)) throw new Error(`${JSON.stringify(token)} of ${shown}`);
      }
      expect(tokens.join('').replace(spaces, ''), shown).toBe(applyRules(text).replace(spaces, ''));
    }
  });

  it('is numericalised to the same ids after it was turned into tokens and back into ids', () => {
    const next = random(22);
    const counts = new Map<string, number>();
    const documents = Array.from({ length: 500 }, () => tokenize([nastyText(next)]));
    for (const token of documents.flat()) counts.set(token, (counts.get(token) ?? 0) + 1);
    const vocabulary = Vocabulary.fromCounts(counts, { minCount: 3 });
    for (const tokens of documents) {
      const ids = tokens.map((token) => vocabulary.idOf(token));
      const words = ids.map((id) => vocabulary.itos[id] ?? '');
      expect(words.map((token) => vocabulary.idOf(token))).toEqual(ids);
    }
  });

  it('keeps each special token whole', () => {
    const splitter = new WordSplitter('en');
    for (const token of SPECIAL_TOKENS) expect(splitter.split(token)).toEqual([token]);
  });
});

describe('a long text without a space', () => {
  const repeat = (pattern: string, size: number): string =>
    pattern.repeat(Math.ceil(size / pattern.length)).slice(0, size);
  const patterns = [
    'ab',
    '(',
    '().',
    'a.',
    'a-',
    'a,b@',
    'a@b.',
    '&',
    '&#1',
    "'s",
    ':)',
    '1.2.3.4',
    'Ab',
    'no\t',
    '…',
    '👍🏽',
    'e\u0301',
    '\u0301',
    '日本語',
    '\ud800',
    '\x00',
    'a\u200d',
  ];

  it.each(patterns)('of %j takes a time that grows with its length only', (pattern) => {
    for (const language of ['en', 'zh']) {
      tokenize([repeat(pattern, 40_000)], { language });
      const short = cpuSeconds(() => tokenize([repeat(pattern, 40_000)], { language }));
      const long = cpuSeconds(() => tokenize([repeat(pattern, 160_000)], { language }));
      // Four times the length; quadratic work would take sixteen times as long.
      expect(long).toBeLessThan(9 * short + 0.5);
    }
  });

  it('may have a million characters', () => {
    expect(tokenize([repeat('ab', 1_000_000)])).toEqual(['xxbos', repeat('ab', 1_000_000)]);
    expect(tokenize([`${repeat('x1', 999_999)}!`]).length).toBe(3);
    expect(tokenize([repeat('(a', 1_000_000)]).length).toBeGreaterThan(2);
  });
});

/** Processor time, which other programs on the machine do not stretch as they do time on the clock. */
function cpuSeconds(action: () => void): number {
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
