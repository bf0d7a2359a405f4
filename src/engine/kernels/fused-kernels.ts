import type { Tensor } from './kernels';

/** What the fused kernels were configured to. */
export interface FusedFacts {
  /** The instruction set: 'amx', 'avx512-bf16', 'avx512' or 'avx2'. */
  readonly name: string;
  readonly precision: 'fp32' | 'bf16';
  readonly threads: number;
}

/**
 * Whole layers and losses as one call each, in machine code of our own (`native/`): the recurrent weights stay in the
 * processor's cache for a whole window, and no matrix as large as the vocabulary is passed over more often than needed.
 * A {@link file://./kernels.ts Kernels} has them where a C++ compiler was there at set-up and the processor is known;
 * elsewhere the same mathematics runs on the small kernels. Both are held to the same parity cases.
 */
export interface FusedKernels extends FusedFacts {
  /**
   * An LSTM over a window, gates in the order i, f, o, g.
   * @param projected `[time·batch, 4·hidden]`, x · Wx without the bias; `recurrent` `[hidden, 4·hidden]`; `bias`
   * `[4·hidden]`; `h0` and `c0` `[batch, hidden]`
   * @param keep whether a gradient will be asked for
   * @returns output `[time·batch, hidden]`; with `keep` the activated gates `[time·batch, 4·hidden]` and all cells
   * `[time·batch, hidden]`, else no gates and the last cells `[batch, hidden]`
   */
  lstm(
    projected: Tensor,
    recurrent: Tensor,
    bias: Tensor,
    state: { readonly h: Tensor; readonly c: Tensor },
    keep: boolean,
  ): { output: Tensor; gates: Tensor; cells: Tensor };

  /**
   * The same from x and its weights: a step is one product of [h | x], and no matrix of x · Wx is made.
   * @param x `[time·batch, inputs]`; `input` `[inputs, 4·hidden]`; the rest as of {@link lstm}
   */
  lstmWithInput(
    x: Tensor,
    weights: { readonly input: Tensor; readonly recurrent: Tensor; readonly bias: Tensor },
    state: { readonly h: Tensor; readonly c: Tensor },
    keep: boolean,
  ): { output: Tensor; gates: Tensor; cells: Tensor };

  /** The gradients of {@link lstm} before the gates' activations, `[time·batch, 4·hidden]`. */
  lstmGradient(recurrent: Tensor, c0: Tensor, gates: Tensor, cells: Tensor, dOutput: Tensor): Tensor;

  /**
   * A quasi-recurrent layer after its matrix product, gates in the order z, f, and o where there is one.
   * @param raw `[time·batch, gates·hidden]`, without the bias; `bias` `[gates·hidden]`; `c0` `[batch, hidden]`; `zoneOut`
   * a scaled mask `[time·batch, hidden]`, null: off
   * @returns output `[time·batch, hidden]`; gates and cells as of {@link lstm}
   */
  qrnn(
    raw: Tensor,
    bias: Tensor,
    c0: Tensor,
    zoneOut: Tensor | null,
    keep: boolean,
  ): { output: Tensor; gates: Tensor; cells: Tensor };

  /** The gradients of {@link qrnn} before the gates' activations, and of the cells that came in, `[batch, hidden]`. */
  qrnnGradient(
    gates: Tensor,
    cells: Tensor,
    c0: Tensor,
    zoneOut: Tensor | null,
    dOutput: Tensor,
  ): { dGates: Tensor; dC0: Tensor };

  /**
   * Softmax cross-entropy of x · Eᵀ + b.
   * @param x `[rows, width]`; `embedding` `[vocabulary, width]`; `bias` `[vocabulary]`; `targets` one id a row
   * @param scale the gradients are those of scale · the sum of the losses; null asks for none
   * @returns losses `[rows]` in nats, best `[rows]` (1 where the target was the most probable), and the gradients
   */
  crossEntropy(
    x: Tensor,
    embedding: Tensor,
    bias: Tensor,
    targets: Tensor,
    scale: number | null,
  ): { losses: Tensor; best: Tensor; dx: Tensor; dEmbedding: Tensor; dBias: Tensor };

  /** A matrix or a vector of 0 (with probability `rate`) and 1 / (1 − rate). */
  dropoutMask(shape: readonly number[], rate: number, seed: readonly [number, number]): Tensor;

  /**
   * One step of Adam: `mean` and `square`, as read of their variables, change in place; all have one shape.
   * @param numbers scale of the gradient, beta 1, beta 2, rate and epsilon as TensorFlow's `ApplyAdam` computes with
   * them, and what the value is multiplied by first
   * @returns the new value
   */
  adam(value: Tensor, mean: Tensor, square: Tensor, gradient: Tensor, numbers: Float32Array): Tensor;

  /**
   * The gradient of an encoder's output out of the decoder's and of those of squared activations and of their changes from
   * step to step: mask · (decoded + activation · dropped) + temporal · (change from before − change to the next).
   * @param parts `decoded`, `dropped` and `raw` `[time·batch, width]`; `mask` of the same shape or `[batch, width]` for
   * every step, null: `dropped` is `raw`
   * @returns dRaw `[time·batch, width]`, and sums `[2]`: Σ dropped², Σ changes²
   */
  outputGradient(
    parts: { readonly decoded: Tensor; readonly dropped: Tensor; readonly raw: Tensor; readonly mask: Tensor | null },
    batch: number,
    factors: { readonly activation: number; readonly temporal: number },
  ): { dRaw: Tensor; sums: Tensor };
}

/** What the addon of `native/ops.cc` gives JavaScript. Loading it registers its operations with TensorFlow. */
export interface FusedAddon {
  /** Chooses the instruction set (`only` names one, '' takes the best) and the number of threads (0: all). */
  configure(bf16: boolean, threads: number, only: string): FusedFacts | null;
}
