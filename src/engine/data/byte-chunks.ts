import { open } from 'node:fs/promises';
import { CancelledError } from '../../shared/errors';
import { fileError } from '../weights/file-error';

/** How much of a file is read at a time, in bytes. */
export const CHUNK_BYTES = 1 << 20;

/**
 * The bytes of a file in order, in fresh buffers of at most `chunkBytes`.
 *
 * @param from the first byte to read
 * @throws AppError of the file system; CancelledError once `signal` is aborted
 */
export async function* byteChunks(
  path: string,
  from = 0,
  signal?: AbortSignal,
  chunkBytes = CHUNK_BYTES,
): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw fileError(path, 'read', error);
  });
  try {
    for (let position = from; ;) {
      if (signal?.aborted) throw new CancelledError();
      const buffer = Buffer.allocUnsafe(chunkBytes);
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw fileError(path, 'read', error);
  } finally {
    await handle.close();
  }
}

/** How many bytes at the end of `bytes` begin a UTF-8 character that is not complete yet (0 to 3). */
export function unfinishedUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}
