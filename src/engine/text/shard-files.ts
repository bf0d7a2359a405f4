import { join } from 'node:path';

/** What shards.json says. */
export interface ShardHeader {
  readonly format: typeof SHARD_FORMAT;
  readonly version: typeof SHARD_VERSION;
  /** How many documents. */
  readonly documents: number;
  /** Tokens of all documents. */
  readonly tokens: number;
  /** Bytes of one id: 2 up to 65,536 words, else 4. */
  readonly width: 2 | 4;
}

/** Marks a folder of token shards. */
export const SHARD_FORMAT = 'thaw-token-shards';
/** Rises when a reader of the version before could not read the folder. */
export const SHARD_VERSION = 1;
/** Bytes of one document offset. */
export const OFFSET_BYTES = 8;

/** The files of a shard folder. */
export interface ShardPaths {
  readonly header: string;
  readonly ids: string;
  readonly offsets: string;
  readonly vocabulary: string;
}

/** Where the files of the shard folder `dir` are. */
export function shardPaths(dir: string): ShardPaths {
  return {
    header: join(dir, 'shards.json'),
    ids: join(dir, 'ids.bin'),
    offsets: join(dir, 'offsets.bin'),
    vocabulary: join(dir, 'vocabulary.json'),
  };
}

/** Bytes that one id takes in a vocabulary of `size` words. */
export function idWidth(size: number): 2 | 4 {
  return size <= 0x10000 ? 2 : 4;
}
