import { open, type FileHandle } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { createInflateRaw } from 'node:zlib';
import { AppError } from '../../../shared/errors';
import { fileError } from '../../weights/file-error';

/** One file inside a ZIP archive. */
interface ZipEntry {
  readonly name: string;
  readonly method: number; // 0 stored, 8 deflated
  readonly packed: number; // bytes
  readonly offset: number; // of its local header
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL_HEADER = 30;
const LONGEST_COMMENT = 65_557;

/** A ZIP archive whose files are read as streams; nothing is unpacked to the disk. */
export class ZipFile {
  private constructor(
    readonly path: string,
    private readonly entries: ReadonlyMap<string, ZipEntry>,
  ) {}

  /** Reads the list of files. @throws AppError of the file system; `file-format` where it is damaged */
  static async open(path: string): Promise<ZipFile> {
    const handle = await open(path, 'r').catch((error: unknown) => {
      throw fileError(path, 'read', error);
    });
    try {
      return new ZipFile(path, await readDirectory(path, handle));
    } finally {
      await handle.close();
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Bytes that a file takes in the archive; 0 for one that is not there. */
  packedBytes(name: string): number {
    return this.entries.get(name)?.packed ?? 0;
  }

  /** The unpacked size is not trusted; whoever reads decides how much is too much. */
  async *read(name: string): AsyncGenerator<Buffer, void, undefined> {
    const entry = this.entries.get(name);
    if (!entry) throw damaged(this.path, `it holds no ${name}`);
    const start = await this.dataStart(entry);
    if (entry.packed === 0) return;
    const raw = createReadStream(this.path, { start, end: start + entry.packed - 1, highWaterMark: 1 << 18 });
    if (entry.method !== 0 && entry.method !== 8)
      throw damaged(this.path, `${name} is packed by a method that is not known (${String(entry.method)})`);
    const stream = entry.method === 0 ? raw : raw.pipe(createInflateRaw({ chunkSize: 1 << 18 }));
    raw.once('error', (error) => stream.destroy(error));
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw damaged(this.path, `${name} cannot be unpacked`);
    } finally {
      raw.destroy();
    }
  }

  /** A small file as text. @throws AppError `file-format` beyond `most` characters */
  async text(name: string, most = 1 << 26): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of this.read(name)) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > most) throw damaged(this.path, `${name} is larger than any such file`);
    }
    return text + decoder.decode();
  }

  private async dataStart({ offset }: ZipEntry): Promise<number> {
    const handle = await open(this.path, 'r');
    try {
      const header = await bytesAt(handle, offset, LOCAL_HEADER);
      return offset + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
    } finally {
      await handle.close();
    }
  }
}

async function readDirectory(path: string, handle: FileHandle): Promise<ReadonlyMap<string, ZipEntry>> {
  const { size } = await handle.stat();
  const tail = await bytesAt(handle, Math.max(0, size - LONGEST_COMMENT), Math.min(size, LONGEST_COMMENT));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw damaged(path, 'its end is missing');
  let directoryBytes = tail.readUInt32LE(end + 12);
  let start = tail.readUInt32LE(end + 16);
  if (start === 0xffffffff && end >= 20) {
    const record = await bytesAt(handle, Number(tail.readBigUInt64LE(end - 20 + 8)), 56);
    if (record.readUInt32LE(0) !== END_64) throw damaged(path, 'its list of files is missing');
    directoryBytes = Number(record.readBigUInt64LE(40));
    start = Number(record.readBigUInt64LE(48));
  }
  if (start + directoryBytes > size) throw damaged(path, 'its list of files is cut off');
  const directory = await bytesAt(handle, start, directoryBytes);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === CENTRAL;) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => directory.readUInt16LE(at + place));
    const nameEnd = at + 46 + (nameLength ?? 0);
    const name = directory.toString('utf8', at + 46, nameEnd);
    const sizes = wideSizes(directory, at, directory.subarray(nameEnd, nameEnd + (extraLength ?? 0)));
    entries.set(name, { name, method: directory.readUInt16LE(at + 10), ...sizes });
    at = nameEnd + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return entries;
}

/** Sizes beyond 4 GB stand in an extra field, in the order of those that did not fit. */
function wideSizes(directory: Buffer, at: number, extra: Buffer): { packed: number; offset: number } {
  let packed = directory.readUInt32LE(at + 20);
  const size = directory.readUInt32LE(at + 24);
  let offset = directory.readUInt32LE(at + 42);
  for (let place = 0; place + 4 <= extra.length; place += 4 + extra.readUInt16LE(place + 2)) {
    if (extra.readUInt16LE(place) !== 1) continue;
    let value = place + 4 + (size === 0xffffffff ? 8 : 0);
    if (packed === 0xffffffff) {
      packed = Number(extra.readBigUInt64LE(value));
      value += 8;
    }
    if (offset === 0xffffffff) offset = Number(extra.readBigUInt64LE(value));
  }
  return { packed, offset };
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function damaged(path: string, why: string): AppError {
  return new AppError('file-format', `${path} cannot be read: ${why}.`, {
    hint: 'Open it in the program that made it and save it anew.',
    data: { file: path },
    says: { sentence: 'unreadable', path },
  });
}
