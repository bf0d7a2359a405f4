import type { Kernels } from '../kernels/kernels';
import type { Gradients, Parameters } from '../model/parameters';
import type { Optimiser, OptimiserState, RateOf } from './optimisers';

export interface AsgdOptions {
  /** The step after which averaging begins; Infinity until NT-ASGD's trigger says so. */
  readonly trigger: number;
  readonly weightDecay: number;
}

/** Averaged SGD (Polyak & Juditsky 1992; torch's `ASGD` with λ = 0). {@link average} is what is validated and saved. */
export class Asgd implements Optimiser {
  private readonly kernels: Kernels;
  private readonly parameters: Parameters;
  private readonly options: AsgdOptions;
  private readonly averages = new Map<string, Float32Array>();
  private readonly steps: Record<string, number> = {};
  private trigger: number;

  constructor(kernels: Kernels, parameters: Parameters, options: AsgdOptions) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.options = options;
    this.trigger = options.trigger;
  }

  /** Begins to average with the next step, if it has not begun (NT-ASGD, Merity et al. 2017, algorithm 1). */
  startAveraging(): void {
    this.trigger = Math.min(this.trigger, Math.max(0, ...Object.values(this.steps)));
  }

  step(gradients: Gradients, rateOf: RateOf): void {
    const k = this.kernels;
    for (const [name, gradient] of gradients) {
      const step = (this.steps[name] ?? 0) + 1;
      this.steps[name] = step;
      const decayed = this.withDecay(name, gradient);
      k.sgd(this.parameters.variable(name), decayed, rateOf(name));
      if (decayed !== gradient) k.dispose(decayed);
      k.dispose(gradient);
      // torch sets the weight of the average for the next step, from this step's number.
      this.blend(name, 1 / Math.max(1, step - 1 - this.trigger));
    }
  }

  /** The average of a parameter: its present value until averaging has begun. */
  average(name: string): Float32Array {
    return this.averages.get(name) ?? this.parameters.read(name);
  }

  readState(): OptimiserState {
    return { tensors: new Map(this.averages), steps: { ...this.steps, '': this.trigger } };
  }

  writeState(state: OptimiserState): void {
    this.averages.clear();
    for (const [name, average] of state.tensors) this.averages.set(name, average.slice());
    for (const [name, step] of Object.entries(state.steps)) {
      if (name === '') this.trigger = step;
      else this.steps[name] = step;
    }
  }

  dispose(): void {
    this.averages.clear();
  }

  private withDecay(name: string, gradient: NonNullable<ReturnType<Gradients['get']>>) {
    if (this.options.weightDecay === 0) return gradient;
    const k = this.kernels;
    const value = this.parameters.value(name);
    const pull = k.scale(value, this.options.weightDecay);
    const sum = k.add(gradient, pull);
    k.dispose(value, pull);
    return sum;
  }

  private blend(name: string, weight: number): void {
    const value = this.parameters.read(name);
    const average = this.averages.get(name);
    if (!average || weight === 1) this.averages.set(name, value.slice());
    else for (let i = 0; i < average.length; i++) average[i]! += (value[i]! - average[i]!) * weight;
  }
}
