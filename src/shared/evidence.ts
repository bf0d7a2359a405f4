/**
 * Fewer texts than this measure next to nothing: of 29 the 95 % interval is up to 35 points wide, and one text more or
 * less that is right moves the share by more than three. Every face then says so beside the figure.
 */
export const FEWEST_MEASURED = 30;

/** Fewer validation texts than this say nothing reliable about a blend: then it is used unjudged. */
export const FEWEST_JUDGED = 100;

/** Fewer texts of one label than this say nothing of how well it is told: with four, one text more is 25 points. */
export const FEWEST_OF_LABEL = 5;

/** Whether a label, or another part of the measured texts, has too few of them for figures of its own. */
export function isTooFewOfLabel(support: number): boolean {
  return support < FEWEST_OF_LABEL;
}

/** Whether a measurement on so many texts is too small to go by. */
export function isTooFewToMeasure(n: number): boolean {
  return n < FEWEST_MEASURED;
}

/** How many of the texts a share was right on. */
export function rightOnes({ accuracy, n }: { readonly accuracy: number; readonly n: number }): number {
  return Math.round(accuracy * n);
}
