/** Drawings that wait, each under what it draws: a newer one of the same takes the place of the older. */
const waiting = new Map<object, () => void>();
let asked = false;

/**
 * Draws in one of the next frames, one chart a frame: several charts that change at once (a training step reaches all of
 * them) would together take longer than a frame has.
 */
export function drawSoon(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  ask();
}

/** What waits for `owner` is not drawn any more. */
export function drawNever(owner: object): void {
  waiting.delete(owner);
}

function ask(): void {
  if (asked || waiting.size === 0) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    const [next] = waiting;
    if (next === undefined) return;
    waiting.delete(next[0]);
    next[1]();
    ask();
  });
}
