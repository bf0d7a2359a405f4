import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SPECIAL_TOKENS } from '../../../src/engine/text/special-tokens';
import { TokenShards } from '../../../src/engine/text/token-shards';
import { TokenShardsWriter } from '../../../src/engine/text/token-shards-writer';
import { Vocabulary } from '../../../src/engine/text/vocabulary';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thaw-shards-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function vocabularyOf(size: number): Vocabulary {
  return new Vocabulary([
    ...SPECIAL_TOKENS,
    ...Array.from({ length: size - SPECIAL_TOKENS.length }, (_, i) => `w${i}`),
  ]);
}

async function write(dir: string, documents: readonly (readonly number[])[], vocabulary: Vocabulary): Promise<void> {
  const writer = await TokenShardsWriter.create(dir, vocabulary);
  for (const document of documents) await writer.append(document);
  await writer.finish();
}

describe('TokenShards', () => {
  it.each([
    [2, 65_536],
    [4, 65_537],
  ])('gives back what was written, with ids of %i bytes for %i words', async (width, size) => {
    const last = size - 1;
    // Documents of no token, of one, and of more than a block of the cache, over several blocks in all.
    const documents = Array.from({ length: 400 }, (_, d) =>
      Array.from({ length: d === 7 ? 100_000 : (d * 37) % 501 }, (_, i) => (i * 7919 + d) % size),
    );
    documents.push([last]);
    const dir = join(folder, 's');
    await write(dir, documents, vocabularyOf(size));
    const shards = TokenShards.open(dir);
    expect(shards.width).toBe(width);
    expect(shards.documents).toBe(documents.length);
    expect(shards.tokens).toBe(documents.reduce((sum, document) => sum + document.length, 0));
    const order = documents.map((_, d) => (d * 211) % documents.length);
    for (const d of [...order, 0, documents.length - 1]) {
      expect(shards.length(d)).toBe(documents[d]?.length);
      expect(Array.from(shards.read(d))).toEqual(documents[d]);
    }
    expect(Array.from(shards.readTokens(3, 60_000))).toEqual(documents.flat().slice(3, 60_000));
    expect(shards.vocabulary().size).toBe(size);
    shards.close();
  });

  it('has the layout that docs/formats/token-shards.md describes', async () => {
    const dir = join(folder, 's');
    await write(dir, [[2, 9], [], [2, 0, 258]], vocabularyOf(300));
    expect([...readFileSync(join(dir, 'ids.bin'))]).toEqual([2, 0, 9, 0, 2, 0, 0, 0, 2, 1]);
    const offsets = readFileSync(join(dir, 'offsets.bin'));
    expect([0, 8, 16, 24].map((position) => offsets.readBigUInt64LE(position))).toEqual([0n, 2n, 2n, 5n]);
    expect(offsets.length).toBe(32);
    const header = JSON.parse(readFileSync(join(dir, 'shards.json'), 'utf8')) as unknown;
    expect(header).toEqual({ format: 'thaw-token-shards', version: 1, documents: 3, tokens: 5, width: 2 });
    expect((JSON.parse(readFileSync(join(dir, 'vocabulary.json'), 'utf8')) as string[]).length).toBe(300);
  });

  it('hands out arrays that later reads do not change', async () => {
    const dir = join(folder, 's');
    await write(
      dir,
      [
        [2, 9],
        [2, 10],
      ],
      vocabularyOf(300),
    );
    const shards = TokenShards.open(dir);
    const first = shards.read(0);
    first[1] = 77;
    expect([...shards.read(1)]).toEqual([2, 10]);
    expect([...shards.read(0)]).toEqual([2, 9]);
    shards.close();
  });

  it('refuses documents that are not there', async () => {
    const dir = join(folder, 's');
    await write(dir, [[2]], vocabularyOf(20));
    const shards = TokenShards.open(dir);
    for (const document of [-1, 1, 0.5, NaN]) expect(() => shards.read(document)).toThrow('Document');
    expect(() => shards.readTokens(0, 2)).toThrow('were asked for');
    shards.close();
  });

  it('refuses folders whose files do not fit together, and says which file and what', async () => {
    const good = join(folder, 'good');
    await write(good, [[2, 9], [2]], vocabularyOf(20));
    const damage: readonly (readonly [string, (dir: string) => void])[] = [
      ['ids.bin: expected 6 bytes, got 5', (dir) => truncateSync(join(dir, 'ids.bin'), 5)],
      ['offsets.bin: expected 24 bytes, got 16', (dir) => truncateSync(join(dir, 'offsets.bin'), 16)],
      [
        'version is 2, expected 1',
        (dir) => writeFileSync(join(dir, 'shards.json'), '{"format":"thaw-token-shards","version":2}'),
      ],
      ['shards.json: it is not JSON', (dir) => writeFileSync(join(dir, 'shards.json'), '{')],
    ];
    for (const [message, spoil] of damage) {
      const dir = join(folder, 'bad');
      cpSync(good, dir, { recursive: true });
      spoil(dir);
      expect(() => TokenShards.open(dir)).toThrow(message);
      rmSync(dir, { recursive: true });
    }
    expect(() => TokenShards.open(join(folder, 'none'))).toThrow(
      expect.objectContaining({ code: 'file-not-found' }) as Error,
    );
  });

  it('refuses offsets that run backwards', async () => {
    const dir = join(folder, 's');
    await write(dir, [[2, 9], [2]], vocabularyOf(20));
    const offsets = readFileSync(join(dir, 'offsets.bin'));
    offsets.writeBigUInt64LE(99n, 8);
    writeFileSync(join(dir, 'offsets.bin'), offsets);
    const shards = TokenShards.open(dir);
    expect(() => shards.read(0)).toThrow(expect.objectContaining({ code: 'file-format' }) as Error);
    shards.close();
  });
});

describe('TokenShardsWriter', () => {
  it('shows the folder only when it is whole', async () => {
    const dir = join(folder, 's');
    const writer = await TokenShardsWriter.create(dir, vocabularyOf(20));
    await writer.append([2, 3]);
    expect(readdirSync(folder)).not.toContain('s');
    await writer.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('clears away what a process that is gone left, and nothing of a living one', async () => {
    const dead = join(folder, '.s.partial-999999999-0123abcd');
    const living = join(folder, `.s.partial-${process.pid}-0123abcd`);
    const other = join(folder, '.t.partial-999999999-0123abcd');
    for (const path of [dead, living, other]) mkdirSync(path);
    await write(join(folder, 's'), [[2]], vocabularyOf(20));
    expect(readdirSync(folder).sort()).toEqual(
      [living, other, join(folder, 's')].map((path) => path.slice(folder.length + 1)).sort(),
    );
  });
});
