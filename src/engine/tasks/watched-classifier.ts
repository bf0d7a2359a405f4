import type { ProgressEvent } from '../../shared/jobs';
import { ClassifierWork } from '../train/classifier-work';
import type { EpochResult, PlannedStage, StagePosition, StepResult } from '../train/stage-work';
import { heldOutSamples, type HeldOut } from './held-out-samples';

/** Epochs of a small data set may end many times a second; samples are told at most so often. Milliseconds. */
const interval = 1500;

/** A classifier's training that tells what it says of held-out texts after each epoch; it learns exactly as without. */
export class WatchedClassifierWork extends ClassifierWork {
  private watch: { readonly held: HeldOut; readonly report: (event: ProgressEvent) => void } | null = null;
  private logits: Float32Array | null = null;
  private epoch = 0;
  private told = -Infinity;

  /** Begins to report. */
  watchOver(held: HeldOut, report: (event: ProgressEvent) => void): void {
    this.watch = { held, report };
  }

  override step(stage: PlannedStage, at: StagePosition): StepResult {
    this.epoch = stage.epochs * Math.min(1, at.position + 1 / Math.max(1, at.steps));
    return super.step(stage, at);
  }

  /** Validation asks for these; they are kept, so that nothing is computed twice. */
  override async validLogits(): Promise<Float32Array> {
    this.logits = await super.validLogits();
    return this.logits;
  }

  override async validate(stage: PlannedStage): Promise<EpochResult> {
    const result = await super.validate(stage);
    const { watch, logits, epoch } = this;
    const now = performance.now();
    if (watch && logits && now - this.told >= interval) {
      this.told = now;
      watch.report({ type: 'samples', stage: stage.stage, epoch, ...heldOutSamples(logits, watch.held) });
    }
    return result;
  }
}
