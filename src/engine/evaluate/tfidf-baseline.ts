import { AppError } from '../../shared/errors';
import { SPECIAL_TOKENS } from '../text/special-tokens';
import { runAsync, runNow, type StopCheck } from './in-steps';
import { classIdsOf, indicatorsOf, rowCount, type LabelCsr } from './label-csr';
import { fitLinearMixture, type RowSource } from './linear-mixture';
import { fitLogisticRegression, type LinearModel, type SolverOptions } from './logistic-regression';
import { predictInSteps, type BaselineParts } from './tfidf-predict';
import { partsFromBytes, partsToBytes } from './tfidf-bytes';
import { TfidfFeatures, type TokenDocuments } from './tfidf-features';
import { seededOrder } from './seeded-order';
import type { SparseRows } from './sparse-rows';
import type { Targets } from './targets';
import { WordPieces } from './word-pieces';

export type { TokenDocuments } from './tfidf-features';

/** How to train a baseline. */
export interface BaselineOptions {
  readonly multiLabel: boolean;
  readonly seed: number;
  /**
   * How many times as frequent each class is where the model will be used as among these rows; left out: as frequent. One
   * label a row only. // [classes]
   */
  readonly classWeights?: Float32Array | null | undefined;
  /** The vocabulary's tokens by id: pieces of these words are features too; left out: words and pairs only. */
  readonly words?: readonly string[] | undefined;
  /** Asked every few milliseconds; true ends the training with a CancelledError. */
  readonly shouldStop?: StopCheck | undefined;
}

/**
 * Marks that say nothing about the text: xxunk, xxpad, xxbos, xxeos, xxfld. Those of repeats and capitals (xxrep, xxwrep,
 * xxup, xxmaj) stay, as words: over eight data sets that was as good as leaving them out, and better on the SMS and
 * German ones. Keeping the unknown word made no difference beyond chance, and its neighbours make pairs without it.
 */
const SKIPPED_TOKENS: readonly number[] = [0, 1, 2, 3, 4];

/** C = 10 as in the reference; the tolerance gives its accuracy to a tenth of a point. */
const SOLVER: Omit<SolverOptions, 'seed'> = { c: 10, tolerance: 1e-3, maxEpochs: 200 };

/** From more texts than these a sample is drawn: a baseline gains little from more, and has to be quick. */
const MOST_TEXTS = 200_000;

/** Rare word pairs are left out until features × outputs fit: 64 MB of weights. */
const MOST_WEIGHTS = 16_000_000;

/** Pieces are for texts of fewer tokens than this: they have five times as many features, and gain less from each text. */
const MOST_PIECED_TOKENS = 2_000_000;

/** How much of one row a label without any row weighs: it is possible, nothing is known about it. */
const UNSEEN_WEIGHT = 0.5;

/**
 * The simple classifier that every deep one has to beat, and the first help in labelling: TF-IDF of words, word pairs and,
 * where the vocabulary is given, pieces of words, under L2-regularised logistic regression and, with one label a row, naive
 * Bayes (see `fitLinearMixture`). Two classes: one logistic output; more: softmax; multi-label: one logistic output a
 * label. Works from one row on, whatever labels those have.
 */
export class TfidfBaseline {
  readonly #parts: BaselineParts;

  private constructor(parts: BaselineParts) {
    this.#parts = parts;
  }

  /** Number of labels a prediction has. */
  get classes(): number {
    return this.#parts.classes;
  }

  /** Number of words, word pairs and pieces. */
  get featureCount(): number {
    return this.#parts.features.idf.length;
  }

  /**
   * Trains at once.
   *
   * @param docs token ids of the texts, with the special tokens at 0 … 8
   * @param labels class ids below `classes`; exactly one a row unless multi-label
   * @throws AppError `no-rows`, `bad-input`; CancelledError
   */
  static fit(docs: TokenDocuments, labels: LabelCsr, classes: number, options: BaselineOptions): TfidfBaseline {
    return new TfidfBaseline(runNow(fitInSteps(docs, labels, classes, options), options.shouldStop));
  }

  /** {@link TfidfBaseline.fit} that lets other work of the thread run every few milliseconds; the same result. */
  static async fitAsync(
    docs: TokenDocuments,
    labels: LabelCsr,
    classes: number,
    options: BaselineOptions,
  ): Promise<TfidfBaseline> {
    return new TfidfBaseline(await runAsync(fitInSteps(docs, labels, classes, options), options.shouldStop));
  }

  /** Probabilities of other texts. // [n, classes]; rows sum to 1 unless multi-label */
  predict(docs: TokenDocuments): Float32Array {
    return runNow(predictInSteps(this.#parts, docs));
  }

  /** {@link TfidfBaseline.predict} that lets other work of the thread run in between. */
  async predictAsync(docs: TokenDocuments, shouldStop?: StopCheck): Promise<Float32Array> {
    return runAsync(predictInSteps(this.#parts, docs), shouldStop);
  }

  /** The whole model in bytes (docs/formats/checkpoint.md, "baseline.bin"). */
  toBytes(): Uint8Array {
    return partsToBytes(this.#parts);
  }

  /** @throws AppError `model-format` */
  static fromBytes(bytes: Uint8Array, file = 'baseline.bin'): TfidfBaseline {
    return new TfidfBaseline(partsFromBytes(bytes, file));
  }
}

function* fitInSteps(
  docs: TokenDocuments,
  labels: LabelCsr,
  classes: number,
  options: BaselineOptions,
): Generator<void, BaselineParts> {
  const n = rowCount(labels);
  if (n < 1) throw new AppError('no-rows', 'Expected at least one labelled row to train the baseline on, got none.');
  if (docs.length !== n)
    throw new AppError('bad-input', `Expected ${n} texts for ${n} rows of labels, got ${docs.length}.`);
  const chosen = sample(n, options.seed);
  const texts: TokenDocuments = { length: chosen.length, at: (i) => docs.at(chosen[i] as number) };
  const { seen, targets, outputs } = targetsOf(labels, classes, chosen, options.multiLabel);
  const featureOptions = {
    skip: SKIPPED_TOKENS,
    mostFeatures: Math.floor(MOST_WEIGHTS / Math.max(1, outputs)),
    pieces: options.words && isShort(texts) ? WordPieces.of(options.words, SPECIAL_TOKENS.length) : undefined,
  };
  const { features, rows } = yield* TfidfFeatures.fit(texts, featureOptions);
  const model = yield* fitModel(rows, outputs, targets, options, { texts, features: featureOptions });
  if (options.classWeights) reweigh(model, seen, options.classWeights);
  const unseen = classes - seen.length;
  const unseenShare = unseen === 0 ? 0 : UNSEEN_WEIGHT / (chosen.length + UNSEEN_WEIGHT * unseen);
  return { features, model, classes, multiLabel: options.multiLabel, seen, unseenShare, texts: chosen.length };
}

/**
 * With several labels a row naive Bayes was no gain in F1 (Reuters 86.9 and 86.9, GoEmotions 47.9 and 47.5), at twice the
 * time.
 */
function* fitModel(
  rows: SparseRows,
  outputs: number,
  targets: Targets,
  { multiLabel, seed }: BaselineOptions,
  source: RowSource,
): Generator<void, LinearModel> {
  const solver = { ...SOLVER, seed };
  if (outputs === 0) return { outputs, weights: new Float32Array(0), bias: new Float32Array(0) };
  if (!multiLabel) return yield* fitLinearMixture(rows, outputs, targets, solver, source);
  return (yield* fitLogisticRegression(rows, outputs, targets, solver)).model;
}

/** Other shares of the classes: each class's odds times its weight (Saerens et al. 2002), which a bias says exactly. */
function reweigh({ outputs, bias }: LinearModel, seen: Int32Array, weights: Float32Array): void {
  const by = Array.from(seen, (id) => Math.log(weights[id] ?? 1));
  if (outputs === 1) bias[0] = (bias[0] ?? 0) + (by[1] ?? 0) - (by[0] ?? 0);
  else for (let o = 0; o < outputs; o++) bias[o] = (bias[o] ?? 0) + (by[o] ?? 0);
}

/** Whether texts are few and short enough for pieces; reads no further than it must. */
function isShort(docs: TokenDocuments): boolean {
  let tokens = 0;
  for (let i = 0; i < docs.length && tokens < MOST_PIECED_TOKENS; i++) tokens += docs.at(i).length;
  return tokens < MOST_PIECED_TOKENS;
}

/** Row numbers in rising order: all, or a seeded sample of {@link MOST_TEXTS}. */
function sample(n: number, seed: number): Int32Array {
  const order = seededOrder(n, seed);
  return n <= MOST_TEXTS ? Int32Array.from({ length: n }, (_, i) => i) : order().slice(0, MOST_TEXTS).sort();
}

/** The classes that occur, and what the solver has to learn about them. */
function targetsOf(
  labels: LabelCsr,
  classes: number,
  chosen: Int32Array,
  multiLabel: boolean,
): { seen: Int32Array; outputs: number; targets: Targets } {
  if (multiLabel) {
    const all = indicatorsOf(labels, classes);
    const truth = new Uint8Array(chosen.length * classes);
    chosen.forEach((row, i) => truth.set(all.subarray(row * classes, (row + 1) * classes), i * classes));
    const seen = Int32Array.from({ length: classes }, (_, c) => c);
    return { seen, outputs: classes, targets: { kind: 'sigmoid', truth } };
  }
  const all = classIdsOf(labels, classes);
  const ids = chosen.map((row) => all[row] as number);
  const seen = Int32Array.from(new Set(ids)).sort();
  const places = new Map(Array.from(seen, (id, place) => [id, place]));
  const classIds = ids.map((id) => places.get(id) as number);
  if (seen.length <= 2) {
    return { seen, outputs: seen.length - 1, targets: { kind: 'sigmoid', truth: Uint8Array.from(classIds) } };
  }
  return { seen, outputs: seen.length, targets: { kind: 'softmax', classIds } };
}
