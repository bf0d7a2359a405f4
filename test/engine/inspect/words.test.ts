import { describe, expect, it } from 'vitest';
import { leftOutTexts } from '../../../src/engine/inspect/left-out';
import { lengthSlice, sliceFigures, valueSlices, wordsIn } from '../../../src/engine/inspect/slices';
import { meanOfRows, nearestRows, normaliseRows } from '../../../src/engine/inspect/nearest';
import { wordsOf } from '../../../src/engine/inspect/words';
import { tokenize } from '../../../src/engine/text/tokenizer';
import { html, Html } from '../../../src/engine/inspect/report/html';

function found(text: string): string[] {
  return wordsOf(text, tokenize([text])).map(({ start, end }) => text.slice(start, end));
}

describe('words of a text', () => {
  it('are found as they were written: capitals, punctuation, repetitions', () => {
    expect(found('Where is MY parcel??')).toEqual(['Where', 'is', 'MY', 'parcel', '?', '?']);
    expect(found("I don't know, sooooo late !!!!!!")).toEqual([
      'I',
      'do',
      "n't",
      'know',
      ',',
      's',
      'ooooo',
      'late',
      '!!!!!!',
    ]);
    expect(found('no no no no refund')).toEqual(['no no no no', 'refund']);
  });

  it('have every token once, in order, with the marks of capitals at the word they belong to', () => {
    for (const text of [
      'Hello WORLD, hello',
      '<br /> A &amp; B &quot;c&quot;',
      'x '.repeat(40),
      '  ',
      '€ 3,50 für İstanbul',
    ]) {
      const tokens = tokenize([text]);
      const words = wordsOf(text, tokens);
      const places = words.flatMap((word) => [...word.tokens]);
      expect(places, text).toEqual(words.length === 0 ? [] : Array.from(tokens.keys()));
      words.forEach(({ start, end }, i) => {
        expect(start).toBeLessThan(end);
        expect(start).toBeGreaterThanOrEqual(words[i - 1]?.end ?? 0);
      });
    }
    const [hello] = wordsOf('Hello', tokenize(['Hello']));
    expect(hello?.tokens).toHaveLength(3); // xxbos xxmaj hello
  });

  it('join sub-words to whole words', () => {
    const words = wordsOf('unbelievable luck', ['xxbos', '▁un', 'believ', 'able', '▁luck'], true);
    expect(words.map(({ start, end }) => [start, end])).toEqual([
      [0, 12],
      [13, 17],
    ]);
    expect(words[0]?.tokens).toEqual([0, 1, 2, 3]);
  });
});

describe('texts without a word', () => {
  it('leave out one word each, with the space beside it', () => {
    const text = 'Where is my parcel?';
    const { texts, size } = leftOutTexts(text, wordsOf(text, tokenize([text])));
    expect(size).toBe(1);
    expect(texts).toEqual([
      'is my parcel?',
      'Where my parcel?',
      'Where is parcel?',
      'Where is my ?',
      'Where is my parcel',
    ]);
  });

  it('leave out stretches of a long text, so that the work stays bounded', () => {
    const text = 'word '.repeat(3000).trim();
    const words = Array.from({ length: 3000 }, (_, i) => ({ start: 5 * i, end: 5 * i + 4, tokens: [i] }));
    const { texts, groups, size } = leftOutTexts(text, words);
    expect(texts.length * text.length).toBeLessThan(200_000);
    expect(size * texts.length).toBeGreaterThanOrEqual(3000);
    expect(groups.at(-1)).toBe(texts.length - 1);
  });
});

describe('slices', () => {
  it('go by length in words, for writing without spaces too', () => {
    expect(wordsIn('one two  three')).toBe(3);
    expect(wordsIn('房间很干净，服务很好')).toBeGreaterThan(2);
    expect(lengthSlice('a b c')).toEqual({ key: '0-5', range: [0, 5] });
    expect(lengthSlice('a '.repeat(11))).toEqual({ key: '11-20', range: [11, 20] });
    expect(lengthSlice('a '.repeat(900)).range).toEqual([641, null]);
  });

  it('go by the values of a column; many numbers in quarters, rare values together', () => {
    expect(valueSlices(['de', 'en', null, 'de']).map(({ key }) => key)).toEqual(['de', 'en', '', 'de']);
    const numbers = valueSlices(Array.from({ length: 100 }, (_, i) => String(i)));
    expect(new Set(numbers.map(({ key }) => key)).size).toBe(4);
    expect(numbers[0]?.range).toEqual([0, 24]);
    expect(numbers[99]?.range).toEqual([75, 99]);
    const rare = valueSlices(Array.from({ length: 100 }, (_, i) => (i < 60 ? 'often' : `name ${String(i)}`)));
    expect(new Set(rare.map(({ key }) => key)).size).toBe(41);
  });

  it('are marked only where the interval lies wholly on one side of all rows', () => {
    const keys = Array.from({ length: 200 }, (_, i) => ({ key: i < 100 ? 'a' : 'b', range: null }));
    const right = keys.map(({ key }, i) => (key === 'a' ? Number(i % 10 !== 0) : Number(i % 10 < 5)));
    const [a, b] = sliceFigures(
      keys,
      right,
      right.map(() => 1),
    );
    expect(a).toMatchObject({ key: 'a', n: 100, right: 90, baselineRight: 100, compared: 'better' });
    expect(b).toMatchObject({ key: 'b', n: 100, right: 50, compared: 'worse' });
    expect(
      sliceFigures(
        keys,
        keys.map((_, i) => i % 2),
        keys.map(() => 0),
      ).map(({ compared }) => compared),
    ).toEqual(['even', 'even']);
  });
});

describe('nearest rows', () => {
  it('are those with the smallest angle around the mean', () => {
    const vectors = Float32Array.of(3, 1, 1, 3, 3, 3, 1, 1);
    const mean = meanOfRows(vectors, 2);
    expect([...mean]).toEqual([2, 2]);
    normaliseRows(vectors, mean);
    const query = Float32Array.of(10, 3);
    normaliseRows(query, mean);
    const nearest = nearestRows(vectors, query, 3);
    expect(nearest.map(({ place }) => place)).toEqual([2, 0, 1]);
    expect(nearest[0]?.similarity).toBeCloseTo((8 + 1) / Math.sqrt(2 * 65), 6);
  });
});

describe('templates of HTML', () => {
  it('escape all that is filled in', () => {
    const text = '<img src=x onerror="alert(1)"> & \'quotes\'';
    expect(html`<p title="${text}">${[text, null, new Html('<b>1</b>')]}</p>`.text).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;quotes&#39;">&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;quotes&#39;<b>1</b></p>',
    );
  });
});
