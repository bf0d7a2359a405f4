import type { PackedDictionary, PackedStrings } from '../../engine/text/token-dictionary';
import type { ErrorEnvelope } from '../../shared/errors';

/** What the pool asks of a tokenization worker. Texts and ids travel as typed arrays, which are transferred. */
export type TokenizationRequest =
  | BeginJob
  | EncodeBatch
  | { readonly type: 'dictionary'; readonly job: number }
  | RemapPieces
  | { readonly type: 'end'; readonly job: number }
  | LookUp;

/** Starts a job on a worker: tokens get ids of the worker's own, which go to `pieceFile`. */
export interface BeginJob {
  readonly type: 'begin';
  readonly job: number;
  readonly language: string;
  readonly pieceFile: string;
}

/** One batch of documents, fields joined. Answer: the length of each in tokens (Uint32Array). */
export interface EncodeBatch {
  readonly type: 'encode';
  readonly job: number;
  /** Rises from batch to batch in the order of the documents. */
  readonly batch: number;
  readonly texts: PackedStrings;
}

/** Rewrites the worker's pieces with final ids at their places in `idsFile`. */
export interface RemapPieces {
  readonly type: 'remap';
  readonly job: number;
  readonly idsFile: string;
  readonly width: 2 | 4;
  /** Final id for each id of this worker's. */
  readonly map: Uint32Array;
  /** For each piece, in the order in which it was written: its number of tokens, and the place of the first in the whole. */
  readonly counts: Float64Array;
  readonly places: Float64Array;
}

/** Ids of documents in a finished vocabulary. Answer: {@link LookUpResult}. */
export interface LookUp {
  readonly type: 'look-up';
  readonly language: string;
  /** Names the vocabulary; its tokens come with the first request that uses it on this worker. */
  readonly vocabulary: number;
  readonly tokens: PackedStrings | null;
  readonly texts: PackedStrings;
}

/** Ids of documents one behind the other, and the number of each document's. */
export interface LookUpResult {
  readonly ids: Int32Array;
  readonly lengths: Uint32Array;
}

/** What a worker answers, by kind of request. */
export interface TokenizationResults {
  readonly begin: null;
  readonly encode: Uint32Array;
  readonly dictionary: PackedDictionary;
  readonly remap: null;
  readonly end: null;
  readonly 'look-up': LookUpResult;
}

/** A request with the number by which its answer is known. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: TokenizationRequest;
}

/** The answer to request `id`. */
export type TokenizationReply =
  | { readonly id: number; readonly result: TokenizationResults[TokenizationRequest['type']] }
  | { readonly id: number; readonly error: ErrorEnvelope };
