import { readFileSync } from 'node:fs';
import { AppError } from '../../shared/errors';
import { fileError } from '../weights/file-error';
import { BlockFile } from './block-file';
import { OFFSET_BYTES, SHARD_FORMAT, SHARD_VERSION, shardPaths, type ShardHeader } from './shard-files';
import { Vocabulary } from './vocabulary';

const BLOCK_BYTES = 1 << 16;
const ID_BLOCKS = 256;
const OFFSET_BLOCKS = 64;

/**
 * The token ids of many documents on disk, read by document. Holds at most 20 MB of them in memory; the format is
 * described in docs/formats/token-shards.md.
 */
export class TokenShards {
  /** The folder. */
  readonly dir: string;
  /** How many documents. */
  readonly documents: number;
  /** Tokens of all documents. */
  readonly tokens: number;
  /** Bytes of one id. */
  readonly width: 2 | 4;
  private readonly ids: BlockFile;
  private readonly offsets: BlockFile;
  private readonly pair = new DataView(new ArrayBuffer(OFFSET_BYTES * 2));
  private readonly pairBytes = new Uint8Array(this.pair.buffer);

  private constructor(dir: string, header: ShardHeader, ids: BlockFile, offsets: BlockFile) {
    this.dir = dir;
    this.documents = header.documents;
    this.tokens = header.tokens;
    this.width = header.width;
    this.ids = ids;
    this.offsets = offsets;
  }

  /** @throws AppError `file-not-found`, `file-unreadable`, or `file-format` where the files do not fit together */
  static open(dir: string): TokenShards {
    const paths = shardPaths(dir);
    const header = readHeader(paths.header);
    const ids = new BlockFile(paths.ids, BLOCK_BYTES, ID_BLOCKS);
    let offsets: BlockFile | null = null;
    try {
      offsets = new BlockFile(paths.offsets, BLOCK_BYTES, OFFSET_BLOCKS);
      expectSize(paths.ids, header.tokens * header.width, ids.size);
      expectSize(paths.offsets, (header.documents + 1) * OFFSET_BYTES, offsets.size);
    } catch (error) {
      ids.close();
      offsets?.close();
      throw error;
    }
    return new TokenShards(dir, header, ids, offsets);
  }

  /** Tokens of document `document`. */
  length(document: number): number {
    const [start, end] = this.range(document);
    return end - start;
  }

  /** The ids of document `document`, in an array of the caller's own. */
  read(document: number): Uint16Array | Uint32Array {
    const [start, end] = this.range(document);
    return this.readTokens(start, end);
  }

  /** The ids of the tokens `start` (inclusive) to `end` of all documents one behind the other. */
  readTokens(start: number, end: number): Uint16Array | Uint32Array {
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= this.tokens)) {
      throw new AppError('bad-input', `Tokens ${start} to ${end} were asked for; ${this.dir} has ${this.tokens}.`);
    }
    const ids = this.width === 2 ? new Uint16Array(end - start) : new Uint32Array(end - start);
    this.ids.read(new Uint8Array(ids.buffer), start * this.width);
    return ids;
  }

  /** The vocabulary that the ids belong to. @throws AppError as {@link Vocabulary.load} */
  vocabulary(): Vocabulary {
    return Vocabulary.loadSync(shardPaths(this.dir).vocabulary);
  }

  /** Closes the files. */
  close(): void {
    this.ids.close();
    this.offsets.close();
  }

  private range(document: number): [number, number] {
    if (!(Number.isInteger(document) && document >= 0 && document < this.documents)) {
      throw new AppError('bad-input', `Document ${document} was asked for; ${this.dir} has ${this.documents}.`);
    }
    this.offsets.read(this.pairBytes, document * OFFSET_BYTES);
    const start = Number(this.pair.getBigUint64(0, true));
    const end = Number(this.pair.getBigUint64(OFFSET_BYTES, true));
    if (start > end || end > this.tokens) {
      const message = `${shardPaths(this.dir).offsets}: document ${document} is said to be tokens ${start} to ${end} of ${this.tokens}.`;
      throw new AppError('file-format', message, { hint: 'The folder is damaged; tokenize the texts again.' });
    }
    return [start, end];
  }
}

function readHeader(file: string): ShardHeader {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(file, 'read', error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw formatError(file, 'it is not JSON', cause);
  }
  const header = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof ShardHeader, unknown>
  >;
  if (header.format !== SHARD_FORMAT)
    throw formatError(file, `format is ${JSON.stringify(header.format)}, expected "${SHARD_FORMAT}"`);
  if (header.version !== SHARD_VERSION)
    throw formatError(file, `version is ${JSON.stringify(header.version)}, expected ${SHARD_VERSION}`);
  const { documents, tokens, width } = header;
  if (!isCount(documents) || !isCount(tokens)) throw formatError(file, 'documents and tokens must be whole numbers');
  if (width !== 2 && width !== 4) throw formatError(file, `width is ${JSON.stringify(width)}, expected 2 or 4`);
  return { format: SHARD_FORMAT, version: SHARD_VERSION, documents, tokens, width };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function expectSize(file: string, expected: number, got: number): void {
  if (expected !== got) throw formatError(file, `expected ${expected} bytes, got ${got}`);
}

function formatError(file: string, reason: string, cause?: unknown): AppError {
  const hint = 'The folder is damaged or of another version; tokenize the texts again.';
  return new AppError('file-format', `${file}: ${reason}.`, { hint, data: { file }, cause });
}
