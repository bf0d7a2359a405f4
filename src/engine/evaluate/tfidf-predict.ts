import { scoreRow, type LinearModel } from './logistic-regression';
import type { TfidfFeatures, TokenDocuments } from './tfidf-features';

/** Everything a baseline is made of. */
export interface BaselineParts {
  readonly features: TfidfFeatures;
  /** Outputs: none (one class seen), one (two classes seen: the second), or one for each seen class or label. */
  readonly model: LinearModel;
  readonly classes: number;
  readonly multiLabel: boolean;
  readonly seen: Int32Array; // ids of the classes that had training rows, rising
  readonly unseenShare: number; // probability of each class that had none
  readonly texts: number; // trained on
}

/** Texts that become sparse rows together: bounds the memory. */
const BLOCK = 512;

/** Probabilities for each text. // [n, classes] */
export function* predictInSteps(parts: BaselineParts, docs: TokenDocuments): Generator<void, Float32Array> {
  const { classes, model } = parts;
  const probabilities = new Float32Array(docs.length * classes);
  const scores = new Float64Array(model.outputs);
  for (let start = 0; start < docs.length; start += BLOCK) {
    const length = Math.min(BLOCK, docs.length - start);
    const rows = parts.features.transform({ length, at: (i) => docs.at(start + i) });
    for (let i = 0; i < length; i++) {
      if (model.outputs > 0) scoreRow(rows, i, model, scores);
      fillRow(parts, scores, probabilities, (start + i) * classes);
      if (i % 64 === 63) yield;
    }
  }
  return probabilities;
}

function fillRow(parts: BaselineParts, scores: Float64Array, probabilities: Float32Array, at: number): void {
  const { seen, multiLabel, model } = parts;
  if (multiLabel) {
    scores.forEach((score, o) => (probabilities[at + o] = sigmoid(score)));
    return;
  }
  probabilities.fill(parts.unseenShare, at, at + parts.classes);
  const rest = 1 - parts.unseenShare * (parts.classes - seen.length);
  if (model.outputs <= 1) {
    const second = model.outputs === 0 ? 0 : sigmoid(scores[0] as number);
    probabilities[at + (seen[0] as number)] = rest * (1 - second);
    if (seen.length === 2) probabilities[at + (seen[1] as number)] = rest * second;
    return;
  }
  const top = scores.reduce((a, b) => Math.max(a, b));
  const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
  scores.forEach((score, o) => (probabilities[at + (seen[o] as number)] = (rest * Math.exp(score - top)) / total));
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
