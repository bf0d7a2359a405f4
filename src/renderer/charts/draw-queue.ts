/** Milliseconds between two drawings of one chart, at least: four times a second looks live. */
const shortestRest = 250;
/** After a drawing that took long a chart rests so many times as long: charts take a twentieth of the time at most. */
const restShare = 20;

/** Drawings that wait, each under what it draws: a newer one of the same takes the place of the older. */
const waiting = new Map<object, () => void>();
/** Until when an owner rests, by the clock of `performance.now()`. */
const rests = new WeakMap<object, number>();
let asked = false;

/**
 * Draws in one of the next frames, one chart a frame, and each chart only so often: several charts that change with each
 * training step would together take more than a frame has.
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
  const wait = Math.min(...[...waiting.keys()].map((owner) => rests.get(owner) ?? 0)) - performance.now();
  if (wait <= 0) requestAnimationFrame(drawOne);
  else setTimeout(() => requestAnimationFrame(drawOne), wait);
}

/** Draws whoever has rested, the one that waits longest first. */
function drawOne(): void {
  asked = false;
  const begun = performance.now();
  for (const [owner, draw] of waiting) {
    if ((rests.get(owner) ?? 0) > begun) continue;
    waiting.delete(owner);
    draw();
    const ended = performance.now();
    rests.set(owner, ended + Math.max(shortestRest, (ended - begun) * restShare));
    break;
  }
  ask();
}
