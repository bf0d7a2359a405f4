import { modelFormatError } from './file-error';
import { readPickle } from './pickle';
import { BYTES_PER_ELEMENT, elementCount, viewElements, type StoredTensor } from './stored-tensor';
import { countsOf, isCount, storageOf, TORCH_NAMES, type TorchTensor, type TorchStorage } from './torch-pickle';
import { ZipArchive } from './zip-archive';

/** The first pickle of a file that torch.save wrote before version 1.6. */
const LEGACY_MAGIC = 119547037146038801333356n;
const LEGACY_PROTOCOL = 1001;
/** The description beside the weights is some kilobytes; an optimiser's adds some more. */
const LARGEST_DESCRIPTION = 64 * 1024 * 1024;

/** What torch.save wrote: plain data with {@link TorchTensor}s in it, and a way to their numbers. */
export interface TorchFile {
  readonly value: unknown;
  /** @throws AppError `model-format` when a tensor does not fit its storage */
  load(tensor: TorchTensor, name: string): StoredTensor;
}

/**
 * Reads a file of torch.save, of the zip format (since 1.6) or the older plain one. Nothing in it is executed.
 *
 * @param file what to call the bytes in messages
 * @throws AppError `model-format` for anything else, for damage, and for names that do not belong in such a file
 */
export function parseTorchFile(bytes: Uint8Array, file: string): TorchFile {
  if (ZipArchive.looksLikeOne(bytes)) return parseZipFormat(bytes, file);
  if (bytes[0] === 0x89 && bytes[1] === 0x48 && bytes[2] === 0x44) {
    throw modelFormatError(file, 'is an HDF5 file, not one of torch.save (the files of fast.ai named .h5 are).');
  }
  return parseLegacyFormat(bytes, file);
}

function parseZipFormat(bytes: Uint8Array, file: string): TorchFile {
  const archive = new ZipArchive(bytes, file);
  const descriptions = archive.names.filter((name) => name.endsWith('/data.pkl') && name.split('/').length === 2);
  const [description] = descriptions;
  if (description === undefined || descriptions.length > 1) {
    throw modelFormatError(file, `expected one data.pkl in the archive, got ${descriptions.length}.`);
  }
  const root = description.slice(0, -'data.pkl'.length);
  if (archive.names.includes(`${root}constants.pkl`)) {
    throw modelFormatError(file, 'is a TorchScript program; expected weights (a state dict).');
  }
  if (archive.names.includes(`${root}byteorder`)) {
    const order = new TextDecoder().decode(archive.read(`${root}byteorder`));
    if (order !== 'little') throw modelFormatError(file, `has byte order '${order}'; expected little.`);
  }
  if ((archive.sizeOf(description) ?? 0) > LARGEST_DESCRIPTION)
    throw modelFormatError(file, 'its data.pkl is far too large.');
  const storages = new Map<string, Uint8Array>();
  return readDescription(archive.read(description), 0, file, (storage) => {
    const known = storages.get(storage.key);
    if (known !== undefined) return known;
    const entry = `${root}data/${storage.key}`;
    const size = archive.sizeOf(entry);
    const expected = storage.count * BYTES_PER_ELEMENT[storage.dtype];
    if (size !== expected) {
      throw modelFormatError(file, `entry '${entry}' should have ${expected} bytes, got ${size ?? 'no such entry'}.`);
    }
    const content = archive.read(entry);
    storages.set(storage.key, content);
    return content;
  }).file;
}

/** Five pickles (magic number, protocol, machine, value, storage keys), then for each key a count and the numbers. */
function parseLegacyFormat(bytes: Uint8Array, file: string): TorchFile {
  const plain = { allowed: new Map() };
  const magic = startsLikePickle(bytes) ? readPickle(bytes, file, plain) : null;
  if (magic?.value !== LEGACY_MAGIC) throw modelFormatError(file, 'is not a file that torch.save wrote.');
  const protocol = readPickle(bytes, file, plain, magic.end);
  if (protocol.value !== LEGACY_PROTOCOL)
    throw modelFormatError(file, `has torch protocol ${String(protocol.value)}; expected ${LEGACY_PROTOCOL}.`);
  const machine = readPickle(bytes, file, plain, protocol.end);
  if (!(machine.value instanceof Map) || machine.value.get('little_endian') !== true) {
    throw modelFormatError(file, 'was not written by a little-endian machine.');
  }
  const places = new Map<string, { at: number; count: number }>();
  const description = readDescription(bytes, machine.end, file, (storage) => {
    const place = places.get(storage.key);
    if (place === undefined) throw modelFormatError(file, `has no numbers for storage '${storage.key}'.`);
    const length = storage.count * BYTES_PER_ELEMENT[storage.dtype];
    if (place.count !== storage.count) {
      throw modelFormatError(
        file,
        `storage '${storage.key}' should have ${storage.count} numbers, got ${place.count}.`,
      );
    }
    return bytes.subarray(place.at, place.at + length);
  });
  const keys = readPickle(bytes, file, plain, description.end);
  if (!Array.isArray(keys.value)) throw modelFormatError(file, 'has no list of storages.');
  locateStorages(bytes, file, keys.value as readonly unknown[], keys.end, description.storages, places);
  return description.file;
}

function startsLikePickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1] === 2 && bytes[2] === 0x8a;
}

function locateStorages(
  bytes: Uint8Array,
  file: string,
  keys: readonly unknown[],
  start: number,
  storages: ReadonlyMap<string, TorchStorage>,
  places: Map<string, { at: number; count: number }>,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) throw modelFormatError(file, `lists a storage '${String(key)}' that no tensor uses.`);
    if (at + 8 > bytes.length) throw modelFormatError(file, `is cut off before storage '${storage.key}'.`);
    const count = Number(view.getBigInt64(at, true));
    const end = at + 8 + count * BYTES_PER_ELEMENT[storage.dtype];
    if (!isCount(count) || !(end <= bytes.length)) {
      throw modelFormatError(
        file,
        `is cut off: storage '${storage.key}' of ${count} numbers ends at byte ${end} of ${bytes.length}.`,
      );
    }
    places.set(storage.key, { at: at + 8, count });
    at = end;
  }
}

interface Description {
  readonly file: TorchFile;
  readonly end: number;
  readonly storages: ReadonlyMap<string, TorchStorage>;
}

function readDescription(
  bytes: Uint8Array,
  start: number,
  file: string,
  bytesOf: (storage: TorchStorage) => Uint8Array,
): Description {
  const storages = new Map<string, TorchStorage>();
  const persistent = (id: unknown): TorchStorage => {
    const storage = storageOf(id);
    if (storage === null) throw modelFormatError(file, 'refers to a storage in an unknown way.');
    const known = storages.get(storage.key) ?? storage;
    if (known.dtype !== storage.dtype || known.count !== storage.count) {
      throw modelFormatError(file, `describes storage '${storage.key}' in two ways.`);
    }
    storages.set(storage.key, known);
    return known;
  };
  const { value, end } = readPickle(bytes, file, { allowed: TORCH_NAMES, persistent }, start);
  const load = (tensor: TorchTensor, name: string): StoredTensor => {
    const storage = [...storages.values()].find((each) => each === tensor.storage);
    if (storage === undefined) throw modelFormatError(file, `tensor '${name}' has no storage.`);
    return cutOut(tensor, storage, bytesOf(storage), (message) =>
      modelFormatError(file, `tensor '${name}' ${message}`),
    );
  };
  return { file: { value, load }, end, storages };
}

/** The window of a tensor on its storage: a view when it is contiguous, else a copy. */
function cutOut(
  tensor: TorchTensor,
  storage: TorchStorage,
  bytes: Uint8Array,
  error: (message: string) => Error,
): StoredTensor {
  const shape = countsOf(tensor.shape);
  const strides = countsOf(tensor.strides);
  const { offset } = tensor;
  if (shape === null || strides === null || shape.length !== strides.length || !isCount(offset)) {
    throw error('has no whole sizes, strides and offset.');
  }
  const count = elementCount(shape);
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] as number), offset);
  // more elements than the storage has would be the same numbers over and over: not weights, but a way to fill memory
  if (!(count <= storage.count) || (count > 0 && !(last < storage.count))) {
    throw error(`of shape [${shape.join(', ')}] does not fit its storage of ${storage.count} numbers.`);
  }
  const { dtype } = storage;
  if (isContiguous(shape, strides)) {
    return { dtype, shape, data: viewElements(bytes, offset * BYTES_PER_ELEMENT[dtype], dtype, count) };
  }
  const all = viewElements(bytes, 0, dtype, storage.count);
  const data = all.slice(0, count);
  const position = new Array<number>(shape.length).fill(0);
  for (let i = 0, from = offset; i < count; i++) {
    data[i] = all[from] as never;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      from += stride;
      position[axis] = (position[axis] as number) + 1;
      if ((position[axis] as number) < (shape[axis] as number)) break;
      from -= stride * (shape[axis] as number);
      position[axis] = 0;
    }
  }
  return { dtype, shape, data };
}

/** Row-major without gaps; the stride of an axis of size 1 does not matter. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis] as number;
  }
  return true;
}
