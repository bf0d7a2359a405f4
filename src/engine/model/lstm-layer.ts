import type { FusedKernels } from '../kernels/fused-kernels';
import type { Kernels, Tensor } from '../kernels/kernels';

/** The weights of one LSTM layer; gates lie in the order i, f, o, g so that three of them are one sigmoid. */
export interface LstmWeights {
  readonly input: Tensor; // [in, 4·hidden]
  readonly recurrent: Tensor; // [hidden, 4·hidden]
  readonly bias: Tensor; // [4·hidden]
}

/** The state that is carried from one window of text to the next. */
export interface LstmState {
  readonly h: Tensor; // [batch, hidden]
  readonly c: Tensor; // [batch, hidden]
}

/** What the backward pass needs of one time step. */
interface StepTrace {
  readonly i: Tensor;
  readonly f: Tensor;
  readonly o: Tensor;
  readonly g: Tensor;
  readonly cellBefore: Tensor;
  readonly cellTanh: Tensor;
  readonly hiddenBefore: Tensor;
}

export interface LstmTrace {
  readonly x: Tensor; // [time·batch, in]
  readonly weights: LstmWeights;
  readonly steps: readonly StepTrace[];
  /** In place of the steps where the layer ran as one fused kernel. */
  readonly fused: FusedTrace | null;
}

interface FusedTrace {
  readonly before: LstmState;
  readonly output: Tensor; // [time·batch, hidden]
  readonly gates: Tensor; // [time·batch, 4·hidden]
  readonly cells: Tensor; // [time·batch, hidden]
}

export interface LstmGradients {
  readonly dx: Tensor; // [time·batch, in]
  readonly dInput: Tensor;
  readonly dRecurrent: Tensor;
  readonly dBias: Tensor;
}

/**
 * Runs the layer over a window (Hochreiter & Schmidhuber 1997; torch's `LSTM`).
 *
 * The input's projections of all time steps are one matrix product; only h · W stays in the loop.
 * @param x time-major, `[time·batch, in]`
 * @returns outputs `[time·batch, hidden]`, the last state, and a trace unless `keepTrace` is false
 */
export function lstmForward(
  k: Kernels,
  x: Tensor,
  time: number,
  weights: LstmWeights,
  state: LstmState,
  keepTrace: boolean,
): { output: Tensor; state: LstmState; trace: LstmTrace | null } {
  if (k.fused) return fusedForward(k, k.fused, x, time, weights, state, keepTrace);
  const hidden = weights.recurrent.shape[0]!;
  const batch = state.h.shape[0]!;
  const projected = k.matmul(x, weights.input);
  const biased = k.addBias(projected, weights.bias);
  const cube = k.reshape(biased, [time, batch, 4 * hidden]);
  const inputs = k.unstack(cube);
  k.dispose(projected, biased, cube);

  const steps: StepTrace[] = [];
  const outputs: Tensor[] = [];
  let { h, c } = state;
  for (const input of inputs) {
    const recurrent = k.matmul(h, weights.recurrent);
    const gates = k.add(recurrent, input);
    const [three, candidate] = k.splitColumns(gates, [3 * hidden, hidden]) as [Tensor, Tensor];
    const sigmoids = k.sigmoid(three);
    const g = k.tanh(candidate);
    const [i, f, o] = k.splitColumns(sigmoids, [hidden, hidden, hidden]) as [Tensor, Tensor, Tensor];
    const kept = k.mul(f, c);
    const added = k.mul(i, g);
    const cell = k.add(kept, added);
    const cellTanh = k.tanh(cell);
    const output = k.mul(o, cellTanh);
    k.dispose(recurrent, input, gates, three, candidate, sigmoids, kept, added);
    if (keepTrace) steps.push({ i, f, o, g, cellBefore: c, cellTanh, hiddenBefore: h });
    else {
      k.dispose(i, f, o, g, cellTanh);
      // The state that came in and the last one belong to the caller.
      if (c !== state.c) k.dispose(c);
    }
    outputs.push(output);
    h = output;
    c = cell;
  }
  const stacked = k.stack(outputs);
  const output = k.reshape(stacked, [time * batch, hidden]);
  k.dispose(stacked);
  if (!keepTrace) k.dispose(...outputs.slice(0, -1));
  return { output, state: { h, c }, trace: keepTrace ? { x, weights, steps, fused: null } : null };
}

/**
 * The gradients of {@link lstmForward} given those of its outputs; none flows into the state that came in (truncated
 * back-propagation through time).
 */
export function lstmBackward(
  k: Kernels,
  trace: LstmTrace,
  dOutput: Tensor,
  needsDx: boolean,
): Omit<LstmGradients, 'dx'> & { dx: Tensor | null } {
  if (k.fused && trace.fused) return fusedBackward(k, k.fused, trace, trace.fused, dOutput, needsDx);
  const { weights, steps, x } = trace;
  const hidden = weights.recurrent.shape[0]!;
  const time = steps.length;
  const batch = steps[0]!.i.shape[0]!;
  const cube = k.reshape(dOutput, [time, batch, hidden]);
  const dOutputs = k.unstack(cube);
  k.dispose(cube);

  const gateGradients = new Array<Tensor>(time);
  let dHidden: Tensor | null = null;
  let dCell: Tensor | null = null;
  for (let t = time - 1; t >= 0; t--) {
    const step = steps[t]!;
    const back = stepBackward(k, step, dOutputs[t]!, dHidden, dCell);
    k.dispose(dOutputs[t], dHidden, dCell);
    gateGradients[t] = back.dGates;
    dCell = back.dCell;
    dHidden = t > 0 ? k.matmul(back.dGates, weights.recurrent, false, true) : null;
  }
  k.dispose(dHidden, dCell);

  const stackedGates = k.stack(gateGradients);
  const dGates = k.reshape(stackedGates, [time * batch, 4 * hidden]);
  const stackedHidden = k.stack(steps.map((step) => step.hiddenBefore));
  const hiddenBefore = k.reshape(stackedHidden, [time * batch, hidden]);
  const result = {
    dx: needsDx ? k.matmul(dGates, weights.input, false, true) : null,
    dInput: k.matmul(x, dGates, true, false),
    dRecurrent: k.matmul(hiddenBefore, dGates, true, false),
    dBias: k.sum(dGates, 0),
  };
  k.dispose(stackedGates, dGates, stackedHidden, hiddenBefore, ...gateGradients);
  return result;
}

function stepBackward(
  k: Kernels,
  step: StepTrace,
  dOutput: Tensor,
  dHidden: Tensor | null,
  dCellLater: Tensor | null,
): { dGates: Tensor; dCell: Tensor } {
  const { i, f, o, g, cellBefore, cellTanh } = step;
  const dh = dHidden ? k.add(dOutput, dHidden) : dOutput;
  const dOutGate = k.mul(dh, cellTanh);
  const dTanh = k.mul(dh, o);
  const dCellNow = k.tanhGrad(cellTanh, dTanh);
  const dCell = dCellLater ? k.add(dCellNow, dCellLater) : dCellNow;
  const byI = k.mul(dCell, g);
  const byF = k.mul(dCell, cellBefore);
  const byG = k.mul(dCell, i);
  const parts = [k.sigmoidGrad(i, byI), k.sigmoidGrad(f, byF), k.sigmoidGrad(o, dOutGate), k.tanhGrad(g, byG)];
  const dGates = k.concat(parts, 1);
  const carried = k.mul(dCell, f);
  if (dHidden) k.dispose(dh);
  if (dCell !== dCellNow) k.dispose(dCell);
  k.dispose(dOutGate, dTanh, dCellNow, byI, byF, byG, ...parts);
  return { dGates, dCell: carried };
}

function fusedForward(
  k: Kernels,
  fused: FusedKernels,
  x: Tensor,
  time: number,
  weights: LstmWeights,
  state: LstmState,
  keepTrace: boolean,
): { output: Tensor; state: LstmState; trace: LstmTrace | null } {
  const batch = state.h.shape[0]!;
  const { output, gates, cells } = fusedGates(k, fused, x, weights, state, keepTrace);
  const h = k.sliceRows(output, (time - 1) * batch, batch);
  if (!keepTrace) {
    k.dispose(gates);
    return { output, state: { h, c: cells }, trace: null };
  }
  const c = k.sliceRows(cells, (time - 1) * batch, batch);
  const trace = { x, weights, steps: [], fused: { before: state, output, gates, cells } };
  return { output, state: { h, c }, trace };
}

/** What a core keeps close at hand: most processors have 1 to 2 MB of second-level cache for each. */
const CACHED_BYTES = 1 << 21;

/**
 * From how many rows on x and h go through one product a step. Fewer share the price of passing over both weights at
 * each step among too few; 32-bit weights that no cache holds need more of them.
 */
function rowsForOneProduct({ precision, threads }: FusedKernels, inputs: number, hidden: number): number {
  if (precision === 'bf16') return 16;
  return (16 * hidden * (inputs + hidden)) / threads <= CACHED_BYTES ? 24 : 64;
}

function fusedGates(
  k: Kernels,
  fused: FusedKernels,
  x: Tensor,
  weights: LstmWeights,
  state: LstmState,
  keepTrace: boolean,
): { output: Tensor; gates: Tensor; cells: Tensor } {
  const [rows, hidden] = state.h.shape as [number, number];
  if (rows >= rowsForOneProduct(fused, x.shape[1]!, hidden)) return fused.lstmWithInput(x, weights, state, keepTrace);
  const projected = k.matmul(x, weights.input);
  const result = fused.lstm(projected, weights.recurrent, weights.bias, state, keepTrace);
  k.dispose(projected);
  return result;
}

function fusedBackward(
  k: Kernels,
  fused: FusedKernels,
  { weights, x }: LstmTrace,
  { before, output, gates, cells }: FusedTrace,
  dOutput: Tensor,
  needsDx: boolean,
): Omit<LstmGradients, 'dx'> & { dx: Tensor | null } {
  const batch = before.h.shape[0]!;
  const dGates = fused.lstmGradient(weights.recurrent, before.c, gates, cells, dOutput);
  const earlier = k.sliceRows(output, 0, output.shape[0]! - batch);
  const hiddenBefore = k.concat([before.h, earlier], 0);
  const result = {
    dx: needsDx ? k.matmul(dGates, weights.input, false, true) : null,
    dInput: k.matmul(x, dGates, true, false),
    dRecurrent: k.matmul(hiddenBefore, dGates, true, false),
    dBias: k.sum(dGates, 0),
  };
  k.dispose(dGates, earlier, hiddenBefore);
  return result;
}
