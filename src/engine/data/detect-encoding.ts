import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { AppError } from '../../shared/errors';
import { byteChunks, CHUNK_BYTES, unfinishedUtf8 } from './byte-chunks';
import { byteOrderMark, countUtf8, guessByStatistics, guessUtf16, isBinary } from './guess-encoding';
import { binaryFile, refuseBinary, sourceFileBytes } from './source-file';

/** In which encoding a file is to be read, and why. */
export interface DetectedEncoding {
  readonly encoding: string; // an iconv name
  readonly reason: string; // 'byte order mark', 'valid UTF-8', 'statistics (83 %)', 'chosen' …
  readonly skipBytes: number; // the length of the byte order mark
  readonly bytes: number; // size of the file
  readonly notes: readonly string[]; // sentences for a person
}

/** Up to this size the UTF-8 test reads the whole file (about a second per gigabyte); beyond it, this much. */
const WHOLE_TEST_BYTES = 512 * CHUNK_BYTES;
/** For the statistics; more costs time (over a second a megabyte) and decides nothing. */
const SAMPLE_BYTES = 1 << 17;

/**
 * Finds a file's encoding: byte order mark, UTF-16 without one, strict UTF-8 over the whole file, and only then
 * statistics. A chosen encoding overrides all of these.
 *
 * @throws AppError of the file system, `no-rows` for an empty file, `file-format` for a binary file, `encoding` for an
 *   unknown name
 */
export async function detectEncoding(path: string, chosen?: string): Promise<DetectedEncoding> {
  const bytes = await sourceFileBytes(path);
  const head = await readHead(path);
  const mark = byteOrderMark(head);
  if (chosen !== undefined) {
    const encoding = knownEncoding(chosen);
    // A mark of another encoding than the chosen one is data for the chosen one.
    const skipBytes = mark !== null && mark.encoding === encoding ? mark.length : 0;
    return { encoding, reason: 'chosen', skipBytes, bytes, notes: [] };
  }
  if (mark) return { encoding: mark.encoding, reason: 'byte order mark', skipBytes: mark.length, bytes, notes: [] };
  refuseBinary(path, head);
  const utf16 = guessUtf16(head);
  if (utf16) return { ...utf16, skipBytes: 0, bytes, notes: [] };
  if (isBinary(head)) {
    throw binaryFile(
      path,
      'bytes that no text has',
      'Choose a CSV, TSV or text file, or choose the encoding yourself.',
    );
  }
  const { valid, complete, sample } = await testUtf8(path);
  if (valid) {
    const notes = complete ? [] : ['The file is large: only its first half gigabyte was tested to be UTF-8.'];
    return { encoding: 'utf-8', reason: 'valid UTF-8', skipBytes: 0, bytes, notes };
  }
  const { characters, damaged } = countUtf8(sample);
  if (characters >= 10 && characters >= 20 * damaged) {
    const notes = ['Some places in the file are not valid UTF-8; the rows with them will be listed as rejected.'];
    return { encoding: 'utf-8', reason: 'UTF-8 with damaged places', skipBytes: 0, bytes, notes };
  }
  return { ...guessByStatistics(sample), skipBytes: 0, bytes, notes: [] };
}

/**
 * The usual name of an encoding.
 * @throws AppError `encoding`
 */
function knownEncoding(name: string): string {
  const plain = name.trim().toLowerCase();
  const same: Readonly<Record<string, string>> = {
    utf8: 'utf-8',
    utf16: 'utf-16le',
    utf16le: 'utf-16le',
    utf16be: 'utf-16be',
  };
  const encoding = same[plain] ?? plain;
  // iconv also counts these among its encodings, but they are ways to write bytes as text.
  if (!['base64', 'hex', 'binary', 'utf-7-imap'].includes(encoding) && iconv.encodingExists(encoding)) return encoding;
  throw new AppError('encoding', `Expected the name of a text encoding, got "${name}".`, {
    hint: 'Common ones are utf-8, windows-1252, utf-16le, gb18030, shift_jis, cp949, windows-1251.',
    data: { expected: 'the name of a text encoding', got: name },
    says: { sentence: 'noEncoding', got: name },
  });
}

async function readHead(path: string): Promise<Buffer> {
  for await (const chunk of byteChunks(path, 0, undefined, 1 << 16)) return chunk;
  return Buffer.alloc(0);
}

/** Tests the file for strict UTF-8, and gathers whole lines from the blocks that are not plain ASCII. */
async function testUtf8(path: string): Promise<{ valid: boolean; complete: boolean; sample: Buffer }> {
  const sampled: Buffer[] = [];
  let sampleLength = 0;
  let seen = 0;
  let valid = true;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of byteChunks(path)) {
    if (seen >= WHOLE_TEST_BYTES) return { valid, complete: false, sample: Buffer.concat(sampled) };
    seen += chunk.length;
    const joined = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const cut = joined.length - unfinishedUtf8(joined);
    rest = joined.subarray(cut);
    if (valid) valid = isUtf8(joined.subarray(0, cut));
    // Before the first damage there is nothing to learn for the statistics.
    for (let at = 0; !valid && at < chunk.length && sampleLength < SAMPLE_BYTES; at += 1 << 16) {
      const block = wholeLines(chunk.subarray(at, at + (1 << 16)));
      if (!block.some((byte) => byte >= 0x80)) continue;
      sampled.push(block);
      sampleLength += block.length;
    }
    if (!valid && sampleLength >= SAMPLE_BYTES) break;
  }
  return { valid: valid && rest.length === 0, complete: true, sample: Buffer.concat(sampled) };
}

/** The part of a block between its first and last line break, so that no character is cut; all of it if that is little. */
function wholeLines(block: Buffer): Buffer {
  const from = block.indexOf(10) + 1;
  const to = block.lastIndexOf(10) + 1;
  return to - from > block.length / 2 ? block.subarray(from, to) : block;
}
