import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { newWordShare } from '../../../src/engine/text/new-word-share';
import { SPECIAL_TOKENS } from '../../../src/engine/text/special-tokens';
import { TokenShards } from '../../../src/engine/text/token-shards';
import { TokenShardsWriter } from '../../../src/engine/text/token-shards-writer';
import { Vocabulary } from '../../../src/engine/text/vocabulary';

describe('the share of new words in running text', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'thaw-share-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('counts tokens, not words of the vocabulary, and unknown ones as new', async () => {
    const vocabulary = new Vocabulary([...SPECIAL_TOKENS, 'known', 'rare', 'rarer']);
    const first = SPECIAL_TOKENS.length;
    const [known, rare, rarer] = [first, first + 1, first + 2];
    const writer = await TokenShardsWriter.create(folder, vocabulary);
    await writer.append([known, known, known, rare]);
    await writer.append([known, known, 0, known]);
    await writer.append([rarer, rarer, rarer, rarer]);
    await writer.finish();
    const isNew = new Uint8Array(vocabulary.size);
    isNew[rare] = isNew[rarer] = 1;
    const shards = TokenShards.open(folder);
    expect(newWordShare(shards, Int32Array.of(0, 1), isNew)).toBe(2 / 8);
    expect(newWordShare(shards, Int32Array.of(0, 1, 2), isNew)).toBe(6 / 12);
    expect(newWordShare(shards, Int32Array.of(), isNew)).toBe(0);
    shards.close();
  });
});
