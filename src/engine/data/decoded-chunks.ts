import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { byteChunks, unfinishedUtf8 } from './byte-chunks';
import type { DetectedEncoding } from './detect-encoding';
import { withEuro } from './western-pages';

/** A piece of a file as text. */
export interface DecodedChunk {
  readonly text: string;
  readonly damaged: boolean; // some of its bytes mean nothing in this encoding and became U+FFFD
  readonly bytes: number; // read from the file up to and with this piece
}

/**
 * The text of a file in order, decoded as a stream: no temporary file, and memory for one piece only.
 *
 * @throws AppError of the file system; CancelledError once `signal` is aborted
 */
export function decodedChunks(path: string, how: DetectedEncoding, signal?: AbortSignal): AsyncGenerator<DecodedChunk> {
  return how.encoding === 'utf-8' ? utf8Chunks(path, how, signal) : otherChunks(path, how, signal);
}

async function* utf8Chunks(path: string, how: DetectedEncoding, signal?: AbortSignal): AsyncGenerator<DecodedChunk> {
  let bytes = how.skipBytes;
  let rest: Buffer | null = null;
  for await (const chunk of byteChunks(path, how.skipBytes, signal)) {
    bytes += chunk.length;
    const joined: Buffer = rest === null ? chunk : Buffer.concat([rest, chunk]);
    const cut = joined.length - unfinishedUtf8(joined);
    rest = cut < joined.length ? joined.subarray(cut) : null;
    const whole = joined.subarray(0, cut);
    yield { text: whole.toString('utf8'), damaged: !isUtf8(whole), bytes };
  }
  if (rest !== null) yield { text: rest.toString('utf8'), damaged: true, bytes };
}

async function* otherChunks(path: string, how: DetectedEncoding, signal?: AbortSignal): AsyncGenerator<DecodedChunk> {
  const decoder = iconv.getDecoder(how.encoding, { stripBOM: false });
  // In UTF-16 and UTF-32 U+FFFD can stand in the file itself, and damage is next to impossible to tell from data.
  const canTell = !how.encoding.startsWith('utf');
  let bytes = how.skipBytes;
  for await (const chunk of byteChunks(path, how.skipBytes, signal)) {
    bytes += chunk.length;
    const text = withEuro(decoder.write(chunk), how.encoding);
    yield { text, damaged: canTell && text.includes('\ufffd'), bytes };
  }
  const text = withEuro(decoder.end() ?? '', how.encoding);
  if (text !== '') yield { text, damaged: canTell && text.includes('\ufffd'), bytes };
}
