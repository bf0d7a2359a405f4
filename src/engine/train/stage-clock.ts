import { seconds } from '../tasks/task-context';

/** Where a stage stands, for a checkpoint. */
export interface StageClockState {
  readonly step: number;
  readonly position: number;
  readonly spent: number;
}

/**
 * Says how far a stage is (0 to 1), which is what schedules follow. Without a budget that is the share of its steps,
 * the same on every machine. With a budget in seconds the steps that no longer fit are left out, spread evenly over what
 * is left, so that the learning rate still comes down to its end when the time is over.
 */
export class StageClock {
  readonly steps: number;
  private readonly budget: number | null;
  private done = 0;
  private place = 0;
  private spent = 0;
  private began = 0;

  constructor(steps: number, budgetSeconds: number | null, state?: StageClockState) {
    this.steps = Math.max(1, steps);
    this.budget = budgetSeconds;
    if (state) [this.done, this.place, this.spent] = [state.step, state.position, state.spent];
  }

  get step(): number {
    return this.done;
  }

  get position(): number {
    return this.place;
  }

  get finished(): boolean {
    return this.place >= 1 - 1e-9;
  }

  /** The steps of the whole stage, as it looks now. */
  get expectedSteps(): number {
    return this.done + this.remaining();
  }

  get secondsLeft(): number | null {
    if (this.done === 0) return null;
    return (this.remaining() * this.spent) / this.done;
  }

  /** The start of a step: only training time is counted, not pauses. */
  start(): void {
    this.began = seconds();
  }

  /** The end of a step. */
  advance(): void {
    this.spent += seconds() - this.began;
    this.done++;
    const remaining = this.remaining();
    this.place =
      remaining === 0
        ? 1
        : this.budget === null
          ? this.done / this.steps
          : this.place + (1 - this.place) / (remaining + 1);
  }

  readState(): StageClockState {
    return { step: this.done, position: this.place, spent: this.spent };
  }

  private remaining(): number {
    const planned = Math.max(0, this.steps - this.done);
    if (this.budget === null || this.done === 0) return planned;
    const affordable = Math.floor((this.budget - this.spent) / (this.spent / this.done));
    return Math.max(0, Math.min(planned, affordable));
  }
}
