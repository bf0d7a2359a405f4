import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { SPECIAL_TOKENS } from '../../../src/engine/text/special-tokens';
import { importFastaiWeights } from '../../../src/engine/weights/fastai-import';
import { readSafetensorsSync, writeSafetensors } from '../../../src/engine/weights/safetensors';
import { withSpecialTokensFirst } from '../../../src/engine/weights/special-tokens-first';
import { parseTorchFile } from '../../../src/engine/weights/torch-file';
import { readVocabularies } from '../../../src/engine/weights/vocabulary-file';

const root = join(__dirname, '../../fixtures/parity');
const scratch = mkdtempSync(join(tmpdir(), 'thaw-import-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const sizes = {
  small: { kind: 'awd-lstm', vocab: 40, embedding: 12, hidden: 16, layers: 3 },
  'two-layer': { kind: 'awd-lstm', vocab: 64, embedding: 20, hidden: 24, layers: 2 },
};
const files: [weights: string, vocabulary: string][] = [
  ['model_v2.pth', 'vocab_v2.pkl'],
  ['model_v2_with_opt.pth', 'vocab_v2.pkl'],
  ['legacy_wt103.h5', 'itos_wt103.pkl'],
];
const cases = (Object.keys(sizes) as (keyof typeof sizes)[]).flatMap((size) =>
  files.map((pair) => [size, ...pair] as const),
);
const model = join(root, 'small/fastai-files/model_v2.pth');
const vocabulary = join(root, 'small/fastai-files/vocab_v2.pkl');

/** A changed copy of a file under a name of its own. */
function changed(name: string, bytes: Uint8Array): string {
  const file = join(scratch, name);
  writeFileSync(file, bytes);
  return file;
}

describe('fastai weights', () => {
  it.each(cases)('of %s/%s hold exactly the tensors that PyTorch had', async (size, weightsFile, vocabFile) => {
    const imported = await importFastaiWeights(
      join(root, size, 'fastai-files', weightsFile),
      join(root, size, 'fastai-files', vocabFile),
    );
    expect(imported.config).toEqual(sizes[size]);
    const expected = readSafetensorsSync(join(root, size, 'fastai-files', 'tensors.safetensors')).tensors;
    expect([...imported.tensors.keys()].map((name) => `param.${name}`).sort()).toEqual([...expected.keys()].sort());
    const legacy = weightsFile.startsWith('legacy');
    for (const [name, tensor] of imported.tensors) {
      const want = expected.get(`param.${name}`);
      expect(tensor.shape, name).toEqual(want?.shape);
      // fast.ai 0.7 had no decoder bias
      if (legacy && name === '1.decoder.bias') expect(tensor.data).toEqual(new Float32Array(sizes[size].vocab));
      else expect(tensor.data, name).toEqual(want?.data);
    }
    expect(imported.vocabulary).toHaveLength(sizes[size].vocab);
    expect(imported.vocabulary.slice(0, 2)).toEqual(['xxunk', 'xxpad']);
    expect(imported.vocabulary.slice(-1)[0]).toMatch(/^w(ord)?\d+$/);
    expect(imported.notes.length > 0).toBe(legacy);
  });

  it('come from safetensors and from an encoder file without prefix too', async () => {
    const { tensors } = readSafetensorsSync(join(root, 'small/fastai-files/tensors.safetensors'));
    const encoder = new Map(
      [...tensors]
        .filter(([name]) => name.startsWith('param.0.'))
        .map(([name, tensor]) => [name.slice(8), tensor] as const),
    );
    const file = join(scratch, 'encoder.safetensors');
    await writeSafetensors(file, encoder);
    const imported = await importFastaiWeights(file, vocabulary);
    expect(imported.config).toEqual(sizes.small);
    expect(imported.tensors.get('1.decoder.weight')).toEqual(imported.tensors.get('0.encoder.weight'));
    expect(imported.notes.join(' ')).toMatch(/no decoder.*no bias/);
  });

  it('get the special tokens of Thaw in front, each word once, rows moved along', async () => {
    const imported = await importFastaiWeights(
      join(root, 'small/fastai-files/legacy_wt103.h5'),
      join(root, 'small/fastai-files/itos_wt103.pkl'),
    );
    const arranged = withSpecialTokensFirst({
      ...imported,
      vocabulary: imported.vocabulary.map((w) => (w === 'w3' ? 'w2' : w)),
    });
    expect(arranged.vocabulary.slice(0, 9)).toEqual(SPECIAL_TOKENS);
    expect(new Set(arranged.vocabulary).size).toBe(arranged.vocabulary.length);
    expect(arranged.config.vocab).toBe(40 + 7 - 1);
    const before = imported.tensors.get('0.encoder.weight')?.data ?? new Float32Array();
    const after = arranged.tensors.get('0.encoder.weight');
    expect(after?.shape).toEqual([46, 12]);
    const row = (data: Float32Array | undefined, id: number): number[] => [
      ...(data ?? []).slice(id * 12, id * 12 + 12),
    ];
    expect(row(after?.data, 0)).toEqual(row(before, 0));
    for (const word of ['the', 'w2', 'w34']) {
      const [from, to] = [imported.vocabulary.indexOf(word), arranged.vocabulary.indexOf(word)];
      expect(row(after?.data, to)).toEqual(row(before, from));
    }
    const mean = row(before, 0).map((_, c) => before.filter((_v, i) => i % 12 === c).reduce((a, b) => a + b) / 40);
    row(after?.data, 2).forEach((value, c) => expect(value).toBeCloseTo(mean[c] ?? NaN, 5)); // xxbos is new
    expect(arranged.tensors.get('1.decoder.bias')?.shape).toEqual([46]);
    expect(arranged.notes.join(' ')).toContain('xxbos');
  });

  it('are refused when words and rows do not match, or nothing fits', async () => {
    await expect(importFastaiWeights(model, join(root, 'two-layer/fastai-files/vocab_v2.pkl'))).rejects.toThrow(
      /64 words.*40/,
    );
    await expect(importFastaiWeights(vocabulary, vocabulary)).rejects.toMatchObject({ code: 'model-format' });
    await expect(importFastaiWeights(model, model)).rejects.toMatchObject({ code: 'model-format' });
    await expect(importFastaiWeights(join(scratch, 'none.pth'), vocabulary)).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });

  it.each(['model_v2.pth', 'legacy_wt103.h5', 'vocab_v2.pkl', 'itos_wt103.pkl'])(
    'cut off anywhere or with any byte changed, %s gives an error or a value, never a crash',
    async (name) => {
      const bytes = new Uint8Array(readFileSync(join(root, 'small/fastai-files', name)));
      const isVocabulary = name.endsWith('.pkl');
      const read = async (content: Uint8Array): Promise<void> => {
        if (isVocabulary) await readVocabularies(changed('damaged', content));
        else await importFastaiWeights(changed('damaged', content), vocabulary);
      };
      const step = isVocabulary ? 1 : 401;
      for (let length = 0; length < bytes.length; length += step) {
        await expect(read(bytes.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({
          code: 'model-format',
        });
      }
      for (let at = 0; at < bytes.length; at += isVocabulary ? 1 : 61) {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ (1 + (at % 255));
        await read(damaged).catch((error: unknown) => expect(error).toMatchObject({ code: 'model-format' }));
      }
    },
  );
});

describe('torch zip files', () => {
  const entries = unzipSync(readFileSync(model));
  const value = (archive: Uint8Array): unknown => parseTorchFile(archive, 'x.pth').value;
  const load = (archive: Uint8Array): Promise<unknown> =>
    importFastaiWeights(changed('archive.pth', archive), vocabulary);

  it('may be packed again', async () => {
    expect((await load(zipSync(entries, { level: 9 }))) as object).toMatchObject({ config: sizes.small });
  });

  it('must have exactly one description, one level deep, of little-endian weights and not of a program', () => {
    const rename = (from: string, to: string): Record<string, Uint8Array> =>
      Object.fromEntries(Object.entries(entries).map(([name, data]) => [name === from ? to : name, data]));
    const description = entries['model_v2/data.pkl'] ?? new Uint8Array();
    expect(() => value(zipSync(rename('model_v2/data.pkl', '../../data.pkl')))).toThrow(/one data.pkl/);
    expect(() => value(zipSync({ ...entries, 'other/data.pkl': description }))).toThrow(/one data.pkl.*got 2/);
    expect(() => value(zipSync({ ...entries, 'model_v2/byteorder': Buffer.from('big') }))).toThrow(/byte order 'big'/);
    expect(() => value(zipSync({ ...entries, 'model_v2/constants.pkl': description }))).toThrow(/TorchScript/);
  });

  it('with a storage missing, of another size or with a wrong checksum are refused', async () => {
    const without = Object.fromEntries(Object.entries(entries).filter(([name]) => name !== 'model_v2/data/0'));
    await expect(load(zipSync(without))).rejects.toThrow(/model_v2\/data\/0.*no such entry/);
    await expect(load(zipSync({ ...entries, 'model_v2/data/0': new Uint8Array(8) }))).rejects.toThrow(
      /1920 bytes, got 8/,
    );
    const flipped = zipSync(entries, { level: 0 });
    const at = Buffer.from(flipped).indexOf(Buffer.from(entries['model_v2/data/0'] ?? []));
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    await expect(load(flipped)).rejects.toThrow(/checksum of entry 'model_v2\/data\/0'/);
  });

  it('that unpack to far more than they hold are refused before anything is unpacked', () => {
    const bomb = zipSync({ 'm/data.pkl': new Uint8Array(6 * 1024 * 1024) }, { level: 9 });
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => value(bomb)).toThrow(/claims to unpack/);
    // and one whose directory understates the size
    const honest = zipSync({ 'm/data.pkl': new Uint8Array(5_000_000) }, { level: 9 });
    const view = new DataView(honest.buffer, honest.byteOffset, honest.byteLength);
    const directory = view.getUint32(honest.length - 6, true);
    view.setUint32(directory + 24, 1000, true);
    expect(() => value(honest)).toThrow(/cannot be unpacked to 1000 bytes/);
  });

  it('with two entries of one name are refused', () => {
    const twice = Buffer.from(zipSync({ 'm/data.pkl': Buffer.from('.'), 'm/dato.pkl': Buffer.from('.') }));
    for (let at = twice.indexOf('dato'); at >= 0; at = twice.indexOf('dato')) twice.write('data', at);
    expect(() => value(new Uint8Array(twice))).toThrow(/two entries 'm\/data.pkl'/);
  });
});
