import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SPECIAL_TOKENS } from '../../../src/engine/text/special-tokens';
import { Vocabulary } from '../../../src/engine/text/vocabulary';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thaw-vocabulary-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('Vocabulary', () => {
  const counts = new Map([
    ['rare', 1],
    ['b', 3],
    ['xxmaj', 99],
    ['a', 3],
    ['the', 7],
    ['kept', 1],
    ['never', 0],
  ]);

  it('begins with the special tokens, then goes by frequency and first occurrence', () => {
    const vocabulary = Vocabulary.fromCounts(counts);
    expect(SPECIAL_TOKENS.join(' ')).toBe('xxunk xxpad xxbos xxeos xxfld xxrep xxwrep xxup xxmaj');
    expect(vocabulary.itos).toEqual([...SPECIAL_TOKENS, 'the', 'b', 'a']);
    expect(vocabulary.idOf('the')).toBe(9);
    expect(vocabulary.idOf('xxmaj')).toBe(8);
    expect(vocabulary.idOf('rare')).toBe(0);
    expect(vocabulary.has('rare')).toBe(false);
  });

  it('keeps what is asked for however rare, but not what was never seen', () => {
    const keep = new Set(['kept', 'never', 'unheard']);
    expect(Vocabulary.fromCounts(counts, { keep }).itos.slice(9)).toEqual(['the', 'b', 'a', 'kept']);
    expect(Vocabulary.fromCounts(counts, { minCount: 1, maxSize: 11 }).itos.slice(9)).toEqual(['the', 'b']);
  });

  it('is the same after it was saved and loaded, whatever the tokens hold', async () => {
    const file = join(folder, 'deep', 'vocabulary.json');
    const tokens = ['\n\n', '"', '\\', '\ud800', '👍🏽', '__proto__', 'constructor', 'é', '\u2028'];
    const vocabulary = new Vocabulary([...SPECIAL_TOKENS, ...tokens]);
    await vocabulary.save(file);
    expect((await Vocabulary.load(file)).itos).toEqual(vocabulary.itos);
    expect(Vocabulary.loadSync(file).idOf('__proto__')).toBe(14);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(vocabulary.itos);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['vocabulary.json']);
  });

  it('refuses files that are no vocabulary, and says which', async () => {
    const file = join(folder, 'v.json');
    const contents = [
      '[1]',
      '{}',
      'not json',
      JSON.stringify(['xxunk', 'the']),
      JSON.stringify([...SPECIAL_TOKENS, 'a', 'a']),
    ];
    for (const content of contents) {
      writeFileSync(file, content);
      await expect(Vocabulary.load(file)).rejects.toMatchObject({
        code: 'model-format',
        message: expect.stringContaining(file) as string,
      });
      expect(() => Vocabulary.loadSync(file)).toThrow(file);
    }
    await expect(Vocabulary.load(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
