/** Place of the largest of `count` values from `start` on, counted from `start`; the first of equals. */
export function argmax(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) if ((values[start + c] ?? 0) > (values[start + best] ?? 0)) best = c;
  return best;
}

/** The largest and the second largest of `count` values from `start` on; the second is 0 when there is only one. */
export function topTwo(values: ArrayLike<number>, start: number, count: number): [number, number] {
  let first = -Infinity;
  let second = count > 1 ? -Infinity : 0;
  for (let c = 0; c < count; c++) {
    const value = values[start + c] ?? 0;
    if (value > first) {
      if (count > 1) second = first;
      first = value;
    } else if (value > second) second = value;
  }
  return [first, second];
}
