import type { Kernels, Tensor, Variable } from '../kernels/kernels';
import { sizeOf } from '../kernels/kernels';
import type { Gradients, Parameters } from '../model/parameters';
import type { Optimiser, OptimiserState, RateOf } from './optimisers';
import { readVariable, scaleGradients, withL2 } from './optimisers';

export interface SgdOptions {
  /** L2, added to the gradient. */
  readonly weightDecay: number;
  /** Keeps a velocity: v = momentum · v + gradient (torch's `SGD(momentum=)`); else momentum is ignored. */
  readonly withMomentum: boolean;
}

/** Stochastic gradient descent, plain or with momentum (torch's and fastai's `SGD`). */
export class Sgd implements Optimiser {
  private readonly kernels: Kernels;
  private readonly parameters: Parameters;
  private readonly options: SgdOptions;
  private readonly velocities = new Map<string, Variable>();

  constructor(kernels: Kernels, parameters: Parameters, options: SgdOptions = { weightDecay: 0, withMomentum: false }) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.options = options;
  }

  step(gradients: Gradients, rateOf: RateOf, momentum: number, scale = 1): void {
    const k = this.kernels;
    scaleGradients(k, gradients, scale);
    for (const [name, gradient] of gradients) {
      const learningRate = rateOf(name);
      if (learningRate > 0) {
        const decayed = withL2(k, this.parameters, name, gradient, this.options.weightDecay);
        const moved = this.options.withMomentum ? this.follow(name, decayed, momentum) : decayed;
        k.sgd(this.parameters.variable(name), moved, learningRate);
        if (moved !== decayed) k.dispose(moved);
        if (decayed !== gradient) k.dispose(decayed);
      }
      k.dispose(gradient);
    }
  }

  readState(): OptimiserState {
    const tensors = new Map<string, Float32Array>();
    for (const [name, velocity] of this.velocities) tensors.set(name, readVariable(this.kernels, velocity));
    return { tensors, steps: {} };
  }

  writeState(state: OptimiserState): void {
    this.dispose();
    for (const [name, data] of state.tensors) {
      this.velocities.set(name, this.kernels.variable(data, this.parameters.shape(name)));
    }
  }

  dispose(): void {
    for (const velocity of this.velocities.values()) this.kernels.disposeVariable(velocity);
    this.velocities.clear();
  }

  /** The new velocity; the caller frees it. */
  private follow(name: string, gradient: Tensor, momentum: number): Tensor {
    const k = this.kernels;
    let velocity = this.velocities.get(name);
    if (!velocity) {
      const shape = this.parameters.shape(name);
      velocity = k.variable(new Float32Array(sizeOf(shape)), shape);
      this.velocities.set(name, velocity);
    }
    const before = k.value(velocity);
    const kept = k.scale(before, momentum);
    const after = k.add(kept, gradient);
    k.dispose(before, kept);
    k.assign(velocity, after);
    return after;
  }
}
