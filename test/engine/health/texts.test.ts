import { describe, expect, it } from 'vitest';
import { ComparableCodes } from '../../../src/engine/health/comparable-codes';
import { hasMarkup, stripMarkup } from '../../../src/engine/health/markup';
import { comparable, MinHasher, similarity } from '../../../src/engine/health/minhash';
import { hasMojibake, repairMojibake } from '../../../src/engine/health/mojibake';
import { nearDuplicates } from '../../../src/engine/health/near-duplicates';
import { RowLanguages } from '../../../src/engine/health/row-language';
import { TextKeys } from '../../../src/engine/health/text-keys';

describe('damaged letters', () => {
  const asWindows1252 = (text: string): string =>
    new TextDecoder('windows-1252').decode(new TextEncoder().encode(text));

  it.each(['für Grüße', 'It’s “fine” – really', 'café au lait', 'naïve 50 €', '日本語のテキスト', '👍 great'])(
    'mends %s read as Windows-1252, once and twice over',
    (text) => {
      expect(hasMojibake(asWindows1252(text))).toBe(true);
      expect(repairMojibake(asWindows1252(text))).toBe(text);
      expect(repairMojibake(asWindows1252(asWindows1252(text)))).toBe(text);
    },
  );

  it.each([
    'für Grüße',
    'Ça va très bien, à bientôt',
    'ÂME',
    'Señor Ãvila',
    '50 £ each',
    'if Ì¼ wan call',
    'crème brûlée «ici»',
  ])('leaves %s alone', (text) => {
    expect(hasMojibake(text)).toBe(false);
    expect(repairMojibake(text)).toBe(text);
  });
});

describe('markup', () => {
  it('is found and taken out, with the words left as they were', () => {
    const page = '<p>Great &amp; cheap.<br />Would <b class="x">buy</b> again</p><script>alert(1)</script>';
    expect(hasMarkup(page)).toBe(true);
    expect(stripMarkup(page)).toBe('Great & cheap.\nWould buy again');
  });

  it('leaves companies in angle brackets, and takes tags out that were written as references', () => {
    const company = 'PREMIER INDUSTRIAL CORP <PRE> REGULAR DIVIDEND <Sale Tilney Plc>';
    expect(hasMarkup(company)).toBe(false);
    expect(stripMarkup(company)).toBe(company);
    expect(stripMarkup('Rise &lt;A HREF="http://x.y/z"&gt;MDT.N&lt;/A&gt; today')).toBe('Rise MDT.N today');
  });

  it.each(['a < b and c > d', 'I <3 this', 'AT&T and R&D', 'write to <jo@example.org>'])(
    'is not seen in %s',
    (text) => {
      expect(hasMarkup(text)).toBe(false);
      expect(stripMarkup(text)).toBe(text);
    },
  );
});

describe('near duplicates', () => {
  function jaccard(a: string, b: string): number {
    const pieces = (text: string) => new Set(Array.from({ length: text.length - 4 }, (_, i) => text.slice(i, i + 5)));
    const [first, second] = [pieces(comparable(a)), pieces(comparable(b))];
    const both = [...first].filter((piece) => second.has(piece)).length;
    return both / (first.size + second.size - both);
  }
  function signatures(texts: readonly string[], bins = 128) {
    const hasher = new MinHasher(bins);
    const bytes = new Uint8Array(texts.length * bins);
    const signed = Uint8Array.from(texts, (text, i) => Number(hasher.sign(comparable(text), bytes, i * bins)));
    return { bytes, signed };
  }
  const words =
    'the quick brown fox jumps over a lazy dog while seven wizards brew hot coffee in large green kettles near old stone bridges'.split(
      ' ',
    );
  const sentence = (seed: number, length = 24): string =>
    Array.from(
      { length },
      (_, i) => words[Math.abs(Math.imul(seed + 1, 2654435761) ^ Math.imul(i + 7, 40503 + seed)) % words.length],
    ).join(' ');

  it('are as alike as their pieces say, within the noise of a signature', () => {
    for (let seed = 0; seed < 60; seed++) {
      const text = sentence(seed);
      const changed = text
        .split(' ')
        .map((word, i) => (i % 24 < seed % 6 ? `x${word}` : word))
        .join(' ');
      const { bytes } = signatures([text, changed]);
      expect(Math.abs(similarity(bytes, 128, 0, 1) - jaccard(text, changed))).toBeLessThan(0.17);
    }
  });

  it('are found among others, and texts that differ are not', () => {
    const texts = Array.from({ length: 400 }, (_, i) => sentence(i));
    const copies = [3, 77, 250].map((i) => `${texts[i] ?? ''}!!! Thanks`);
    const { bytes, signed } = signatures([...texts, ...copies]);
    const first = nearDuplicates(bytes, signed, 128, 0.8);
    expect([...first.slice(400)]).toEqual([3, 77, 250]);
    for (let i = 0; i < 400; i++) {
      const other = first[i] ?? -1;
      if (other >= 0) expect(jaccard(texts[i] ?? '', texts[other] ?? '')).toBeGreaterThan(0.6);
    }
  });

  it('take time that grows with the texts and not with the pairs, also where all are alike', () => {
    const texts = Array.from({ length: 20_000 }, (_, i) => `${sentence(1)} number ${String(i)}`);
    const { bytes, signed } = signatures(texts);
    const begun = performance.now();
    const first = nearDuplicates(bytes, signed, 128, 0.8);
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(first.filter((one) => one >= 0).length).toBeGreaterThan(19_900);
  });
});

describe('letters to compare texts by', () => {
  const codes = new ComparableCodes();
  const read = (text: string): string => {
    codes.read(text);
    return String.fromCharCode(...codes.codes.subarray(0, codes.length));
  };

  it.each([
    '',
    '  --  ',
    'Hello,  World! 42',
    'Über Straße ÀÉ',
    'ΟΔΟΣ Σ σίσυφος ΣΑΣ',
    'İstanbul ıI',
    'o\u0308 e\u0301\u0301 x',
    'cheap 👍🏽 deal 🇩🇪!',
    '𝒜𝓃 𐐀𐐨',
    'half \ud83d of a pair \udc4d',
    'ⅧⅧ № ½ K',
    '这家酒店非常好,服务员很热情',
    'ไทย ดีมาก 99',
  ])('of %s are those that the pattern finds', (text) => {
    expect(read(text)).toBe(comparable(text));
  });

  it('are those that the pattern finds in texts of any characters, and so are the words', () => {
    let state = 3;
    const next = (n: number): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % n;
    const ranges = [0x60, 0x80, 0x250, 0x600, 0x3000, 0xa000, 0x10000, 0x1f700];
    for (let i = 0; i < 3_000; i++) {
      const most = ranges[next(ranges.length)] ?? 0x80;
      const text = Array.from({ length: next(30) }, () => String.fromCodePoint(next(most))).join('');
      const plain = comparable(text);
      expect(read(text)).toBe(plain);
      const unspaced = plain.match(/[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]/g)?.length ?? 0;
      expect(codes.words).toBe(plain === '' ? 0 : plain.split(' ').length + Math.floor(unspaced / 2));
    }
  });

  it('sign as the text itself does', () => {
    const [one, other] = [new Uint8Array(128), new Uint8Array(128)];
    const text = 'Where is my PARCEL? It was to come on Monday …';
    const hasher = new MinHasher(128);
    codes.read(text);
    hasher.sign(comparable(text), one, 0);
    hasher.signCodes(codes.codes, codes.length, other, 0);
    expect(other).toEqual(one);
  });
});

describe('equal texts', () => {
  it('are told from 50,000 others', () => {
    const keys = new TextKeys(50_002);
    let own = 0;
    for (let i = 0; i < 50_000; i++) own += Number(keys.firstWith(`text number ${String(i)}`, i) === i);
    expect(own).toBe(50_000);
    expect(keys.firstWith('text number 123', 50_000)).toBe(123);
  });
});

describe('the language of a single text', () => {
  const languages = new RowLanguages('en');
  it.each([
    ['I would like to change the address of my order because it is wrong', 'en'],
    ['Ich möchte die Adresse für meine Bestellung ändern, weil sie nicht stimmt', 'de'],
    ['Je voudrais changer une adresse qui est dans la commande parce que ce n’est pas la bonne', 'fr'],
    ['Я хочу изменить адрес, потому что он не тот и я не могу это сделать', 'ru'],
    ['这家酒店非常好,服务员很热情,下次还会来', 'zh'],
    ['ok thanks', null],
    ['SKU 4711-22 XXL', null],
  ])('%s is %s', (text, language) => {
    expect(languages.of(text)).toBe(language);
  });
});
