/** First and second derivative of a function of one number. */
export interface Slopes {
  readonly first: number;
  readonly second: number;
}

/** Enough to halve any bracket down to the last digit. */
const MOST_STEPS = 60;

/**
 * The place of the minimum of a convex function between two bounds, by Newton's iteration that halves the bracket
 * wherever a step would leave it.
 * @param slopesAt derivatives at a place
 * @param isSmall whether a last step of that size, to that place, ends the search
 */
export function convexMinimum(
  bounds: { readonly low: number; readonly high: number; readonly start: number },
  slopesAt: (place: number) => Slopes,
  isSmall: (moved: number, place: number) => boolean,
): number {
  let { low, high, start: place } = bounds;
  for (let step = 0; step < MOST_STEPS; step++) {
    const { first, second } = slopesAt(place);
    if (first > 0) high = place;
    else low = place;
    const newton = place - first / second;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const moved = Math.abs(next - place);
    place = next;
    if (isSmall(moved, place)) break;
  }
  return place;
}
