import type { Kernels, Tensor } from '../kernels/kernels';
import type { Cell } from './cells';

/** The weights of a layer of cells. The books' first models have one matrix for both `input` and `recurrent`. */
export interface StepWeights {
  readonly input: Tensor; // [in, gates · hidden]
  readonly recurrent: Tensor; // [hidden, gates · hidden]
  readonly bias: Tensor; // [gates · hidden]
}

export interface StepLayerTrace {
  readonly x: Tensor; // [time·batch, in]
  readonly weights: StepWeights;
  readonly before: readonly Tensor[]; // h before each step
  readonly steps: readonly (readonly Tensor[])[];
}

/**
 * Runs cells over a section, one step after the other; the caller's scope frees what is made on the way.
 * @param x time-major, `[time·batch, in]`
 * @returns the output of each step `[batch, hidden]`, the last state, and what the backward pass needs
 */
export function stepLayerForward(
  k: Kernels,
  cell: Cell,
  x: Tensor,
  time: number,
  weights: StepWeights,
  first: readonly Tensor[],
): { outputs: readonly Tensor[]; state: readonly Tensor[]; trace: StepLayerTrace } {
  const sums = k.addBias(k.matmul(x, weights.input), weights.bias);
  const inputs = k.unstack(k.reshape(sums, [time, sums.shape[0]! / time, sums.shape[1]!]));
  const before: Tensor[] = [];
  const outputs: Tensor[] = [];
  const steps: (readonly Tensor[])[] = [];
  let state = first;
  for (const input of inputs) {
    before.push(state[0]!);
    const run = cell.step(k, k.add(k.matmul(state[0]!, weights.recurrent), input), state);
    steps.push(run.trace);
    outputs.push(run.state[0]!);
    state = run.state;
  }
  return { outputs, state, trace: { x, weights, before, steps } };
}

/**
 * The gradients of {@link stepLayerForward}; none flows into the first state.
 * @param dOutputs of each step's output; null where it was not used
 */
export function stepLayerBackward(
  k: Kernels,
  cell: Cell,
  trace: StepLayerTrace,
  dOutputs: readonly (Tensor | null)[],
): { dx: Tensor; dInput: Tensor; dRecurrent: Tensor; dBias: Tensor } {
  const { x, weights, before, steps } = trace;
  const raws = new Array<Tensor>(steps.length);
  let dState: readonly (Tensor | null)[] = new Array<null>(cell.states).fill(null);
  for (let t = steps.length - 1; t >= 0; t--) {
    const [later, ...others] = dState;
    const own = dOutputs[t];
    const dh = own && later ? k.add(own, later) : (own ?? later)!;
    const back = cell.stepBackward(k, steps[t]!, [dh, ...others]);
    raws[t] = back.dRaw;
    dState = [t > 0 ? k.matmul(back.dRaw, weights.recurrent, false, true) : null, ...back.dState.slice(1)];
  }
  const joined = (parts: readonly Tensor[]): Tensor => k.reshape(k.stack(parts), [x.shape[0]!, parts[0]!.shape[1]!]);
  const dRaw = joined(raws);
  return {
    dx: k.matmul(dRaw, weights.input, false, true),
    dInput: k.matmul(x, dRaw, true, false),
    dRecurrent: k.matmul(joined(before), dRaw, true, false),
    dBias: k.sum(dRaw, 0),
  };
}
