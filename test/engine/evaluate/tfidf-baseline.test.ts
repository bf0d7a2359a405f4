import { describe, expect, it } from 'vitest';
import { runNow } from '../../../src/engine/evaluate/in-steps';
import { multiLabels, singleLabels } from '../../../src/engine/evaluate/label-csr';
import { NO_TOKEN } from '../../../src/engine/evaluate/ngram-index';
import { TfidfBaseline, type TokenDocuments } from '../../../src/engine/evaluate/tfidf-baseline';
import { TfidfFeatures } from '../../../src/engine/evaluate/tfidf-features';
import { WordPieces } from '../../../src/engine/evaluate/word-pieces';
import { FIRST_WORD, fixture, idsOf, itos } from '../../helpers/banking-six';

const docsOf = (rows: readonly (readonly [string, string])[]): TokenDocuments => ({
  length: rows.length,
  at: (i) => [2, ...idsOf(rows[i]?.[0] ?? '')], // xxbos first, as the tokenizer gives it
});
const classId = ([, label]: readonly [string, string]): number => fixture.labels.indexOf(label);
const train = docsOf(fixture.train);
const test = docsOf(fixture.test);
const labels = singleLabels(fixture.train.map(classId));
const options = { multiLabel: false, seed: 0 };

/**
 * The largest difference between probabilities and expected rows, over the texts in which every word is known: around
 * an unknown word scikit-learn has no pair, and the baseline pairs its neighbours.
 */
function farthest(got: Float32Array, expected: number[][]): number {
  let largest = 0;
  expected.forEach((row, i) => {
    if (idsOf(fixture.test[i]?.[0] ?? '').includes(0)) return;
    row.forEach((value, c) => (largest = Math.max(largest, Math.abs(value - (got[i * row.length + c] ?? NaN)))));
  });
  return largest;
}

describe('TF-IDF features', () => {
  it('equal those of scikit-learn', () => {
    const { features } = runNow(TfidfFeatures.fit(train, { skip: [0, 2], mostFeatures: 1e6 }));
    expect(features.idf).toHaveLength(fixture.features);
    const rows = features.transform(test);
    // scikit-learn knows no unknown word: take the texts in which every word is known, so that pairs are the same
    const known = fixture.tfidf.map((_, i) => i).filter((i) => !idsOf(fixture.test[i]?.[0] ?? '').includes(0));
    expect(known.length).toBeGreaterThan(0);
    for (const i of known) {
      const got: Record<string, number> = {};
      for (let k = rows.offsets[i] ?? 0; k < (rows.offsets[i + 1] ?? 0); k++) {
        const feature = rows.columns[k] ?? 0;
        const pair = [features.index.first[feature] ?? 0, features.index.second[feature] ?? 0];
        const name = pair.filter((id) => id !== NO_TOKEN).map((id) => itos[id - FIRST_WORD]);
        got[name.join(' ')] = rows.values[k] ?? 0;
      }
      expect(Object.keys(got).sort()).toEqual(Object.keys(fixture.tfidf[i] ?? {}).sort());
      for (const [name, value] of Object.entries(fixture.tfidf[i] ?? {})) expect(got[name]).toBeCloseTo(value, 5);
    }
  });

  it('keep all words and only the more frequent pairs when there are too many', () => {
    const { features, rows } = runNow(TfidfFeatures.fit(train, { skip: [2], mostFeatures: 700 }));
    expect(features.idf.length).toBeLessThanOrEqual(700);
    expect(features.idf.length).toBeGreaterThan(itos.length);
    const single = features.index.second.filter((second) => second === NO_TOKEN);
    expect(single).toHaveLength(itos.length);
    for (let i = 0; i < rows.rows; i++) {
      const values = rows.values.subarray(rows.offsets[i], rows.offsets[i + 1]);
      expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    }
    const words = runNow(TfidfFeatures.fit(train, { skip: [2], mostFeatures: 3 })).features;
    expect(words.idf).toHaveLength(itos.length);
  });
});

describe('other shares of the classes', () => {
  it('multiply the odds of each class by its weight', () => {
    for (const classes of [fixture.labels.length, 2]) {
      const few = singleLabels(fixture.train.map((row) => Math.min(classes - 1, classId(row))));
      const weights = Float32Array.from({ length: classes }, (_, id) => 0.25 * (id + 1));
      const plain = TfidfBaseline.fit(train, few, classes, options).predict(test);
      const weighed = TfidfBaseline.fit(train, few, classes, { ...options, classWeights: weights }).predict(test);
      for (let row = 0; row < test.length; row++) {
        const odds = [...plain.subarray(row * classes, (row + 1) * classes)].map((p, id) => p * weights[id]!);
        const total = odds.reduce((sum, each) => sum + each, 0);
        odds.forEach((each, id) => expect(weighed[row * classes + id]).toBeCloseTo(each / total, 5));
      }
    }
  });
});

describe('the TF-IDF baseline', () => {
  it('gives the probabilities of scikit-learn for several labels a row', () => {
    const truth = multiLabels(fixture.multiTruth.map((row) => row.flatMap((yes, c) => (yes ? [c] : []))));
    const got = TfidfBaseline.fit(train, truth, 3, { multiLabel: true, seed: 0 }).predict(test);
    expect(farthest(got, fixture.multi)).toBeLessThan(0.03);
  });

  it('knows more of held-out texts than logistic regression alone, and sums to 1', () => {
    const got = TfidfBaseline.fit(train, labels, 6, options).predict(test);
    const lossOf = (probabilities: ArrayLike<number>): number =>
      fixture.test.reduce((sum, row, i) => sum - Math.log(probabilities[i * 6 + classId(row)] ?? NaN), 0) / test.length;
    expect(lossOf(got)).toBeLessThan(0.8 * lossOf(fixture.softmax.flat()));
    for (let i = 0; i < test.length; i++) {
      expect(got.subarray(i * 6, i * 6 + 6).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    }
  });

  it('is the same to the bit for the same seed, at once or in slices, and after a way through bytes', async () => {
    const model = TfidfBaseline.fit(train, labels, 6, { ...options, seed: 5 });
    const sliced = await TfidfBaseline.fitAsync(train, labels, 6, { ...options, seed: 5 });
    expect(sliced.toBytes()).toEqual(model.toBytes());
    const read = TfidfBaseline.fromBytes(model.toBytes());
    expect(read.predict(test)).toEqual(model.predict(test));
    expect(await read.predictAsync(test)).toEqual(model.predict(test));
    const other = TfidfBaseline.fit(train, labels, 6, { ...options, seed: 6 });
    expect(other.toBytes()).not.toEqual(model.toBytes());
  });

  it('stops when asked, at once or in slices', async () => {
    let asked = 0;
    const shouldStop = (): boolean => ++asked > 3;
    const stopping = { ...options, shouldStop };
    expect(() => TfidfBaseline.fit(train, labels, 6, stopping)).toThrow(expect.objectContaining({ code: 'cancelled' }));
    expect(asked).toBe(4);
    // enough work that slices end: the same texts many times over
    const many = { length: 50_000, at: (i: number) => train.at(i % train.length) };
    const manyLabels = singleLabels(
      Array.from({ length: many.length }, (_, i) => labels.labels[i % train.length] ?? 0),
    );
    await expect(TfidfBaseline.fitAsync(many, manyLabels, 6, stopping)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('lets timers run while it trains in slices', async () => {
    const many = { length: 20_000, at: (i: number) => train.at(i % train.length) };
    const manyLabels = singleLabels(
      Array.from({ length: many.length }, (_, i) => labels.labels[i % train.length] ?? 0),
    );
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const began = performance.now();
    await TfidfBaseline.fitAsync(many, manyLabels, 6, options);
    clearInterval(timer);
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan((performance.now() - began) / 2);
  });

  it('learns from ten rows, from one class only, from one row, and from rows without a known word', () => {
    const ten = fixture.train.slice(0, 10);
    const few = TfidfBaseline.fit(docsOf(ten), singleLabels(ten.map(classId)), 6, options).predict(docsOf(ten));
    ten.forEach((row, i) => {
      const best = few.subarray(i * 6, i * 6 + 6);
      expect(best.indexOf(Math.max(...best))).toBe(classId(row));
    });
    const oneClass = TfidfBaseline.fit(docsOf(ten), singleLabels(new Int32Array(10).fill(4)), 6, options).predict(test);
    expect(oneClass[4]).toBeCloseTo(10 / 12.5, 6); // every other class weighs half a row
    expect(oneClass[0]).toBeCloseTo(0.5 / 12.5, 6);
    const one = TfidfBaseline.fit(docsOf(ten.slice(0, 1)), singleLabels([1]), 2, options).predict(test);
    expect([...one.subarray(0, 2)].map((p) => p.toFixed(4))).toEqual(['0.3333', '0.6667']);
    const empty = { length: 3, at: () => [2, 0] };
    const blank = TfidfBaseline.fit(empty, singleLabels([0, 1, 1]), 2, options).predict(empty);
    expect(blank[1]).toBeGreaterThan(0.5);
    const alone = TfidfBaseline.fit(empty, singleLabels([0, 0, 0]), 1, options).predict(empty);
    expect([...alone]).toEqual([1, 1, 1]);
  });

  it('ranks texts of classes it has seen above classes it has not, also through bytes', () => {
    const known = fixture.train.filter((row) => classId(row) !== 2 && classId(row) !== 0);
    const model = TfidfBaseline.fit(docsOf(known), singleLabels(known.map(classId)), 6, options);
    const got = TfidfBaseline.fromBytes(model.toBytes()).predict(test);
    for (let i = 0; i < test.length; i++) {
      const row = got.subarray(i * 6, i * 6 + 6);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      expect(row[0]).toBe(row[2]);
      expect([0, 2]).not.toContain(row.indexOf(Math.max(...row)));
    }
  });

  it('refuses no rows, two labels for a row, and texts that do not fit the labels', () => {
    const none = { length: 0, at: () => [] };
    const fit = (docs: TokenDocuments, l: typeof labels) => () => TfidfBaseline.fit(docs, l, 6, options);
    expect(fit(none, singleLabels([]))).toThrow(expect.objectContaining({ code: 'no-rows' }));
    expect(fit({ length: 1, at: () => [9] }, multiLabels([[0, 1]]))).toThrow(/exactly one label/);
    expect(fit(none, singleLabels([1]))).toThrow(/Expected 1 texts/);
  });

  it('refuses bytes that are not a baseline', () => {
    const bytes = TfidfBaseline.fit(train, labels, 6, options).toBytes();
    const text = Buffer.from(bytes).toString('latin1');
    const changed = (from: string, to: string): Uint8Array => Buffer.from(text.replace(from, to), 'latin1');
    const bad = [
      bytes.subarray(0, 100),
      changed('thaw-tfidf', 'thaw-other'),
      changed('"classes":"6"', '"classes":"5"'),
      changed('"classes":"6"', '"classes":"x"'),
      changed('"multiLabel":"false"', '"multiLabel":"true "'),
      changed('"bias"', '"bios"'),
    ];
    for (const each of bad) {
      if (each.length === bytes.length) expect(Buffer.compare(each, bytes)).not.toBe(0);
      expect(() => TfidfBaseline.fromBytes(each)).toThrow(expect.objectContaining({ code: 'model-format' }));
    }
  });
});

describe('pieces of words', () => {
  const stems = ['bright', 'dull', 'warm', 'cold'];
  const endings = ['', 'er', 'est', 'ly', 'ness', 'ish', 'en', 'ens'];
  const vocabulary = [...Array<string>(FIRST_WORD).fill('xx'), 'a', ...stems.flatMap((s) => endings.map((e) => s + e))];
  const row = (word: string): number[] => [2, vocabulary.indexOf('a'), vocabulary.indexOf(word)];
  const docs = (list: readonly string[]): TokenDocuments => ({ length: list.length, at: (i) => row(list[i] ?? '') });
  const good = (word: string): number => Number(/^(bright|warm)/.test(word));
  const seen = stems.flatMap((stem) => endings.slice(0, 4).map((ending) => stem + ending));
  const unseen = stems.flatMap((stem) => endings.slice(4).map((ending) => stem + ending));
  const fit = (words?: readonly string[]): TfidfBaseline =>
    TfidfBaseline.fit(docs(seen), singleLabels(seen.map(good)), 2, { ...options, words });
  const right = (baseline: TfidfBaseline): number => {
    const probabilities = baseline.predict(docs(unseen));
    return unseen.filter((word, i) => Math.round(probabilities[2 * i + 1] ?? NaN) === good(word)).length;
  };

  it('are those of char_wb', () => {
    const pieces = WordPieces.of(['xx', 'the', 'a', 'groß🙂'], 1);
    const lists = [0, 1, 2, 3].map((token) => [...pieces.at(token)]);
    // " th", "the", "he ", " the", "the ", " the "; " a "; " gr", "gro", "roß", "oß🙂", "ß🙂 ", …
    expect(lists.map((list) => list.length)).toEqual([0, 6, 1, 5 + 4 + 3]);
    expect(new Set(lists.flat()).size).toBe(pieces.count);
    expect(pieces.count).toBe(19);
  });

  it('tell of words that were in no training text', () => {
    expect(right(fit(vocabulary))).toBe(unseen.length);
    expect(right(fit())).toBeLessThan(unseen.length);
  });

  it('are kept in the file', () => {
    const baseline = fit(vocabulary);
    const again = TfidfBaseline.fromBytes(baseline.toBytes());
    expect(again.predict(docs(unseen))).toEqual(baseline.predict(docs(unseen)));
    const broken = Buffer.from(baseline.toBytes());
    const name = broken.indexOf('pieces.ids');
    broken.write('pieces.idx', name);
    expect(() => TfidfBaseline.fromBytes(broken, 'x.bin')).toThrow(/x\.bin.*pieces\.ids/);
  });
});

describe('a baseline of few texts', () => {
  /** What it says of the test texts: how many are right, how sure it is of its answers, and the mean log loss. */
  function judged(
    which: readonly (readonly [string, number])[],
    classes: number,
  ): { right: number; sure: number; loss: number } {
    const few = docsOf(which.map(([text]) => [text, '']));
    const baseline = TfidfBaseline.fit(few, singleLabels(which.map(([, label]) => label)), classes, options);
    const said = baseline.predict(test);
    let [right, sure, loss] = [0, 0, 0];
    fixture.test.forEach((row, i) => {
      const own = said.subarray(i * classes, (i + 1) * classes);
      const most = Math.max(...own);
      right += Number(own.indexOf(most) === classId(row));
      sure += most;
      loss -= Math.log(own[classId(row)] ?? 0);
    });
    const n = fixture.test.length;
    return { right: right / n, sure: sure / n, loss: loss / n };
  }

  it('believes itself about labels that it knows, however many others have a single text', () => {
    // Texts by tens are of one label of six; of the others each has a label of its own.
    const known = fixture.train.filter((_, i) => i % 6 === 0).map((row) => [row[0], classId(row)] as const);
    const single = fixture.train.filter((_, i) => i % 6 === 3).map(([text], i) => [text, 6 + i] as const);
    const { right, sure, loss } = judged([...known, ...single], 6 + single.length);
    expect(right).toBeGreaterThan(0.4);
    expect(sure).toBeGreaterThan(right - 0.25);
    expect(loss).toBeLessThan(2.4);
  });

  it('is about as sure as it is right, though half of the words of new texts are new to it', () => {
    const few = fixture.train.filter((_, i) => i % 4 === 0).map((row) => [row[0], classId(row)] as const);
    const { right, sure } = judged(few, 6);
    expect(Math.abs(sure - right)).toBeLessThan(0.1);
  });
});
