import type { FloatTensors } from '../weights/fastai-names';
import { Asgd } from './asgd';
import type { Optimiser } from './optimisers';

/** By what the best weights are chosen: accuracy or F1, validation loss, or not at all. */
export type BestBy = 'metric' | 'loss' | 'last';

/** What validation says that weights are judged by; a loss that is NaN says nothing. */
export interface Verdict {
  readonly metric: number; // greater is better
  readonly loss: number;
}

export interface KeeperOptions {
  readonly bestBy: BestBy;
  /** n of NT-ASGD: averaging begins when the loss is above the best of all epochs but the last n. */
  readonly nonMonotone: number;
}

/** The JSON part of a checkpoint. */
export interface KeeperState {
  readonly losses: readonly number[];
  readonly best: Verdict | null;
}

/**
 * Watches over the weights of a stage by what validation says: keeps the best, begins to average where NT-ASGD does
 * (Merity et al. 2017, algorithm 1), and has the averages validated and saved in the place of the weights.
 */
export class WeightKeeper {
  private readonly optimiser: Optimiser;
  private readonly options: KeeperOptions;
  private readonly weights: { read(): FloatTensors; write(tensors: FloatTensors): void };
  private losses: number[] = [];
  private best: Verdict | null = null;
  private bestTensors: FloatTensors | null = null;

  constructor(
    optimiser: Optimiser,
    options: KeeperOptions,
    weights: { read(): FloatTensors; write(tensors: FloatTensors): void },
  ) {
    this.optimiser = optimiser;
    this.options = options;
    this.weights = weights;
  }

  /** A new stage: nothing is known of it. */
  begin(): void {
    this.losses = [];
    this.best = null;
    this.bestTensors = null;
  }

  /**
   * Validates (the averages, where there are some) and takes note of what comes out.
   * @param remember whether the best weights are kept in this stage
   * @returns what `validate` says, and whether it was better than before
   */
  async judge<V extends { readonly verdict: Verdict }>(
    validate: () => Promise<V>,
    remember: boolean,
  ): Promise<{ result: V; improved: boolean }> {
    const averages = this.optimiser instanceof Asgd ? this.optimiser : null;
    averages?.swap();
    let result: V;
    let improved: boolean;
    try {
      result = await validate();
      improved = this.isBetter(result.verdict);
      if (improved) {
        this.best = result.verdict;
        if (remember && this.options.bestBy !== 'last') this.bestTensors = this.weights.read();
      }
    } finally {
      averages?.swap();
    }
    if (averages && this.isStuck(result.verdict.loss)) averages.startAveraging();
    if (Number.isFinite(result.verdict.loss)) this.losses.push(result.verdict.loss);
    return { result, improved };
  }

  /** The end of a stage: the best weights, or the averages, take the place of the last ones. */
  end(): void {
    const averages = this.optimiser instanceof Asgd ? this.optimiser : null;
    if (this.bestTensors) this.weights.write(this.bestTensors);
    else averages?.swap();
    averages?.stopAveraging();
    this.bestTensors = null;
  }

  readState(tensors: FloatTensors): KeeperState {
    for (const [name, tensor] of this.bestTensors ?? []) tensors.set(`best/${name}`, tensor);
    return { losses: [...this.losses], best: this.best };
  }

  takeUp(state: KeeperState, tensors: FloatTensors): void {
    this.losses = [...state.losses];
    this.best = state.best;
    const best: FloatTensors = new Map();
    for (const [name, tensor] of tensors) if (name.startsWith('best/')) best.set(name.slice(5), tensor);
    this.bestTensors = best.size > 0 ? best : null;
  }

  private isBetter(verdict: Verdict): boolean {
    const { best } = this;
    if (!Number.isFinite(verdict.loss)) return false;
    if (!best) return true;
    if (this.options.bestBy !== 'metric') return verdict.loss < best.loss;
    return verdict.metric > best.metric || (verdict.metric === best.metric && verdict.loss < best.loss);
  }

  /** awd-lstm-lm: `val_loss > min(best_val_loss[:-nonmono])`, once there are more than n epochs. */
  private isStuck(loss: number): boolean {
    const earlier = this.losses.slice(0, this.losses.length - this.options.nonMonotone);
    return this.losses.length > this.options.nonMonotone && loss > Math.min(...earlier);
  }
}
