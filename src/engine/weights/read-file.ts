import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileError, modelFormatError } from './file-error';

/** One read call of the system handles less than 2 GiB; weights may be larger. */
const PIECE = 256 * 1024 * 1024;

/**
 * The whole of a file, however large, in a buffer of its own (so that positions in the file are aligned in memory).
 * @throws AppError `file-not-found`, `file-unreadable`, `model-format` when the file shrinks meanwhile
 */
export async function readWholeFile(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r');
    try {
      const bytes = new Uint8Array((await handle.stat()).size);
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, at, Math.min(PIECE, bytes.length - at), at);
        at += moreThanNone(bytesRead, at, bytes.length, file);
      }
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(file, 'read', error);
  }
}

/** {@link readWholeFile} for code that must not wait. */
export function readWholeFileSync(file: string): Uint8Array {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = new Uint8Array(fstatSync(descriptor).size);
      for (let at = 0; at < bytes.length;) {
        const read = readSync(descriptor, bytes, at, Math.min(PIECE, bytes.length - at), at);
        at += moreThanNone(read, at, bytes.length, file);
      }
      return bytes;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileError(file, 'read', error);
  }
}

function moreThanNone(read: number, at: number, size: number, file: string): number {
  if (read === 0) throw modelFormatError(file, `ended after ${at} of ${size} bytes while being read.`);
  return read;
}
