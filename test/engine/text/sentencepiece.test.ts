import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { IdBuffer } from '../../../src/engine/text/id-buffer';
import { isPythonSpace } from '../../../src/engine/text/python-text';
import { applyRules } from '../../../src/engine/text/rules';
import { parseModelProto, PIECE, writeModelProto } from '../../../src/engine/text/sentencepiece/model-proto';
import { Normalizer } from '../../../src/engine/text/sentencepiece/normalizer';
import { SentencePieceModel } from '../../../src/engine/text/sentencepiece/sentencepiece-model';
import { SubwordEncoder } from '../../../src/engine/text/sentencepiece/subword-encoder';
import { pieceTokens, subwordVocabulary } from '../../../src/engine/text/sentencepiece/subword-vocabulary';
import { TextSample } from '../../../src/engine/text/sentencepiece/text-sample';
import { trainSentencePiece } from '../../../src/engine/text/sentencepiece/train-sentencepiece';
import { SPECIAL_TOKENS } from '../../../src/engine/text/special-tokens';

const root = join(__dirname, '../../..');
const fixtures = join(root, 'test/fixtures/sentencepiece');
const charsmap = readFileSync(join(root, 'resources/sentencepiece/nmt_nfkc.charsmap'));
const texts = gunzipSync(readFileSync(join(fixtures, 'texts.txt.gz')))
  .toString('utf8')
  .split('\n')
  .slice(0, -1);
const names = ['fastai', 'bytes', 'suffix'] as const;
const long = {
  join: texts.slice(0, 2500).join(' '),
  marks: '.'.repeat(30_000),
  letters: texts.slice(2500, 4000).join('').replaceAll(' ', ''),
};

interface Fixture {
  readonly cases: readonly {
    readonly text: string;
    readonly ids: number[];
    readonly pieces: string[];
    readonly decoded: string;
  }[];
  readonly long: Readonly<Record<keyof typeof long, { readonly count: number; readonly sha256: string }>>;
}

const modelOf = (name: string): SentencePieceModel => SentencePieceModel.load(join(fixtures, `${name}.model`));
const fixtureOf = (name: string): Fixture =>
  JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8')) as Fixture;

/** Runs a generator to its end. */
function finish<T>(steps: Generator<number, T>, each: (share: number) => void = () => undefined): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    each(step.value);
  }
}

const train = (sample: readonly string[], pieces?: number, each?: (share: number) => void): Uint8Array =>
  finish(trainSentencePiece(sample, { language: 'de', charsmap, ...(pieces === undefined ? {} : { pieces }) }), each);

describe.each(names)('a model of the C++ library (%s)', (name) => {
  const model = modelOf(name);
  const fixture = fixtureOf(name);

  it('encodes and decodes as that library does', () => {
    for (const { text, ids, pieces, decoded } of fixture.cases) {
      expect(model.encode(text), JSON.stringify(text)).toEqual({ ids, pieces });
      expect(model.decode(ids), JSON.stringify(text)).toBe(decoded);
    }
  });

  it.each(Object.keys(long) as (keyof typeof long)[])('cuts a very long text as that library does (%s)', (key) => {
    const { ids } = model.encode(long[key]);
    const sha256 = createHash('sha256').update(ids.join(' ')).digest('hex');
    expect({ count: ids.length, sha256 }).toEqual(fixture.long[key]);
  });
});

describe('the sub-word encoder', () => {
  const model = modelOf('fastai');
  const tokens = pieceTokens(model);

  it('gives what the model makes of the whole text after the rules, long texts and strange spaces included', () => {
    const met: string[] = [];
    const encoder = new SubwordEncoder(model, (token) =>
      met.includes(token) ? met.indexOf(token) : met.push(token) - 1,
    );
    const strange = [
      'a\x0bb c',
      'x\u0085y Z',
      'A\u00a0B\u3000C',
      'WOW wow\tWow\n\nwow',
      '\u200b \u200bx',
      'a ´ b',
      '',
      ' ',
    ];
    const ours = (text: string): string[] => {
      const ids = new IdBuffer();
      encoder.encode(text, ids);
      return Array.from(ids.view(), (id) => met[id] ?? '');
    };
    const whole = (text: string): (string | undefined)[] => model.encode(applyRules(text)).ids.map((id) => tokens[id]);
    for (const text of [...fixtureOf('fastai').cases.map((each) => each.text), ...strange, long.join]) {
      expect(ours(text), JSON.stringify(text.slice(0, 200))).toEqual(whole(text));
      expect(ours(text)).toEqual(whole(text)); // now out of the cache
    }
  });

  it('has the special tokens at ids 0 to 8 of its vocabulary and every piece once', () => {
    const { itos } = subwordVocabulary(model);
    expect(itos.slice(0, 9)).toEqual(SPECIAL_TOKENS);
    expect(itos).toHaveLength(model.pieces.length - 1); // the unknown piece is xxunk
  });

  it('refuses models without the special tokens, and those that fall back to bytes', () => {
    expect(() => pieceTokens(modelOf('suffix'))).toThrow(/lacks the symbols ▁xxbos/);
    expect(() => pieceTokens(modelOf('bytes'))).toThrow(/falls back to bytes/);
  });
});

describe('the rules nmt_nfkc', () => {
  it('never reach across a space, which is why words can be normalized one by one', () => {
    const spec = parseModelProto(readFileSync(join(fixtures, 'fastai.model')), 'fastai.model').normalizer;
    expect(Buffer.compare(Buffer.from(spec.charsmap), charsmap)).toBe(0);
    const spaces = Array.from({ length: 0x10000 }, (_, code) => code)
      .filter(isPythonSpace)
      .map((code) => String.fromCharCode(code));
    const normalizer = new Normalizer(spec, [], false, 'x');
    const separators = normalizer.wordSeparators(spaces);
    expect(separators).toContain('\u00a0');
    expect(normalizer.crosses(separators)).toBe(false);
  });
});

describe('training', () => {
  const progress: number[] = [];
  const bytes = train(texts.slice(0, 1500), 1200, (share) => progress.push(share));
  const model = new SentencePieceModel(bytes, 'trained');

  it('gives as many pieces as asked for, special tokens first, in a file that reads back the same', () => {
    expect(model.pieces).toHaveLength(1200);
    expect(model.pieces.slice(0, 9)).toEqual(
      SPECIAL_TOKENS.map((token) => ({ text: `▁${token}`, score: 0, type: PIECE.USER_DEFINED })),
    );
    expect(model.pieces[9]).toEqual({ text: '<unk>', score: 0, type: PIECE.UNKNOWN });
    const { pieces, normalizer } = parseModelProto(bytes, 'trained');
    expect(writeModelProto(pieces, normalizer, { characterCoverage: 0.99999 })).toEqual(Buffer.from(bytes));
    expect(normalizer.name).toBe('nmt_nfkc');
  });

  it('tells how far it is, never going back, and gives the same model for the same texts', () => {
    expect(progress.length).toBeGreaterThan(20);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
    expect(progress.at(-1)).toBeGreaterThan(0.95);
    expect(Buffer.compare(Buffer.from(train(texts.slice(0, 1500), 1200)), Buffer.from(bytes))).toBe(0);
  });

  it('describes new text at least as well as the model that the C++ library learned from it', () => {
    const cpp = modelOf('fastai');
    const own = new SentencePieceModel(train(texts, cpp.pieces.length), 'own');
    // The fixture was learned from texts without the rules: compare on such text, in pieces for each character.
    const held = fixtureOf('fastai')
      .cases.map(({ text }) => text.toLowerCase())
      .filter((text) => /^[a-z ,.]{30,}$/.test(text));
    const count = (each: SentencePieceModel): number =>
      held.reduce((sum, text) => sum + each.encode(text).ids.length, 0);
    expect(held.length).toBeGreaterThan(10);
    expect(count(own)).toBeLessThan(1.02 * count(cpp));
  });

  it('covers nearly all characters, pieces begin with the mark of a space only there, none mixes scripts', () => {
    const normal = model.pieces.filter(({ type }) => type === PIECE.NORMAL).map(({ text }) => text);
    expect(normal).toEqual(expect.arrayContaining(['▁', 'e', 'ä', 'ß', '.', '▁die']));
    expect(normal.filter((text) => text.includes('▁', 1))).toEqual([]);
    expect(normal.filter((text) => /[a-zäöüß]/.test(text) && /[0-9.,!?]/.test(text))).toEqual([]);
    expect(normal.filter((text) => text.length > 17)).toEqual([]);
  });

  it('makes fewer pieces of few texts, and refuses texts without words', () => {
    const few = new SentencePieceModel(train(['ab ab abc', 'ab cab']), 'few');
    expect(few.pieces.length).toBeLessThan(60);
    expect(few.encode('ab').pieces).toEqual(['▁ab']);
    expect(() => train(['', ' \n'])).toThrow(/no words/);
  });

  it('finds words in texts without spaces', () => {
    const chinese = Array.from(
      { length: 60 },
      (_, i) => `酒店很好，房间${i % 7 === 0 ? '干净' : '很大'}。早餐不错！服务${i % 3 === 0 ? '很好' : '一般'}`,
    );
    const pieces = new SentencePieceModel(finish(trainSentencePiece(chinese, { language: 'zh', charsmap })), 'zh')
      .pieces;
    expect(pieces.map(({ text }) => text)).toEqual(expect.arrayContaining(['房间很大', '早餐不错', '服务很好']));
  });
});

describe('a sample of texts', () => {
  it('is even, bounded, and the same for the same texts', () => {
    const sample = new TextSample(1000);
    for (let i = 0; i < 5000; i++) if (sample.next()) sample.keep(String(i).padStart(10, '0'));
    const kept = sample.texts().map(Number);
    expect(kept.length).toBeGreaterThan(40);
    expect(kept.length).toBeLessThanOrEqual(100);
    const step = (kept[1] ?? 0) - (kept[0] ?? 0);
    expect(kept.every((number, i) => number === i * step)).toBe(true);
  });
});

describe('a damaged model file', () => {
  it('gives an error that says so, wherever it is cut', () => {
    const bytes = readFileSync(join(fixtures, 'suffix.model'));
    for (let length = 0; length < bytes.length; length += 997) {
      expect(() => new SentencePieceModel(bytes.subarray(0, length), 'cut.model')).toThrow(
        expect.objectContaining({
          code: 'model-format',
          message: expect.stringContaining('cut.model') as string,
        }) as Error,
      );
    }
  });
});
