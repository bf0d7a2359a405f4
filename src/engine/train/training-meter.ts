import type { ProgressEvent, StageId } from '../../shared/jobs';

/** What a step reports of itself. */
export interface StepFigures {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly tokens: number;
  readonly secondsLeft: number | null;
}

/** The smoothed loss, for a checkpoint: a curve that goes on must not jump. */
export interface MeterState {
  readonly average: number;
  readonly weight: number;
}

/** Smooths the loss (debiased exponential average, fastai's `AvgSmoothLoss`) and reports about four times a second. */
export class TrainingMeter {
  private readonly stage: StageId;
  private readonly report: (event: ProgressEvent) => void;
  private average = 0;
  private weight = 0;
  private tokens = 0;
  private since = performance.now();
  private rate = 0;

  constructor(stage: StageId, report: (event: ProgressEvent) => void, state?: MeterState) {
    this.stage = stage;
    this.report = report;
    if (state) [this.average, this.weight] = [state.average, state.weight];
  }

  get smoothedLoss(): number {
    return this.weight === 0 ? NaN : this.average / this.weight;
  }

  /** Tokens a second over the last stretch. */
  get tokensPerSecond(): number {
    return this.rate;
  }

  readState(): MeterState {
    return { average: this.average, weight: this.weight };
  }

  step(figures: StepFigures): void {
    this.average = 0.98 * this.average + 0.02 * figures.loss;
    this.weight = 0.98 * this.weight + 0.02;
    this.tokens += figures.tokens;
    const now = performance.now();
    const last = figures.step >= figures.steps;
    if (now - this.since < 250 && !last) return;
    const measured = (1000 * this.tokens) / Math.max(1, now - this.since);
    this.rate = this.rate === 0 ? measured : 0.8 * this.rate + 0.2 * measured;
    this.tokens = 0;
    this.since = now;
    this.report({
      type: 'step',
      stage: this.stage,
      step: figures.step,
      steps: figures.steps,
      epoch: figures.epoch,
      epochs: figures.epochs,
      loss: figures.loss,
      smoothedLoss: this.smoothedLoss,
      learningRate: figures.learningRate,
      momentum: figures.momentum,
      tokensPerSecond: this.rate,
      secondsLeft: figures.secondsLeft,
      memoryBytes: process.memoryUsage.rss(),
    });
  }
}
