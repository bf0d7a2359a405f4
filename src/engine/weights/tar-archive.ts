import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { join, posix } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fileError, modelFormatError } from './file-error';

const BLOCK = 512;
/** Beyond these an archive is damaged or a trap: no model has so many files, and none is so large. */
const MOST_ENTRIES = 10_000;
const MOST_BYTES = 8 * 1024 ** 3;
/** Names of entries that follow in records of their own (GNU 'L', POSIX 'x') are short. */
const LONGEST_RECORD = 64 * 1024;

/** A file that was taken out of an archive. */
export interface TakenFile {
  /** Its name in the archive, without folders. */
  readonly name: string;
  /** Where it lies now. */
  readonly path: string;
  readonly bytes: number;
}

/** How {@link unpackTarGz} unpacks. */
export interface UnpackOptions {
  /** Whether a file of this name (without folders) is wanted; all others are skipped. */
  readonly wanted: (name: string) => boolean;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the packed archive that were read. */
  readonly onProgress?: ((read: number) => void) | undefined;
}

/**
 * Takes some files out of a `.tar.gz` into a folder that exists, one after the other and never all in memory. Folders,
 * links and devices in the archive are left out and paths are cut down to their last part: nothing is ever written
 * anywhere else. Of two files of one name the first counts.
 *
 * @throws AppError `model-format` where it is damaged, cut off or a trap; `file-not-found`, `disk-full`, `file-unreadable`
 */
export async function unpackTarGz(archive: string, folder: string, options: UnpackOptions): Promise<TakenFile[]> {
  const packed = createReadStream(archive, { highWaterMark: 1 << 18 });
  const plain = createGunzip();
  packed.on('error', (error) => plain.destroy(error));
  let read = 0;
  packed.on('data', (chunk) => options.onProgress?.((read += chunk.length)));
  const reader = new TarReader(archive, folder, options.wanted);
  try {
    for await (const chunk of packed.pipe(plain)) {
      options.signal?.throwIfAborted();
      await reader.push(chunk as Buffer);
    }
    return await reader.end();
  } catch (error) {
    await reader.abandon();
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string' && code.startsWith('Z_'))
      throw modelFormatError(archive, 'is no gzip archive, or is cut off.', {}, error);
    if (options.signal?.aborted) throw error;
    throw fileError(archive, 'read', error);
  } finally {
    packed.destroy();
    plain.destroy();
  }
}

interface Entry {
  readonly name: string | null; // null: skipped
  readonly size: number;
  left: number; // bytes of content still to come
  padding: number;
  readonly sink: WriteStream | null;
  /** The content of a record that names the next entry. */
  readonly record: Buffer[] | null;
  readonly type: string;
}

/** Reads the blocks of a tar archive as they come. */
class TarReader {
  readonly #archive: string;
  readonly #folder: string;
  readonly #wanted: (name: string) => boolean;
  readonly #taken = new Map<string, TakenFile>();
  #header: Buffer = Buffer.alloc(0);
  #entry: Entry | null = null;
  #longName: string | null = null;
  #entries = 0;
  #bytes = 0;
  #ended = false;

  constructor(archive: string, folder: string, wanted: (name: string) => boolean) {
    this.#archive = archive;
    this.#folder = folder;
    this.#wanted = wanted;
  }

  async push(chunk: Buffer): Promise<void> {
    let at = 0;
    this.#bytes += chunk.length;
    if (this.#bytes > MOST_BYTES) throw this.#error(`unpacks to more than ${MOST_BYTES} bytes.`);
    while (at < chunk.length && !this.#ended) {
      if (this.#entry === null) {
        const part = chunk.subarray(at, at + BLOCK - this.#header.length);
        this.#header = this.#header.length === 0 ? part : Buffer.concat([this.#header, part]);
        at += part.length;
        if (this.#header.length === BLOCK) await this.#begin(this.#header);
      } else at += await this.#take(this.#entry, chunk.subarray(at));
    }
  }

  async end(): Promise<TakenFile[]> {
    if (this.#entry !== null || (this.#header.length > 0 && !this.#ended)) throw this.#error('is cut off.');
    if (this.#entries === 0) throw this.#error('holds no files.');
    return [...this.#taken.values()];
  }

  /** Closes what is open after an error. */
  async abandon(): Promise<void> {
    const sink = this.#entry?.sink;
    if (!sink) return;
    sink.on('error', () => undefined); // the first error is the one that is told
    sink.destroy();
  }

  async #begin(header: Buffer): Promise<void> {
    this.#header = Buffer.alloc(0);
    if (header.every((byte) => byte === 0)) {
      this.#ended = true;
      return;
    }
    checkHeader(header, (message) => this.#error(message));
    if (++this.#entries > MOST_ENTRIES) throw this.#error(`has more than ${MOST_ENTRIES} entries.`);
    const size = numberAt(header, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0 || size > MOST_BYTES)
      throw this.#error(`has an entry of ${size} bytes.`);
    const type = String.fromCharCode(header[156] ?? 0);
    const isRecord = type === 'L' || type === 'x' || type === 'g';
    if (isRecord && size > LONGEST_RECORD) throw this.#error(`has a record of ${size} bytes.`);
    const name = type === '0' || type === '\0' || type === '7' ? this.#nameOf(header) : null;
    if (!isRecord) this.#longName = null;
    const isWanted = name !== null && this.#wanted(name) && !this.#taken.has(name);
    const sink = isWanted ? createWriteStream(join(this.#folder, name)) : null;
    this.#entry = {
      name,
      size,
      left: size,
      padding: (BLOCK - (size % BLOCK)) % BLOCK,
      sink,
      record: isRecord ? [] : null,
      type,
    };
    if (size === 0) await this.#finish(this.#entry);
  }

  /** Takes as much of the chunk as belongs to the entry, and says how much. */
  async #take(entry: Entry, chunk: Buffer): Promise<number> {
    const content = chunk.subarray(0, entry.left);
    entry.left -= content.length;
    if (content.length > 0) {
      entry.record?.push(Buffer.from(content));
      if (entry.sink && !entry.sink.write(Buffer.from(content))) await drained(entry.sink);
    }
    const padding = Math.min(entry.padding, chunk.length - content.length);
    if (entry.left === 0) entry.padding -= padding;
    if (entry.left === 0 && entry.padding === 0) await this.#finish(entry);
    return content.length + (entry.left === 0 ? padding : 0);
  }

  async #finish(entry: Entry): Promise<void> {
    this.#entry = null;
    if (entry.sink && entry.name !== null) {
      entry.sink.end();
      await finished(entry.sink);
      const path = join(this.#folder, entry.name);
      this.#taken.set(entry.name, { name: entry.name, path, bytes: entry.size });
    }
    if (entry.record === null) return;
    const record = Buffer.concat(entry.record).toString('utf8');
    if (entry.type === 'L') this.#longName = record.replace(/\0.*$/s, '');
    else if (entry.type === 'x') this.#longName = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(record)?.[1] ?? this.#longName;
  }

  /** The entry's name without folders; null where it is none that a file may have. */
  #nameOf(header: Buffer): string | null {
    const whole = this.#longName ?? textAt(header, 0, 100);
    const name = posix.basename(whole.replaceAll('\\', '/'));
    // These would mean a folder, or are the hidden twins that macOS adds.
    return ['', '.', '..'].includes(name) || name.startsWith('._') || name.includes('\0') ? null : name;
  }

  #error(message: string): Error {
    return modelFormatError(this.#archive, message);
  }
}

async function drained(sink: WriteStream): Promise<void> {
  // An error of the disk while waiting rejects `once`.
  await once(sink, 'drain');
}

function checkHeader(header: Buffer, error: (message: string) => Error): void {
  let sum = 0;
  header.forEach((byte, i) => (sum += i >= 148 && i < 156 ? 32 : byte));
  if (sum !== numberAt(header, 148, 8)) throw error('is no tar archive, or is damaged.');
}

function textAt(header: Buffer, at: number, length: number): string {
  return header.toString('utf8', at, at + length).replace(/\0.*$/s, '');
}

/** A number in octal digits, or (GNU) in binary where the first bit is set. */
function numberAt(header: Buffer, at: number, length: number): number {
  if (((header[at] ?? 0) & 0x80) !== 0) {
    let value = 0;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + (header[i] ?? 0);
    return value;
  }
  const digits = textAt(header, at, length).trim();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}
