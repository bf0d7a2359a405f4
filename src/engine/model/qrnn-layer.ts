import type { Kernels, Tensor } from '../kernels/kernels';

/** The weights of one QRNN layer; gates lie in the order z, f, and o where there is one. */
export interface QrnnWeights {
  readonly input: Tensor; // [window · in, gates · hidden]
  readonly bias: Tensor; // [gates · hidden]
}

export interface QrnnOptions {
  /** Width of the masked convolution: 1 sees x[t], 2 sees x[t − 1] and x[t]. */
  readonly window: 1 | 2;
  /** true: fo-pooling, y = o · c; false: f-pooling, y = c. */
  readonly outputGate: boolean;
  /** Runs from the end of the window to its beginning. */
  readonly reverse: boolean;
}

/** What the backward pass needs. Lists are in the order in which time is run through. */
export interface QrnnTrace {
  readonly source: Tensor; // [time·batch, window · in]
  readonly weights: QrnnWeights;
  readonly options: QrnnOptions;
  readonly z: readonly Tensor[];
  readonly f: readonly Tensor[];
  readonly o: readonly Tensor[];
  readonly cells: readonly Tensor[]; // after each step, the first state in front
}

export interface QrnnGradients {
  readonly dx: Tensor; // [time·batch, in]
  readonly dInput: Tensor;
  readonly dBias: Tensor;
  readonly dCell: Tensor; // of the state that came in, [batch, hidden]
}

/**
 * Runs a quasi-recurrent layer over a window (Bradbury et al. 2016): all gates are one matrix product, and only
 * c[t] = f · c[t − 1] + (1 − f) · z runs step by step.
 * @param x time-major, `[time·batch, in]`
 * @param previous the input before this window for a convolution of width 2, `[batch, in]`; null: zeros
 * @returns outputs `[time·batch, hidden]`, the last cell state, and a trace
 */
export function qrnnForward(
  k: Kernels,
  x: Tensor,
  time: number,
  weights: QrnnWeights,
  cell: Tensor,
  previous: Tensor | null,
  options: QrnnOptions,
): { output: Tensor; cell: Tensor; trace: QrnnTrace } {
  const [batch, hidden] = cell.shape as [number, number];
  const ordered = options.reverse ? reverseTime(k, x, time) : x;
  const source = options.window === 1 ? ordered : withPrevious(k, ordered, time, previous);
  const gates = k.addBias(k.matmul(source, weights.input), weights.bias);
  const widths = new Array<number>(options.outputGate ? 3 : 2).fill(hidden);
  const [rawZ, rawF, rawO] = k.splitColumns(gates, widths);
  const steps = (matrix: Tensor): Tensor[] => k.unstack(k.reshape(matrix, [time, batch, hidden]));
  const z = steps(k.tanh(rawZ!));
  const f = steps(k.sigmoid(rawF!));
  const o = rawO ? steps(k.sigmoid(rawO)) : [];
  const cells = [cell];
  for (let t = 0; t < time; t++) {
    // c = z + f · (c − z) is the same as f · c + (1 − f) · z with one product less.
    const difference = k.sub(cells[t]!, z[t]!);
    const kept = k.mul(f[t]!, difference);
    cells.push(k.add(z[t]!, kept));
    k.dispose(difference, kept);
  }
  const outputs = options.outputGate ? o.map((gate, t) => k.mul(gate, cells[t + 1]!)) : cells.slice(1);
  const inOrder = options.reverse ? [...outputs].reverse() : outputs;
  const output = k.reshape(k.stack(inOrder), [time * batch, hidden]);
  return { output, cell: cells[time]!, trace: { source, weights, options, z, f, o, cells } };
}

/** The gradients of {@link qrnnForward}, given those of its outputs `[time·batch, hidden]`. */
export function qrnnBackward(k: Kernels, trace: QrnnTrace, dOutput: Tensor): QrnnGradients {
  const { source, weights, options, z, f, o, cells } = trace;
  const time = z.length;
  const [batch, hidden] = cells[0]!.shape as [number, number];
  const unstacked = k.unstack(k.reshape(dOutput, [time, batch, hidden]));
  const dOutputs = options.reverse ? [...unstacked].reverse() : unstacked;
  const gateGradients = new Array<Tensor>(time);
  let dCell = k.fill([batch, hidden], 0);
  for (let t = time - 1; t >= 0; t--) {
    const gate = o[t];
    const direct = gate ? k.mul(dOutputs[t]!, gate) : dOutputs[t]!;
    const d = k.add(dCell, direct);
    const carried = k.mul(d, f[t]!);
    const dz = k.sub(d, carried);
    const df = k.mul(d, k.sub(cells[t]!, z[t]!));
    const parts = [k.tanhGrad(z[t]!, dz), k.sigmoidGrad(f[t]!, df)];
    if (gate) parts.push(k.sigmoidGrad(gate, k.mul(dOutputs[t]!, cells[t + 1]!)));
    gateGradients[t] = k.concat(parts, 1);
    dCell = carried;
  }
  const dGates = k.reshape(k.stack(gateGradients), [time * batch, gateGradients[0]!.shape[1]!]);
  const dSource = k.matmul(dGates, weights.input, false, true);
  const ordered = options.window === 1 ? dSource : foldPrevious(k, dSource, time);
  return {
    dx: options.reverse ? reverseTime(k, ordered, time) : ordered,
    dInput: k.matmul(source, dGates, true, false),
    dBias: k.sum(dGates, 0),
    dCell,
  };
}

/** `[time·batch, n]` with time turned round. */
function reverseTime(k: Kernels, x: Tensor, time: number): Tensor {
  const [rows, width] = x.shape as [number, number];
  const steps = k.unstack(k.reshape(x, [time, rows / time, width]));
  return k.reshape(k.stack(steps.reverse()), [rows, width]);
}

/** x[t − 1] before x[t] in each row. */
function withPrevious(k: Kernels, x: Tensor, time: number, previous: Tensor | null): Tensor {
  const [rows, width] = x.shape as [number, number];
  const batch = rows / time;
  const first = previous ?? k.fill([batch, width], 0);
  const shifted = time === 1 ? first : k.concat([first, k.sliceRows(x, 0, rows - batch)], 0);
  return k.concat([shifted, x], 1);
}

/** The reverse of {@link withPrevious} for gradients: what x[t] gets from its own row and from the next. */
function foldPrevious(k: Kernels, dSource: Tensor, time: number): Tensor {
  const [rows, doubled] = dSource.shape as [number, number];
  const [width, batch] = [doubled / 2, rows / time];
  const [byNext, own] = k.splitColumns(dSource, [width, width]) as [Tensor, Tensor];
  if (time === 1) return own;
  const later = k.concat([k.sliceRows(byNext, batch, rows - batch), k.fill([batch, width], 0)], 0);
  return k.add(own, later);
}
