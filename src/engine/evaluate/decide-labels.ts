/** A label with the probability that a model gives it. */
export interface ScoredLabel {
  readonly label: string;
  readonly probability: number;
}

/** One row's labels with their probabilities, best first. // row of [n, classes] */
export function rankLabels(probabilities: Float32Array, row: number, labels: readonly string[]): ScoredLabel[] {
  return labels
    .map((label, c) => ({ label, probability: probabilities[row * labels.length + c] ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
}

/** From which probability on a label is given. */
export interface DecisionLimits {
  /** Multi-label: of each label. */
  readonly thresholds: readonly number[] | null;
  /** One label a row: of the most probable one; below it the row gets none. */
  readonly abstainBelow: number;
}

/** The labels that a model gives to a row: the most probable one, or (multi-label) all that reach their thresholds. */
export function decideLabels(
  probabilities: Float32Array,
  row: number,
  labels: readonly string[],
  { thresholds, abstainBelow }: DecisionLimits,
): string[] {
  const start = row * labels.length;
  if (thresholds) return labels.filter((_, c) => (probabilities[start + c] ?? 0) >= (thresholds[c] ?? 0.5));
  let best = 0;
  for (let c = 1; c < labels.length; c++) {
    if ((probabilities[start + c] ?? 0) > (probabilities[start + best] ?? 0)) best = c;
  }
  return (probabilities[start + best] ?? 0) < abstainBelow ? [] : labels.slice(best, best + 1);
}
