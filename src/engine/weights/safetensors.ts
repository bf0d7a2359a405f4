import type { FileHandle } from 'node:fs/promises';
import { writeAtomic } from './atomic-write';
import { readWholeFile, readWholeFileSync } from './read-file';
import { parseSafetensors, type Safetensors } from './safetensors-header';
import { BYTES_PER_ELEMENT, elementCount, type StoredTensor } from './stored-tensor';
import { AppError } from '../../shared/errors';

export type { Safetensors } from './safetensors-header';

/** One write call of the system handles less than 2 GiB; weights may be larger. */
const PIECE = 256 * 1024 * 1024;

/**
 * Reads a safetensors file, or its bytes. Tensors are views on one buffer wherever alignment allows, so keep or drop
 * them together.
 *
 * @throws AppError `file-not-found`, `file-unreadable`, or `model-format` for anything that is not a whole, sound file
 */
export async function readSafetensors(source: string | Uint8Array): Promise<Safetensors> {
  if (typeof source !== 'string') return parseSafetensors(source, 'safetensors');
  return parseSafetensors(await readWholeFile(source), source);
}

/** {@link readSafetensors} for code that must not wait. */
export function readSafetensorsSync(source: string | Uint8Array): Safetensors {
  if (typeof source !== 'string') return parseSafetensors(source, 'safetensors');
  return parseSafetensors(readWholeFileSync(source), source);
}

/**
 * Writes tensors and string metadata as a safetensors file, atomically and tensor by tensor (no second copy of the
 * weights in memory). Data starts at a multiple of 8 bytes and wider element types come first, so that a reader can use
 * views; within one type the order of the map is kept.
 *
 * @throws AppError `bad-input` when a shape does not fit its data, `disk-full`, `file-unreadable`
 */
export async function writeSafetensors(
  file: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { header, order } = layOut(tensors, metadata);
  await writeAtomic(file, async (handle) => {
    await writeAll(handle, header);
    for (const tensor of order) await writeAll(handle, bytesOf(tensor));
  });
}

/** The same content as {@link writeSafetensors} in one array, for small models and tests. */
export function safetensorsToBytes(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { header, order } = layOut(tensors, metadata);
  return new Uint8Array(Buffer.concat([header, ...order.map(bytesOf)]));
}

function layOut(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>>,
): { header: Uint8Array; order: readonly StoredTensor[] } {
  // Widest elements first keeps every tensor aligned without gaps, which the format forbids; the sort is stable.
  const entries = [...tensors].sort((a, b) => BYTES_PER_ELEMENT[b[1].dtype] - BYTES_PER_ELEMENT[a[1].dtype]);
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (Object.keys(metadata).length > 0) fields['__metadata__'] = metadata;
  let offset = 0;
  for (const [name, tensor] of entries) {
    const expected = elementCount(tensor.shape);
    if (
      name === '__metadata__' ||
      expected !== tensor.data.length ||
      bytesOf(tensor).length !== expected * BYTES_PER_ELEMENT[tensor.dtype]
    ) {
      throw new AppError(
        'bad-input',
        `Tensor '${name}' (${tensor.dtype}) of shape [${tensor.shape.join(', ')}] needs ${expected} elements, got ${tensor.data.length}.`,
        { data: { name, shape: tensor.shape, dtype: tensor.dtype, got: tensor.data.length } },
      );
    }
    const end = offset + tensor.data.byteLength;
    fields[name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(fields), 'utf8');
  const padded = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(header, 8);
  return { header, order: entries.map(([, tensor]) => tensor) };
}

function bytesOf({ data }: StoredTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, Math.min(PIECE, bytes.length - at));
    at += bytesWritten;
  }
}
