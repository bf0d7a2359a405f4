import type { LabelCsr } from '../evaluate/label-csr';
import { probabilitiesAt } from '../evaluate/temperature';
import type { Sample } from '../../shared/jobs';

/** The texts of which each epoch tells what the classifier says, and those with the greatest loss. */
const sampleCount = 5;
const errorCount = 6;
/** Labels of a text that are named. */
const mostLabels = 3;
/** A probability of 0 would make the loss infinite. */
const smallest = 1e-7;

/** Held-out documents with their labels. */
export interface HeldOut {
  readonly documents: Int32Array; // rows
  readonly labels: LabelCsr;
  readonly labelNames: readonly string[];
  readonly multiLabel: boolean;
}

/** What the classifier says of some held-out texts: a few that stay the same, and those that it errs on most. */
export interface HeldOutSamples {
  readonly held: number;
  readonly wrong: number;
  readonly samples: Sample[];
  readonly errors: Sample[];
}

/** Picks the samples of an epoch. @param logits `[documents, classes]` */
export function heldOutSamples(logits: Float32Array, held: HeldOut): HeldOutSamples {
  const { documents, labels, labelNames, multiLabel } = held;
  const classes = labelNames.length;
  const probabilities = probabilitiesAt(logits, classes, 1, { multiLabel });
  const judged = Array.from(documents, (_, i) => {
    const own = labels.labels.subarray(labels.offsets[i], labels.offsets[i + 1]);
    const scores = probabilities.subarray(i * classes, (i + 1) * classes);
    return { i, own, scores, loss: lossOf(scores, own, multiLabel), wrong: isWrong(scores, own, multiLabel) };
  });
  const tell = ({ i, own, scores, loss }: (typeof judged)[number]): Sample => ({
    row: documents[i] ?? 0,
    text: '',
    actual: Array.from(own, (label) => labelNames[label] ?? ''),
    predicted: best(scores).map((label) => ({ label: labelNames[label] ?? '', probability: scores[label] ?? 0 })),
    loss,
  });
  const wrong = judged.filter((each) => each.wrong);
  const count = Math.min(sampleCount, judged.length);
  const places = Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * judged.length) / count));
  return {
    held: judged.length,
    wrong: wrong.length,
    samples: places.flatMap((place) => judged[place] ?? []).map(tell),
    errors: wrong.sort((a, b) => b.loss - a.loss).slice(0, errorCount).map(tell), // prettier-ignore
  };
}

function lossOf(scores: Float32Array, own: Int32Array, multiLabel: boolean): number {
  const minusLog = (p: number): number => -Math.log(Math.max(smallest, p));
  if (!multiLabel) return minusLog(scores[own[0] ?? 0] ?? 0);
  const sum = scores.reduce((total, p, label) => total + minusLog(own.includes(label) ? p : 1 - p), 0);
  return sum / Math.max(1, scores.length);
}

function isWrong(scores: Float32Array, own: Int32Array, multiLabel: boolean): boolean {
  if (multiLabel) return scores.some((p, label) => p >= 0.5 !== own.includes(label));
  return !own.includes(best(scores)[0] ?? -1);
}

function best(scores: Float32Array): number[] {
  const order = Array.from(scores.keys());
  return order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, mostLabels);
}
