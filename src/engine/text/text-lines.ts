import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { AppError } from '../../shared/errors';
import { fileError } from '../weights/file-error';

const CHUNK_BYTES = 1 << 20;

/**
 * The lines of a UTF-8 file in blocks, without their line ends (LF or CR LF) and without a byte order mark. Memory is
 * bounded by the longest line.
 * @throws AppError of the disk, `encoding` where the file is not UTF-8
 */
export async function* lineBlocks(file: string): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let carry = '';
  let position = 0;
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const lines = (carry + decode(decoder, file, position, chunk)).split('\n');
      position += chunk.length;
      carry = lines.pop() ?? '';
      if (lines.length > 0) yield lines.map(withoutReturn);
    }
    carry += decode(decoder, file, position, null);
    if (carry !== '') yield [withoutReturn(carry)];
  } catch (error) {
    throw fileError(file, 'read', error);
  } finally {
    stream.destroy();
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function decode(decoder: TextDecoder, file: string, position: number, chunk: Buffer | null): string {
  try {
    return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    const message = `${file}: expected UTF-8 text, got bytes that are not, somewhere behind byte ${position}.`;
    throw new AppError('encoding', message, { hint: 'Save the file as UTF-8.', data: { file, position }, cause });
  }
}
