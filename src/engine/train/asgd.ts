import type { Kernels, Variable } from '../kernels/kernels';
import type { Gradients, Parameters } from '../model/parameters';
import type { Optimiser, OptimiserState, RateOf } from './optimisers';
import { readVariable, scaleGradients, withL2 } from './optimisers';

export interface AsgdOptions {
  /** The step of a parameter after which its averaging begins; Infinity until NT-ASGD's trigger says so. */
  readonly trigger: number;
  /** L2, added to the gradient. */
  readonly weightDecay: number;
}

/** Prefix of a parameter's trigger among the step counts of a checkpoint. */
const triggerPrefix = 'trigger:';

/**
 * Averaged SGD (Polyak & Juditsky 1992; torch's `ASGD` with λ = 0). The averages are what is validated and saved: see
 * {@link swap}.
 */
export class Asgd implements Optimiser {
  private readonly kernels: Kernels;
  private readonly parameters: Parameters;
  private readonly options: AsgdOptions;
  private readonly averages = new Map<string, Variable>();
  private readonly steps = new Map<string, number>();
  private readonly triggers = new Map<string, number>();

  constructor(kernels: Kernels, parameters: Parameters, options: AsgdOptions) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.options = options;
  }

  /** True once some parameter has an average that differs from its present value. */
  get averaging(): boolean {
    return this.triggers.size > 0 || this.averages.size > 0;
  }

  /** Begins to average with the next step, if it has not begun (NT-ASGD, Merity et al. 2017, algorithm 1). */
  startAveraging(): void {
    for (const [name, step] of this.steps) if (!this.triggers.has(name)) this.triggers.set(name, step);
  }

  /** Forgets the averages: the next stage begins without. */
  stopAveraging(): void {
    for (const average of this.averages.values()) this.kernels.disposeVariable(average);
    this.averages.clear();
    this.triggers.clear();
  }

  step(gradients: Gradients, rateOf: RateOf, _momentum?: number, scale = 1): void {
    const k = this.kernels;
    scaleGradients(k, gradients, scale);
    for (const [name, gradient] of gradients) {
      const step = (this.steps.get(name) ?? 0) + 1;
      this.steps.set(name, step);
      // torch sets the weight of the average for the next step, from this step's number.
      const weight = 1 / Math.max(1, step - 1 - (this.triggers.get(name) ?? this.options.trigger));
      // Until the weight is below 1 the average is the present value, and is not kept apart.
      if (weight < 1 && !this.averages.has(name)) {
        this.averages.set(name, k.variable(this.parameters.read(name), this.parameters.shape(name)));
      }
      const decayed = withL2(k, this.parameters, name, gradient, this.options.weightDecay);
      k.sgd(this.parameters.variable(name), decayed, rateOf(name));
      if (decayed !== gradient) k.dispose(decayed);
      k.dispose(gradient);
      if (weight < 1) this.blend(name, weight);
    }
  }

  /** The average of a parameter: its present value until averaging has begun. */
  average(name: string): Float32Array {
    const average = this.averages.get(name);
    return average ? readVariable(this.kernels, average) : this.parameters.read(name);
  }

  /** Exchanges weights and averages: once before validation, once after it. */
  swap(): void {
    const k = this.kernels;
    for (const [name, average] of this.averages) {
      const weights = k.value(this.parameters.variable(name));
      const mean = k.value(average);
      k.assign(this.parameters.variable(name), mean);
      k.assign(average, weights);
      k.dispose(weights, mean);
    }
  }

  readState(): OptimiserState {
    const tensors = new Map<string, Float32Array>();
    for (const [name, average] of this.averages) tensors.set(name, readVariable(this.kernels, average));
    const steps: Record<string, number> = Object.fromEntries(this.steps);
    for (const [name, trigger] of this.triggers) steps[`${triggerPrefix}${name}`] = trigger;
    return { tensors, steps };
  }

  writeState(state: OptimiserState): void {
    this.dispose();
    this.steps.clear();
    for (const [name, average] of state.tensors) {
      this.averages.set(name, this.kernels.variable(average, this.parameters.shape(name)));
    }
    for (const [name, step] of Object.entries(state.steps)) {
      if (name.startsWith(triggerPrefix)) this.triggers.set(name.slice(triggerPrefix.length), step);
      else this.steps.set(name, step);
    }
  }

  dispose(): void {
    this.stopAveraging();
  }

  private blend(name: string, weight: number): void {
    const k = this.kernels;
    const average = this.averages.get(name)!;
    const [value, before] = [this.parameters.value(name), k.value(average)];
    const way = k.sub(value, before);
    const move = k.scale(way, weight);
    const after = k.add(before, move);
    k.dispose(value, before, way, move);
    k.assign(average, after);
    k.dispose(after);
  }
}
