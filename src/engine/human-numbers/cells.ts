import type { Kernels, Tensor } from '../kernels/kernels';

/** What one step of a recurrent layer does once its sums are made; `raw` is x · W + h · U + b, `[batch, gates · hidden]`. */
export interface Cell {
  readonly gates: number;
  /** How many tensors `[batch, hidden]` it carries; the first is its output. */
  readonly states: number;
  step(k: Kernels, raw: Tensor, state: readonly Tensor[]): { state: readonly Tensor[]; trace: readonly Tensor[] };
  /** @param dState gradients of the state after the step; null is none */
  stepBackward(
    k: Kernels,
    trace: readonly Tensor[],
    dState: readonly (Tensor | null)[],
  ): { dRaw: Tensor; dState: readonly (Tensor | null)[] };
}

/** h = relu(raw): the books' first recurrent models. */
export const reluCell: Cell = {
  gates: 1,
  states: 1,
  step(k, raw) {
    const h = k.relu(raw);
    return { state: [h], trace: [h] };
  },
  stepBackward(k, [h], [dh]) {
    return { dRaw: k.reluGrad(h!, dh!), dState: [null] };
  },
};

/** h = tanh(raw): torch's `RNN`. */
export const tanhCell: Cell = {
  gates: 1,
  states: 1,
  step(k, raw) {
    const h = k.tanh(raw);
    return { state: [h], trace: [h] };
  },
  stepBackward(k, [h], [dh]) {
    return { dRaw: k.tanhGrad(h!, dh!), dState: [null] };
  },
};

/** The books' LSTM cell written out: gates in the order input, forget, output, cell. */
export const lstmCell: Cell = {
  gates: 4,
  states: 2,
  step(k, raw, [, c]) {
    const hidden = c!.shape[1]!;
    const [rawIn, rawForget, rawOut, rawCell] = k.splitColumns(raw, [hidden, hidden, hidden, hidden]);
    const inGate = k.sigmoid(rawIn!);
    const forgetGate = k.sigmoid(rawForget!);
    const outGate = k.sigmoid(rawOut!);
    const cellGate = k.tanh(rawCell!);
    const after = k.add(k.mul(forgetGate, c!), k.mul(inGate, cellGate));
    const bent = k.tanh(after);
    const h = k.mul(outGate, bent);
    return { state: [h, after], trace: [inGate, forgetGate, outGate, cellGate, c!, bent] };
  },
  stepBackward(k, trace, [dh, dAfter]) {
    const [inGate, forgetGate, outGate, cellGate, before, bent] = trace as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const byOutput = k.tanhGrad(bent, k.mul(dh!, outGate));
    const dc = dAfter ? k.add(byOutput, dAfter) : byOutput;
    const dRaw = k.concat(
      [
        k.sigmoidGrad(inGate, k.mul(dc, cellGate)),
        k.sigmoidGrad(forgetGate, k.mul(dc, before)),
        k.sigmoidGrad(outGate, k.mul(dh!, bent)),
        k.tanhGrad(cellGate, k.mul(dc, inGate)),
      ],
      1,
    );
    return { dRaw, dState: [null, k.mul(dc, forgetGate)] };
  },
};
