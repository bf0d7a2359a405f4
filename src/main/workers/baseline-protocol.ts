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

/** What the host asks of the baseline worker; `id` comes back with the reply. */
export type BaselineRequest = (BaselineFitRequest | BaselinePredictRequest) & { readonly id: number };
