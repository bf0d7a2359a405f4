import type { Kernels, Tensor } from '../kernels/kernels';

/**
 * c[t] = kept[t] · c[t − 1] + added[t], elementwise: the only part of a quasi-recurrent layer that runs step by step.
 * @param kept `[time·batch, hidden]`, and so is `added`; `first` `[batch, hidden]`
 * @returns all c `[time·batch, hidden]`, and the last one `[batch, hidden]`
 */
export function linearScan(
  k: Kernels,
  kept: Tensor,
  added: Tensor,
  first: Tensor,
  time: number,
): { all: Tensor; last: Tensor } {
  const factors = stepsOf(k, kept, time);
  const summands = stepsOf(k, added, time);
  const cells: Tensor[] = [];
  let cell = first;
  for (let t = 0; t < time; t++) {
    const carried = k.mul(cell, factors[t]!);
    cell = k.add(carried, summands[t]!);
    cells.push(cell);
    k.dispose(carried);
  }
  const all = joined(k, cells, kept);
  k.dispose(...factors, ...summands, ...cells.slice(0, -1));
  return { all, last: cell };
}

/**
 * The reverse of {@link linearScan}: d[t] = direct[t] + kept[t + 1] · d[t + 1], the whole gradient of each c.
 * @param direct the gradient that each c gets from its own step's output, `[time·batch, hidden]`
 * @returns all d `[time·batch, hidden]`, and that of the first state `[batch, hidden]`
 */
export function linearScanBackward(
  k: Kernels,
  kept: Tensor,
  direct: Tensor,
  time: number,
): { all: Tensor; first: Tensor } {
  const factors = stepsOf(k, kept, time);
  const own = stepsOf(k, direct, time);
  const gradients = new Array<Tensor>(time);
  let carried: Tensor | null = null;
  for (let t = time - 1; t >= 0; t--) {
    const gradient: Tensor = carried ? k.add(own[t]!, carried) : own[t]!;
    k.dispose(carried);
    carried = k.mul(gradient, factors[t]!);
    gradients[t] = gradient;
  }
  const all = joined(k, gradients, kept);
  k.dispose(...factors, ...own, ...gradients);
  return { all, first: carried! };
}

function stepsOf(k: Kernels, matrix: Tensor, time: number): Tensor[] {
  const [rows, width] = matrix.shape as [number, number];
  const cube = k.reshape(matrix, [time, rows / time, width]);
  const steps = k.unstack(cube);
  k.dispose(cube);
  return steps;
}

function joined(k: Kernels, steps: readonly Tensor[], like: Tensor): Tensor {
  const stacked = k.stack(steps);
  const matrix = k.reshape(stacked, like.shape);
  k.dispose(stacked);
  return matrix;
}
