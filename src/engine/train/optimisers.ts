import type { Kernels, Tensor, Variable } from '../kernels/kernels';
import { sizeOf } from '../kernels/kernels';
import type { Gradients, Parameters } from '../model/parameters';

/** The learning rate of a parameter in this step; 0 leaves it as it is. */
export type RateOf = (name: string) => number;

/** What every optimiser does. It frees the gradients it is given. */
export interface Optimiser {
  /** @param scale what all gradients are multiplied by first, see {@link clipFactor}; 1 where none is given */
  step(gradients: Gradients, rateOf: RateOf, momentum: number, scale?: number): void;
  /** State for a checkpoint: tensors by name, and step counts. */
  readState(): OptimiserState;
  writeState(state: OptimiserState): void;
  dispose(): void;
}

export interface OptimiserState {
  readonly tensors: Map<string, Float32Array>;
  readonly steps: Readonly<Record<string, number>>;
}

export interface AdamOptions {
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** true: decay acts on the weights (AdamW); false: it is added to the gradient (L2). */
  readonly decoupled: boolean;
}

/** fastai's defaults of ULMFiT's notebooks: Adam(.8, .99), wd as given. */
export const adamDefaults: AdamOptions = { beta2: 0.99, epsilon: 1e-7, weightDecay: 1e-7, decoupled: true };

interface Moments {
  readonly mean: Variable;
  readonly square: Variable;
  step: number;
}

/** Adam (Kingma & Ba 2015; Loshchilov & Hutter 2019 for the decay; fastai's `Adam`). The momentum is beta 1. */
export class Adam implements Optimiser {
  private readonly kernels: Kernels;
  private readonly parameters: Parameters;
  private readonly options: AdamOptions;
  private readonly moments = new Map<string, Moments>();

  constructor(kernels: Kernels, parameters: Parameters, options: AdamOptions = adamDefaults) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.options = options;
  }

  step(gradients: Gradients, rateOf: RateOf, momentum: number, scale = 1): void {
    const { beta2, epsilon, weightDecay, decoupled } = this.options;
    // L2 is added to what was clipped; else the kernel clips on its way.
    if (!decoupled) scaleGradients(this.kernels, gradients, scale);
    for (const [name, gradient] of gradients) {
      const learningRate = rateOf(name);
      if (learningRate > 0) {
        const variable = this.parameters.variable(name);
        const state = this.momentsOf(name);
        state.step++;
        const decayed = decoupled ? gradient : withL2(this.kernels, this.parameters, name, gradient, weightDecay);
        this.kernels.adam(variable, state.mean, state.square, decayed, {
          learningRate,
          beta1: momentum,
          beta2,
          epsilon,
          weightDecay: decoupled ? weightDecay : 0,
          gradientScale: decoupled ? scale : 1,
          step: state.step,
        });
        if (decayed !== gradient) this.kernels.dispose(decayed);
      }
      this.kernels.dispose(gradient);
    }
  }

  readState(): OptimiserState {
    const tensors = new Map<string, Float32Array>();
    const steps: Record<string, number> = {};
    for (const [name, { mean, square, step }] of this.moments) {
      tensors.set(`${name}.mean`, readVariable(this.kernels, mean));
      tensors.set(`${name}.square`, readVariable(this.kernels, square));
      steps[name] = step;
    }
    return { tensors, steps };
  }

  writeState(state: OptimiserState): void {
    this.dispose();
    for (const [name, step] of Object.entries(state.steps)) {
      const shape = this.parameters.shape(name);
      this.moments.set(name, {
        mean: this.kernels.variable(state.tensors.get(`${name}.mean`)!, shape),
        square: this.kernels.variable(state.tensors.get(`${name}.square`)!, shape),
        step,
      });
    }
  }

  dispose(): void {
    for (const { mean, square } of this.moments.values()) {
      this.kernels.disposeVariable(mean);
      this.kernels.disposeVariable(square);
    }
    this.moments.clear();
  }

  private momentsOf(name: string): Moments {
    let state = this.moments.get(name);
    if (!state) {
      const shape = this.parameters.shape(name);
      const zeros = new Float32Array(sizeOf(shape));
      state = { mean: this.kernels.variable(zeros, shape), square: this.kernels.variable(zeros, shape), step: 0 };
      this.moments.set(name, state);
    }
    return state;
  }
}

/** The gradient with the pull of L2 decay added to it, or the gradient itself where there is none. */
export function withL2(
  kernels: Kernels,
  parameters: Parameters,
  name: string,
  gradient: Tensor,
  weightDecay: number,
): Tensor {
  if (weightDecay === 0) return gradient;
  const value = parameters.value(name);
  const pull = kernels.scale(value, weightDecay);
  const sum = kernels.add(gradient, pull);
  kernels.dispose(value, pull);
  return sum;
}

/** The present value of a variable, copied out. */
export function readVariable(kernels: Kernels, variable: Variable): Float32Array {
  const value = kernels.value(variable);
  const data = kernels.read(value);
  kernels.dispose(value);
  return data;
}

/**
 * What all gradients have to be multiplied by for their common norm to be at most `maximum` (torch's `clip_grad_norm_`);
 * 1 where it is already, and for Infinity.
 * @returns it, and the norm before
 */
export function clipFactor(
  kernels: Kernels,
  gradients: Gradients,
  maximum: number,
): { readonly norm: number; readonly factor: number } {
  const norm = Math.sqrt(kernels.sumOfSquares([...gradients.values()]));
  return { norm, factor: norm > maximum && Number.isFinite(norm) ? maximum / (norm + 1e-6) : 1 };
}

/** Multiplies all gradients by a number, in place in the map. */
export function scaleGradients(kernels: Kernels, gradients: Gradients, factor: number): void {
  if (factor === 1) return;
  for (const [name, gradient] of gradients) {
    gradients.set(name, kernels.scale(gradient, factor));
    kernels.dispose(gradient);
  }
}
