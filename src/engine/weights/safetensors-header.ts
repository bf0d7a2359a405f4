import { modelFormatError } from './file-error';
import {
  BYTES_PER_ELEMENT,
  elementCount,
  isStoredDtype,
  viewElements,
  type StoredDtype,
  type StoredTensor,
} from './stored-tensor';

/** What a safetensors file holds; tensors in the order of their data. */
export interface Safetensors {
  readonly tensors: Map<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The reference implementation refuses larger headers too. */
const LARGEST_HEADER = 100_000_000;

/**
 * Takes the bytes of a safetensors file apart: 8 bytes of header length (little-endian), the header as JSON, the data.
 * Every number of the header is checked before it is used: the tensors must tile the data without gap or overlap.
 *
 * @param file what to call the bytes in messages
 * @throws AppError `model-format`
 */
export function parseSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const { header, start } = readHeader(bytes, file);
  const metadata = metadataOf(header, file);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => entryOf(name, value, file))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries) {
    if (entry.begin !== position) {
      throw modelFormatError(
        file,
        `tensor '${entry.name}' should start at byte ${position} of the data, got ${entry.begin}.`,
        {
          tensor: entry.name,
        },
      );
    }
    position = entry.end;
  }
  if (position !== bytes.length - start) {
    throw modelFormatError(
      file,
      `the header describes ${position} bytes of data, the file has ${bytes.length - start}.`,
    );
  }
  for (const { name, dtype, shape, begin } of entries) {
    tensors.set(name, { dtype, shape, data: viewElements(bytes, start + begin, dtype, elementCount(shape)) });
  }
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array, file: string): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) throw modelFormatError(file, `expected at least 8 bytes, got ${bytes.length}.`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (declared > BigInt(Math.min(LARGEST_HEADER, bytes.length - 8))) {
    throw modelFormatError(
      file,
      `the header should be ${declared} bytes long, but only ${bytes.length - 8} bytes follow.`,
    );
  }
  const start = 8 + Number(declared);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start)));
  } catch (error) {
    throw modelFormatError(file, 'the header is not JSON.', {}, error);
  }
  if (!isObject(header)) throw modelFormatError(file, 'the header is not a JSON object.');
  return { header, start };
}

function metadataOf(header: Record<string, unknown>, file: string): Record<string, string> {
  const metadata = header['__metadata__'] ?? {};
  if (!isObject(metadata)) throw modelFormatError(file, '__metadata__ is not an object of strings.');
  const strings: Record<string, string> = {};
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw modelFormatError(file, `__metadata__.${key} is not a string.`);
    strings[key] = value;
  }
  return strings;
}

function entryOf(name: string, value: unknown, file: string): Entry {
  const fail = (message: string): never => {
    throw modelFormatError(file, `tensor '${name}' ${message}`, { tensor: name });
  };
  if (!isObject(value)) return fail('has no description.');
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isStoredDtype(dtype)) {
    return fail(`has element type ${JSON.stringify(dtype)}; known are ${Object.keys(BYTES_PER_ELEMENT).join(', ')}.`);
  }
  if (!isCounts(shape)) return fail('has no shape of whole numbers.');
  if (!isCounts(offsets) || offsets.length !== 2) return fail('has no data_offsets [begin, end].');
  const [begin = 0, end = 0] = offsets;
  const needed = elementCount(shape) * BYTES_PER_ELEMENT[dtype];
  if (!Number.isSafeInteger(needed) || end - begin !== needed) {
    return fail(
      `of shape [${shape.join(', ')}] and type ${dtype} needs ${needed} bytes, its offsets span ${end - begin}.`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}
