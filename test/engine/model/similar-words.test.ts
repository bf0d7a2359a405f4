import { describe, expect, it } from 'vitest';
import { transferWeights } from '../../../src/engine/model/initialise';
import { SimilarWords } from '../../../src/engine/model/similar-words';

const itos = [
  'xxunk',
  'xxpad',
  'the',
  'watch',
  'watched',
  'unwatched',
  'funny',
  'laughing',
  'laughed',
  'zebra',
  '1987',
];

describe('similar words', () => {
  const similar = new SimilarWords(itos);

  it('share stem and ending, the most alike first, with weights that add up to 1', () => {
    const { places, weights } = similar.of('rewatched')!;
    expect(places.map((place) => itos[place])).toEqual(['watched', 'unwatched']);
    expect(weights[0]).toBeGreaterThan(weights[1]!);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('are none for a stranger, and never a mark', () => {
    expect(similar.of('qwertz')).toBeNull();
    expect(similar.of('xxunkk')).toBeNull();
  });

  it('forget one question before the next', () => {
    const first = similar.of('laughs');
    similar.of('zebras');
    expect(similar.of('laughs')).toEqual(first);
  });
});

describe('weights for another vocabulary', () => {
  const width = 2;
  const data = Float32Array.from({ length: itos.length * width }, (_, i) => i);
  const biases = Float32Array.from(itos, (_, i) => i / 10);
  const pretrained = new Map([
    ['embedding', { shape: [itos.length, width], data }],
    ['decoder.bias', { shape: [itos.length], data: biases }],
  ]);
  const mean = [10, 11];

  it('give a new word the mean row and bias', () => {
    const { tensors, known, unknown } = transferWeights(pretrained, itos, ['zebra', 'laughs'], 'mean');
    expect([known, unknown]).toEqual([1, 1]);
    expect([...tensors.get('embedding')!.data]).toEqual([18, 19, ...mean]);
    expect(tensors.get('decoder.bias')!.data[1]).toBeCloseTo(0.5, 6);
  });

  it('give it the rows of words like it where asked, and the mean to strangers', () => {
    const { tensors } = transferWeights(pretrained, itos, ['laughs', 'qwertz'], 'similar');
    const rows = tensors.get('embedding')!.data;
    expect(rows[0]).toBeGreaterThanOrEqual(14);
    expect(rows[0]).toBeLessThanOrEqual(16);
    expect([...rows.subarray(2)]).toEqual(mean);
  });
});
