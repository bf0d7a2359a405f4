import type { PackedDictionary, PackedStrings } from '../../engine/text/token-dictionary';
import type { TokenizerOptions } from '../../engine/text/tokenizer';
import type { ErrorEnvelope } from '../../shared/errors';

/** What the pool asks of a tokenization worker. Texts and ids travel as typed arrays, which are transferred. */
export type TokenizationRequest =
  | BeginJob
  | EncodeBatch
  | { readonly type: 'dictionary'; readonly job: number }
  | RemapPieces
  | { readonly type: 'end'; readonly job: number }
  | LookUp
  | SampleTexts
  | LearnPieces;

/** Starts a job on a worker: tokens get ids of the worker's own, which go to `pieceFile`. */
export interface BeginJob {
  readonly type: 'begin';
  readonly job: number;
  readonly tokenizer: TokenizerOptions;
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
  readonly tokenizer: TokenizerOptions;
  /** Names the vocabulary; its tokens come with the first request that uses it on this worker. */
  readonly vocabulary: number;
  readonly tokens: PackedStrings | null;
  readonly texts: PackedStrings;
}

/** Texts that sub-words may be learned from; the worker keeps a sample. */
export interface SampleTexts {
  readonly type: 'sample';
  readonly texts: PackedStrings;
}

/** Learns sub-words from the texts that were sent. Answer: the bytes of a SentencePiece model; progress on the way. */
export interface LearnPieces {
  readonly type: 'learn';
  readonly language: string;
  readonly maxPieces: number;
  /** File with the rules for characters. */
  readonly charsmap: string;
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
  readonly sample: null;
  readonly learn: Uint8Array;
}

/** A request with the number by which its answer is known. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: TokenizationRequest;
}

/** The answer to request `id`, or how far it is (0 to 1). */
export type TokenizationReply =
  | { readonly id: number; readonly progress: number }
  | { readonly id: number; readonly result: TokenizationResults[TokenizationRequest['type']] }
  | { readonly id: number; readonly error: ErrorEnvelope };
