import type { Kernels, Tensor } from '../kernels/kernels';

/** The weights of one GRU layer; gates lie in the order r (reset), z (update), n (candidate), as torch keeps them. */
export interface GruWeights {
  readonly input: Tensor; // [in, 3·hidden]
  readonly recurrent: Tensor; // [hidden, 3·hidden]
  readonly bias: Tensor; // [3·hidden]
  /** Of the candidate's recurrent part, which the reset gate multiplies too. */
  readonly candidateBias: Tensor; // [hidden]
}

/** What the backward pass needs of one time step, `[batch, hidden]` each. */
interface StepTrace {
  readonly r: Tensor;
  readonly z: Tensor;
  readonly n: Tensor;
  readonly recurrentN: Tensor; // h · W_n + b_n
  readonly difference: Tensor; // hidden before − n
  readonly hiddenBefore: Tensor;
}

export interface GruTrace {
  readonly x: Tensor; // [time·batch, in]
  readonly weights: GruWeights;
  readonly steps: readonly StepTrace[];
}

export interface GruGradients {
  readonly dx: Tensor | null; // [time·batch, in]
  readonly dInput: Tensor;
  readonly dRecurrent: Tensor;
  readonly dBias: Tensor;
  readonly dCandidateBias: Tensor;
}

/**
 * Runs a gated recurrent layer over a window (Cho et al. 2014 in the form of torch's `GRU`):
 * n = tanh(x W + b + r · (h W + b′)), h′ = (1 − z) · n + z · h.
 * @param x time-major, `[time·batch, in]`; `hidden` `[batch, hidden]`
 * @returns outputs `[time·batch, hidden]`, the last state, and a trace unless `keepTrace` is false
 */
export function gruForward(
  k: Kernels,
  x: Tensor,
  time: number,
  weights: GruWeights,
  hidden: Tensor,
  keepTrace: boolean,
): { output: Tensor; hidden: Tensor; trace: GruTrace | null } {
  const [batch, width] = hidden.shape as [number, number];
  const { forGates, forCandidate } = inputsOf(k, x, time, weights, width);
  const steps: StepTrace[] = [];
  const outputs: Tensor[] = [];
  let h = hidden;
  for (let t = 0; t < time; t++) {
    const products = k.matmul(h, weights.recurrent);
    const [gatesPart, candidatePart] = k.splitColumns(products, [2 * width, width]) as [Tensor, Tensor];
    const raw = k.add(gatesPart, forGates[t]!);
    const sigmoids = k.sigmoid(raw);
    const [r, z] = k.splitColumns(sigmoids, [width, width]) as [Tensor, Tensor];
    const recurrentN = k.addBias(candidatePart, weights.candidateBias);
    const reset = k.mul(r, recurrentN);
    const rawN = k.add(reset, forCandidate[t]!);
    const n = k.tanh(rawN);
    const difference = k.sub(h, n);
    const carried = k.mul(z, difference);
    const next = k.add(n, carried);
    k.dispose(products, gatesPart, candidatePart, raw, sigmoids, reset, rawN, carried);
    if (keepTrace) steps.push({ r, z, n, recurrentN, difference, hiddenBefore: h });
    else k.dispose(r, z, n, recurrentN, difference);
    outputs.push(next);
    h = next;
  }
  const stacked = k.stack(outputs);
  const output = k.reshape(stacked, [time * batch, width]);
  k.dispose(stacked, ...forGates, ...forCandidate);
  if (!keepTrace) k.dispose(...outputs.slice(0, -1));
  return { output, hidden: h, trace: keepTrace ? { x, weights, steps } : null };
}

/** The gradients of {@link gruForward} given those of its outputs; none flows into the state that came in. */
export function gruBackward(k: Kernels, trace: GruTrace, dOutput: Tensor, needsDx: boolean): GruGradients {
  const { x, weights, steps } = trace;
  const time = steps.length;
  const [batch, width] = steps[0]!.r.shape as [number, number];
  const cube = k.reshape(dOutput, [time, batch, width]);
  const dOutputs = k.unstack(cube);
  const gateParts = new Array<Tensor>(time);
  const candidateParts = new Array<Tensor>(time); // through the input's side of n
  const recurrentParts = new Array<Tensor>(time); // through the recurrent side of n, times r
  let dHidden: Tensor | null = null;
  for (let t = time - 1; t >= 0; t--) {
    const back = stepBackward(k, steps[t]!, dOutputs[t]!, dHidden);
    [gateParts[t], candidateParts[t], recurrentParts[t]] = [back.dGates, back.dRawN, back.dRecurrentN];
    const dProducts = t > 0 ? k.concat([back.dGates, back.dRecurrentN], 1) : null;
    const byProducts = dProducts && k.matmul(dProducts, weights.recurrent, false, true);
    k.dispose(dHidden, dProducts);
    dHidden = byProducts && k.add(byProducts, back.carried);
    k.dispose(byProducts, back.carried);
  }
  const whole = (parts: readonly Tensor[]): Tensor => {
    const stacked = k.stack(parts);
    const matrix = k.reshape(stacked, [time * batch, parts[0]!.shape[1]!]);
    k.dispose(stacked);
    return matrix;
  };
  const [dGates, dRawN, dRecurrentN] = [whole(gateParts), whole(candidateParts), whole(recurrentParts)];
  const hiddenBefore = whole(steps.map((step) => step.hiddenBefore));
  const dInputs = k.concat([dGates, dRawN], 1);
  const dProducts = k.concat([dGates, dRecurrentN], 1);
  const result = {
    dx: needsDx ? k.matmul(dInputs, weights.input, false, true) : null,
    dInput: k.matmul(x, dInputs, true, false),
    dRecurrent: k.matmul(hiddenBefore, dProducts, true, false),
    dBias: k.sum(dInputs, 0),
    dCandidateBias: k.sum(dRecurrentN, 0),
  };
  k.dispose(cube, ...dOutputs, ...gateParts, ...candidateParts, ...recurrentParts);
  k.dispose(dGates, dRawN, dRecurrentN, hiddenBefore, dInputs, dProducts);
  return result;
}

/** The input's part of all steps in one product: `[batch, 2·hidden]` for the gates, `[batch, hidden]` for n. */
function inputsOf(k: Kernels, x: Tensor, time: number, weights: GruWeights, width: number) {
  const products = k.matmul(x, weights.input);
  const biased = k.addBias(products, weights.bias);
  const [gates, candidate] = k.splitColumns(biased, [2 * width, width]) as [Tensor, Tensor];
  const batch = x.shape[0]! / time;
  const cubes = [k.reshape(gates, [time, batch, 2 * width]), k.reshape(candidate, [time, batch, width])] as const;
  const result = { forGates: k.unstack(cubes[0]), forCandidate: k.unstack(cubes[1]) };
  k.dispose(products, biased, gates, candidate, ...cubes);
  return result;
}

function stepBackward(k: Kernels, step: StepTrace, dOutput: Tensor, dHidden: Tensor | null) {
  const { r, z, n, recurrentN, difference } = step;
  const dh = dHidden ? k.add(dOutput, dHidden) : dOutput;
  const carried = k.mul(dh, z);
  const dn = k.sub(dh, carried);
  const dRawN = k.tanhGrad(n, dn);
  const dz = k.mul(dh, difference);
  const dr = k.mul(dRawN, recurrentN);
  const dRecurrentN = k.mul(dRawN, r);
  const parts = [k.sigmoidGrad(r, dr), k.sigmoidGrad(z, dz)];
  const dGates = k.concat(parts, 1);
  k.dispose(dHidden ? dh : null, dn, dz, dr, ...parts);
  return { dGates, dRawN, dRecurrentN, carried };
}
