import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  readSafetensors,
  readSafetensorsSync,
  safetensorsToBytes,
  writeSafetensors,
} from '../../../src/engine/weights/safetensors';
import { toFloat32, type StoredTensor } from '../../../src/engine/weights/stored-tensor';

const folder = mkdtempSync(join(tmpdir(), 'thaw-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everyType = new Map<string, StoredTensor>([
  ['bytes', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 255) }],
  ['half', { dtype: 'F16', shape: [4], data: Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00) }],
  ['floats', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-30, NaN) }],
  ['brain', { dtype: 'BF16', shape: [2], data: Uint16Array.of(0x3fc0, 0xc380) }],
  ['long', { dtype: 'I64', shape: [], data: BigInt64Array.of(-(2n ** 60n)) }],
  ['int', { dtype: 'I32', shape: [1], data: Int32Array.of(-7) }],
  ['small', { dtype: 'I8', shape: [5], data: Int8Array.of(-1, -2, 3, 4, 5) }],
  ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) }],
  ['__proto__', { dtype: 'F32', shape: [1], data: Float32Array.of(9) }],
]);

/** A file with the given header text and data bytes. */
function fileOf(header: string, data: number): Uint8Array {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(data)]);
}

describe('safetensors', () => {
  it('reads back every element type, shape and metadata it wrote', async () => {
    const file = join(folder, 'sub', 'all.safetensors');
    await writeSafetensors(file, everyType, { format: 'thaw', naïve: 'ü' });
    for (const read of [await readSafetensors(file), readSafetensorsSync(file)]) {
      expect(read.metadata).toEqual({ format: 'thaw', naïve: 'ü' });
      expect([...read.tensors.keys()].sort()).toEqual([...everyType.keys()].sort());
      for (const [name, tensor] of everyType) expect(read.tensors.get(name)).toEqual(tensor);
    }
    expect(readdirSync(join(folder, 'sub'))).toEqual(['all.safetensors']); // no temporary file left
    expect(Buffer.compare(readFileSync(file), safetensorsToBytes(everyType, { format: 'thaw', naïve: 'ü' }))).toBe(0);
  });

  it('gives views on the file buffer, and copies only where alignment forbids a view', () => {
    const { tensors } = readSafetensorsSync(safetensorsToBytes(everyType));
    expect(new Set([...tensors.values()].map((t) => t.data.buffer)).size).toBe(1);
    const odd = new Uint8Array(safetensorsToBytes(everyType).length + 1);
    odd.set(safetensorsToBytes(everyType), 1);
    expect(readSafetensorsSync(odd.subarray(1)).tensors.get('floats')).toEqual(everyType.get('floats'));
  });

  it('converts 16-bit floats and integers to 32-bit floats', () => {
    const of = (name: string): number[] => [...toFloat32(everyType.get(name) as StoredTensor)];
    expect(of('half')).toEqual([1, -2, 2 ** -24, Infinity]);
    expect(of('brain')).toEqual([1.5, -256]);
    expect(of('long')).toEqual([-(2 ** 60)]);
    expect(of('small')).toEqual([-1, -2, 3, 4, 5]);
  });

  const oneFloat = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const broken: [string, Uint8Array, RegExp][] = [
    ['an empty file', new Uint8Array(0), /at least 8 bytes/],
    ['a header longer than the file', Buffer.from('ffffffffffffff7f', 'hex'), /only 0 bytes follow/],
    ['a header that is not JSON', fileOf('{"a":', 0), /not JSON/],
    ['a header that is not UTF-8', Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe])]), /not JSON/],
    ['a header that is a list', fileOf('[]', 0), /not a JSON object/],
    ['data cut short', fileOf(oneFloat, 3), /describes 4 bytes of data, the file has 3/],
    ['data after the end', fileOf(oneFloat, 5), /describes 4 bytes/],
    ['a shape that does not fit its offsets', fileOf(oneFloat.replace('[1]', '[2]'), 4), /needs 8 bytes/],
    ['a negative size', fileOf(oneFloat.replace('[1]', '[-1]'), 4), /no shape/],
    ['a fractional size', fileOf(oneFloat.replace('[1]', '[1.5]'), 4), /no shape/],
    [
      'a shape whose product overflows',
      fileOf(oneFloat.replace('[1]', '[9007199254740991,9007199254740991]'), 4),
      /needs/,
    ],
    ['an unknown element type', fileOf(oneFloat.replace('F32', 'F8_E4M3'), 4), /F8_E4M3.*known are/],
    [
      'overlapping tensors',
      fileOf(
        `{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`,
        8,
      ),
      /'b' should start at byte 8/,
    ],
    [
      'a gap between tensors',
      fileOf(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8),
      /'a' should start at byte 0/,
    ],
    ['a tensor without description', fileOf('{"a":1}', 0), /no description/],
    ['metadata that is not text', fileOf('{"__metadata__":{"x":1}}', 0), /not a string/],
  ];
  it.each(broken)('refuses %s with a clear message', (_what, bytes, message) => {
    expect(() => readSafetensorsSync(bytes)).toThrow(message);
    expect(() => readSafetensorsSync(bytes)).toThrow(expect.objectContaining({ code: 'model-format' }));
  });

  it('refuses every truncation and survives every flipped header byte', () => {
    const whole = safetensorsToBytes(everyType, { a: 'b' });
    for (let length = 0; length < whole.length; length++) {
      expect(() => readSafetensorsSync(whole.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'model-format' }),
      );
    }
    for (let at = 0; at < whole.length; at++) {
      const damaged = Uint8Array.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x15;
      try {
        readSafetensorsSync(damaged);
      } catch (error) {
        expect(error).toMatchObject({ code: 'model-format' });
      }
    }
  });

  it('names the file when it is missing, and does not write a tensor that does not fit its shape', async () => {
    await expect(readSafetensors(join(folder, 'missing'))).rejects.toMatchObject({ code: 'file-not-found' });
    const wrong = new Map([['w', { dtype: 'F32', shape: [2, 2], data: new Float32Array(3) } as const]]);
    await expect(writeSafetensors(join(folder, 'wrong'), wrong)).rejects.toMatchObject({ code: 'bad-input' });
    const file = join(folder, 'cut');
    writeFileSync(file, safetensorsToBytes(everyType).subarray(0, 40));
    await expect(readSafetensors(file)).rejects.toThrow(file);
  });
});
