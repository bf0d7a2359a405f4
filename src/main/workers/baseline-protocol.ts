/** Documents as token ids: positions in shards on disk, or the ids themselves (document d is `offsets[d]` to `offsets[d + 1]`). */
export type BaselineDocuments =
  | { readonly kind: 'shards'; readonly folder: string; readonly documents: Int32Array }
  | { readonly kind: 'ids'; readonly ids: Int32Array; readonly offsets: Int32Array };

/** Fits the TF-IDF baseline and applies it to other documents. */
export interface BaselineFitRequest {
  readonly type: 'fit';
  readonly documents: BaselineDocuments;
  readonly labelOffsets: Int32Array;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly multiLabel: boolean;
  readonly seed: number;
  /** See `BaselineOptions`; null: each row counts alike. */
  readonly classWeights: Float32Array | null;
  /** The documents' words by token id, or their vocabulary; pieces of them are features too. Null: words and pairs only. */
  readonly words: readonly string[] | { readonly file: string; readonly pretrained: string | null } | null;
  /** Where to write the fitted baseline; null keeps nothing. */
  readonly saveTo: string | null;
  readonly predict: readonly BaselineDocuments[];
  /** One byte: anything but 0 stops the fit. A message could not be read in the middle of it. */
  readonly stop: SharedArrayBuffer;
}

/** For each list of `predict` its probabilities. // [n, classes] */
export interface BaselineFitResult {
  readonly probabilities: readonly Float32Array[];
}

/** Applies a baseline that was saved; those used last stay in memory. */
export interface BaselinePredictRequest {
  readonly type: 'predict';
  readonly file: string;
  readonly documents: BaselineDocuments;
}

/** // [n, classes] */
export interface BaselinePredictResult {
  readonly probabilities: Float32Array;
}

/** Orders texts so that each next one stands for most of what resembles nothing before it. */
export interface DiverseOrderRequest {
  readonly type: 'diverse';
  readonly documents: BaselineDocuments; // first the labelled ones, then the candidates
  readonly labelled: number;
  readonly limit: number;
  readonly stop: SharedArrayBuffer;
}

/** Places among the candidates, best first. */
export interface DiverseOrderResult {
  readonly places: Int32Array;
}

/** Compares the first text with some of those behind it; the rest only says which words are common. */
export interface SimilarRequest {
  readonly type: 'similar';
  readonly documents: BaselineDocuments;
  readonly compared: number;
}

/** // [compared], cosines */
export interface SimilarResult {
  readonly likeness: Float32Array;
}

/** What the host asks of the baseline worker; `id` comes back with the reply. */
export type BaselineRequest = (BaselineFitRequest | BaselinePredictRequest | DiverseOrderRequest | SimilarRequest) & {
  readonly id: number;
};
