/** A box on the drawing, in pixels from its upper left corner. */
export interface LabelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels that stay free between two labels. */
const gap = 3;

function overlap(a: LabelBox, b: LabelBox): boolean {
  const apart =
    a.x + a.width + gap <= b.x ||
    b.x + b.width + gap <= a.x ||
    a.y + a.height + gap <= b.y ||
    b.y + b.height + gap <= a.y;
  return !apart;
}

/**
 * Finds places for labels one after another: each stays where it is or moves up until it covers no earlier one; one that
 * would leave the drawing at the top moves down instead.
 *
 * @returns for a label's box how far it has to be moved down (negative: up), in pixels; place 0 begins a new drawing
 */
export function createStagger(): (place: number, box: LabelBox) => number {
  let placed: LabelBox[] = [];
  const free = (box: LabelBox, step: number): LabelBox => {
    let moved = box;
    while (placed.some((other) => overlap(moved, other))) moved = { ...moved, y: moved.y + step };
    return moved;
  };
  return (place, box) => {
    if (place === 0) placed = [];
    const up = free(box, -(box.height + gap));
    const found = up.y >= 0 ? up : free(box, box.height + gap);
    placed.push(found);
    return found.y - box.y;
  };
}
