import { inflateRawSync } from 'node:zlib';
import { modelFormatError } from './file-error';

/** An entry of a zip archive, as its central directory describes it. */
interface ZipEntry {
  readonly name: string;
  readonly method: number; // 0 stored, 8 deflated
  readonly packed: number; // bytes in the archive
  readonly size: number; // bytes unpacked
  readonly crc: number;
  readonly headerAt: number; // position of the local header
}

const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
/** A 32-bit field with this value says that the true one is in the zip64 part. */
const SEE_ZIP64 = 0xffffffff;

/** Weights hardly shrink when packed; what unpacks to more than this many times its size is a trap. */
const LARGEST_RATIO = 50;
const SMALL_ENTRY = 1024 * 1024;
const MOST_ENTRIES = 100_000;

/**
 * A zip archive in memory, read by exact entry name; nothing is ever written to disk. Sizes are checked before anything
 * is unpacked, contents by their checksum after.
 */
export class ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  readonly #entries = new Map<string, ZipEntry>();

  /** @throws AppError `model-format` */
  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#readDirectory();
  }

  /** Whether the bytes begin as a zip archive does. */
  static looksLikeOne(bytes: Uint8Array): boolean {
    return bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Unpacked size of an entry in bytes, or null when there is none of that name. */
  sizeOf(name: string): number | null {
    return this.#entries.get(name)?.size ?? null;
  }

  /**
   * The content of an entry; a view on the archive when it is stored as it is.
   * @throws AppError `model-format` when missing, truncated, packed suspiciously well, or damaged
   */
  read(name: string): Uint8Array {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw this.#error(`there is no entry '${name}' in the archive.`);
    const packed = this.#packedBytes(entry);
    const content = entry.method === 0 ? packed : this.#inflate(entry, packed);
    if (content.length !== entry.size) {
      throw this.#error(`entry '${name}' should have ${entry.size} bytes, got ${content.length}.`);
    }
    if (crc32(content) !== entry.crc) throw this.#error(`the checksum of entry '${name}' is wrong.`);
    return content;
  }

  #packedBytes(entry: ZipEntry): Uint8Array {
    const { headerAt } = entry;
    if (headerAt + 30 > this.#bytes.length || this.#view.getUint32(headerAt, true) !== LOCAL_ENTRY) {
      throw this.#error(`entry '${entry.name}' is not where the directory says.`);
    }
    const nameLength = this.#view.getUint16(headerAt + 26, true);
    const extraLength = this.#view.getUint16(headerAt + 28, true);
    const start = headerAt + 30 + nameLength + extraLength;
    if (start + entry.packed > this.#bytes.length) throw this.#error(`entry '${entry.name}' is cut off.`);
    return this.#bytes.subarray(start, start + entry.packed);
  }

  #inflate(entry: ZipEntry, packed: Uint8Array): Uint8Array {
    if (entry.method !== 8)
      throw this.#error(`entry '${entry.name}' is packed by an unknown method (${entry.method}).`);
    if (entry.size > SMALL_ENTRY && entry.size > entry.packed * LARGEST_RATIO) {
      throw this.#error(`entry '${entry.name}' claims to unpack ${entry.packed} bytes to ${entry.size}.`);
    }
    try {
      return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) });
    } catch (error) {
      throw this.#error(`entry '${entry.name}' cannot be unpacked to ${entry.size} bytes.`, error);
    }
  }

  #readDirectory(): void {
    const { count, size, start } = this.#findDirectory();
    if (count > MOST_ENTRIES) throw this.#error(`the archive has ${count} entries.`);
    if (start + size > this.#bytes.length) throw this.#error('the directory of the archive lies outside the file.');
    let at = start;
    for (let i = 0; i < count; i++) at = this.#readEntry(at, start + size);
  }

  /** Reads one directory entry and gives the position after it. */
  #readEntry(at: number, end: number): number {
    if (at + 46 > end || this.#view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw this.#error('the directory of the archive is damaged.');
    }
    const nameEnd = at + 46 + this.#view.getUint16(at + 28, true);
    const extraEnd = nameEnd + this.#view.getUint16(at + 30, true);
    const after = extraEnd + this.#view.getUint16(at + 32, true);
    if (after > end) throw this.#error('the directory of the archive is damaged.');
    if ((this.#view.getUint16(at + 8, true) & 1) === 1) throw this.#error('the archive is encrypted.');
    const name = new TextDecoder().decode(this.#bytes.subarray(at + 46, nameEnd));
    if (this.#entries.has(name)) throw this.#error(`the archive has two entries '${name}'.`);
    const short = [24, 20, 42].map((field) => this.#view.getUint32(at + field, true));
    const [size = 0, packed = 0, headerAt = 0] = this.#fromZip64(short, nameEnd, extraEnd);
    const method = this.#view.getUint16(at + 10, true);
    this.#entries.set(name, { name, method, packed, size, crc: this.#view.getUint32(at + 16, true), headerAt });
    return after;
  }

  /** Replaces fields that are too large for 32 bits by those of the zip64 extra field, in its fixed order. */
  #fromZip64(fields: readonly number[], at: number, end: number): number[] {
    if (!fields.includes(SEE_ZIP64)) return [...fields];
    for (let extra = at; extra + 4 <= end;) {
      const length = this.#view.getUint16(extra + 2, true);
      if (this.#view.getUint16(extra, true) === 1) {
        let next = extra + 4;
        return fields.map((field) => {
          if (field !== SEE_ZIP64) return field;
          if (next + 8 > extra + 4 + length || next + 8 > end) throw this.#error('a zip64 field is missing.');
          next += 8;
          return this.#wide(next - 8);
        });
      }
      extra += 4 + length;
    }
    throw this.#error('a zip64 field is missing.');
  }

  #findDirectory(): { count: number; size: number; start: number } {
    // the record is last, but for a comment of at most 65,535 bytes
    const earliest = Math.max(0, this.#bytes.length - 22 - 0xffff);
    for (let at = this.#bytes.length - 22; at >= earliest; at--) {
      if (this.#view.getUint32(at, true) !== END_OF_DIRECTORY) continue;
      const count = this.#view.getUint16(at + 10, true);
      const size = this.#view.getUint32(at + 12, true);
      const start = this.#view.getUint32(at + 16, true);
      if (count !== 0xffff && size !== SEE_ZIP64 && start !== SEE_ZIP64) return { count, size, start };
      return this.#findDirectory64(at - 20);
    }
    throw this.#error('the archive is cut off: its directory is missing.');
  }

  #findDirectory64(locator: number): { count: number; size: number; start: number } {
    if (locator >= 0 && this.#view.getUint32(locator, true) === LOCATOR_64) {
      const at = this.#wide(locator + 8);
      if (at + 56 <= this.#bytes.length && this.#view.getUint32(at, true) === END_OF_DIRECTORY_64) {
        return { count: this.#wide(at + 32), size: this.#wide(at + 40), start: this.#wide(at + 48) };
      }
    }
    throw this.#error('the zip64 directory of the archive is missing.');
  }

  /** A 64-bit number as a position; larger than any file counts as outside. */
  #wide(at: number): number {
    const value = this.#view.getBigUint64(at, true);
    return value > BigInt(Number.MAX_SAFE_INTEGER / 4) ? Number.MAX_SAFE_INTEGER / 4 : Number(value);
  }

  #error(message: string, cause?: unknown): Error {
    return modelFormatError(this.#file, message, {}, cause);
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The checksum of zip archives. zlib.crc32 came only with Node 20.15 and 22.2. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc = (CRC_TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
