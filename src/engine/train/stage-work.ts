import type { StageId } from '../../shared/jobs';
import type { FloatTensors } from '../weights/fastai-names';
import type { StageClockState } from './stage-clock';
import type { MeterState } from './training-meter';

/** A stage of a plan: how long, at which greatest rate, and what share of the time it was given. */
export interface PlannedStage {
  readonly stage: StageId;
  readonly epochs: number;
  readonly learningRate: number;
  readonly seconds: number;
}

/** What validation says at the end of an epoch; null where it does not apply. */
export interface EpochFigures {
  readonly validLoss: number | null;
  readonly accuracy: number | null;
  readonly macroF1: number | null;
  readonly perplexity: number | null;
}

/** Validation's figures, and whether they are better than those of every epoch of the stage before. */
export interface EpochResult {
  readonly figures: EpochFigures;
  readonly improved: boolean;
}

/** Where a step stands in its stage. */
export interface StagePosition {
  /** The share of the stage that is done, 0 to 1. */
  readonly position: number;
  /** The planned steps of the stage. */
  readonly steps: number;
  /** What the rate is multiplied by: 1, and half of it after each time the run had to step back. */
  readonly rateFactor: number;
  /** The rate of this step in the place of the schedule's: for the learning-rate finder. */
  readonly rate?: number;
}

/** A kind of training, as the runner drives it. `S` is the JSON part of its state. */
export interface StageWork<S> {
  /** Makes ready for a stage: freezes, sets rates, draws the first order of documents. Not called when taking up a checkpoint. */
  begin(stage: PlannedStage): Promise<void>;
  batchesPerEpoch(stage: PlannedStage): number;
  /** One step. @throws AppError 'not-a-number' before anything has changed */
  step(stage: PlannedStage, at: StagePosition): StepResult;
  validate(stage: PlannedStage): Promise<EpochResult>;
  /** The end of a stage: the weights that it leaves take their place. */
  end(stage: PlannedStage): Promise<void>;
  /** Everything that the work needs to go on; tensors are put into the map. */
  readState(tensors: FloatTensors): S;
  takeUp(state: S, tensors: FloatTensors, stage: PlannedStage): Promise<void>;
}

export interface StepResult {
  readonly loss: number;
  readonly tokens: number;
  readonly learningRate: number;
  readonly momentum: number;
}

/** Where a sequence of stages stands, for a checkpoint. */
export interface StagesState {
  readonly stageIndex: number;
  /** null: the stage has not begun. */
  readonly clock: StageClockState | null;
  readonly epochsDone: number;
  /** Epochs since validation was last better than before. */
  readonly waited: number;
  /** How often the run has stepped back so far. */
  readonly stepsBack: number;
  readonly meter: MeterState | null;
}

/** Where a run is kept. */
export interface StageStorage {
  checkpoint(state: StagesState): Promise<void>;
  /** Keeps the present weights as good ones. @throws AppError 'not-a-number' where they are not finite */
  keepGood(state: StagesState): Promise<void>;
  /** Puts the last good weights back; null where there are none. */
  takeGood(): Promise<StagesState | null>;
}
