import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0;

async function readAt(handle, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error(`zip: expected ${length} bytes at ${position}, got ${bytesRead}`);
  return buffer;
}

async function readDirectory(handle) {
  const { size } = await handle.stat();
  const end = await readAt(handle, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = end.length - 22;
  while (at >= 0 && end.readUInt32LE(at) !== END_OF_DIRECTORY) at -= 1;
  if (at < 0) throw new Error('zip: no directory at the end of the file');
  const start = end.readUInt32LE(at + 16);
  // All wheels in use are far below 4 GB; the 64-bit form would need another record.
  if (start === 0xffffffff) throw new Error('zip: 64-bit archives are not read here');
  return readAt(handle, start, end.readUInt32LE(at + 12));
}

function* entriesOf(directory) {
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === DIRECTORY_ENTRY;) {
    const nameLength = directory.readUInt16LE(at + 28);
    yield {
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
    };
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
}

async function extract(file, handle, entry, target) {
  const header = await readAt(handle, entry.offset, 30);
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw new Error(`zip: no header for ${entry.name}`);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  mkdirSync(dirname(target), { recursive: true });
  const sink = createWriteStream(target);
  if (entry.packed === 0) return pipeline(Readable.from([]), sink);
  const source = createReadStream(file, { start, end: start + entry.packed - 1, highWaterMark: 1 << 20 });
  const steps = entry.method === STORED ? [source, sink] : [source, createInflateRaw({ chunkSize: 1 << 20 }), sink];
  await pipeline(steps);
  if (sink.bytesWritten !== entry.size)
    throw new Error(`zip: ${entry.name}: expected ${entry.size} bytes, got ${sink.bytesWritten}`);
}

/**
 * Unpacks those entries of a zip file (a wheel is one) for which `place(name)` gives a relative path.
 * Only streams: a library of 800 MB costs no more memory than a header. Names that leave `folder` are refused.
 * @returns how many files and bytes were written
 */
export async function unzip(file, folder, place) {
  const handle = await open(file, 'r');
  let files = 0;
  let bytes = 0;
  try {
    for (const entry of entriesOf(await readDirectory(handle))) {
      const relative = entry.name.endsWith('/') ? null : place(entry.name);
      if (relative === null) continue;
      const target = resolve(folder, relative);
      if (!target.startsWith(resolve(folder) + sep)) throw new Error(`zip: ${entry.name} points outside of ${folder}`);
      await extract(file, handle, entry, target);
      files += 1;
      bytes += entry.size;
    }
  } finally {
    await handle.close();
  }
  return { files, bytes };
}
