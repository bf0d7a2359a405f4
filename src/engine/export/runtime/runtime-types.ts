/** What the runtime needs of onnxruntime-node, onnxruntime-web or another package with their interface. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<OnnxSession> };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => unknown;
}

/** A model that was opened. */
export interface OnnxSession {
  run(feeds: Record<string, unknown>): Promise<Readonly<Record<string, { readonly data: unknown } | undefined>>>;
}

/** Where an exported folder's files come from, by their names inside it. */
export interface ModelFiles {
  /** @returns null where there is no such file */
  read(name: string): Promise<Uint8Array | null>;
}

/** What the classifier says of a text. */
export interface Answer {
  /** The label, or null where none is probable enough; with several labels a text see `given`. */
  readonly label: string | null;
  /** The labels that the text gets: one or none, or with several labels a text any number. */
  readonly given: readonly string[];
  /** All labels with their probabilities, best first. */
  readonly labels: readonly { readonly label: string; readonly probability: number }[];
}
