import type { ProgressEvent, StageId } from '../../shared/jobs';

/** How long a stage usually takes beside the others. Only used where a task gives no time of its own. */
const stageWeights: Readonly<Record<StageId, number>> = {
  import: 10,
  tokenize: 6,
  baseline: 4,
  probe: 1,
  'language-model-new-rows': 10,
  'language-model-all': 40,
  'classifier-linear': 8,
  'classifier-head': 8,
  'classifier-last': 8,
  'classifier-last-two': 8,
  'classifier-chain': 16,
  'classifier-all': 12,
  calibrate: 1,
  'find-rate': 10,
  evaluate: 3,
  predict: 5,
  export: 1,
};

/** Where a job stands: `fraction` of the whole, 0 to 1, never falling; `secondsLeft` null while it cannot be known. */
export interface Standing {
  readonly stage: StageId | null;
  readonly fraction: number | null;
  readonly secondsLeft: number | null;
}

/**
 * Turns the events of a task into one fraction and one time left for the whole job.
 *
 * A training step says how long the rest of the run takes; the fraction then moves towards 1 at just that speed. Counted
 * work (rows, texts) moves inside its stage, and a stage takes its share of what is still to do. Paused time is not
 * counted. A job of several parts gives each part the same share. Times come from `now` in milliseconds, so that tests need no waiting.
 */
export class JobProgress {
  readonly #now: () => number;
  #stages: readonly StageId[] = [];
  #stage: StageId | null = null;
  #stageStart = 0;
  #stageEnd = 1;
  #fraction = 0;
  #activeMs = 0;
  #lastMs: number;
  #stepMs: number | null = null;
  #secondsLeft: number | null = null;
  #paused = false;
  /** Which part runs and when it began; all other fields are of this part alone. */
  #part = { place: 0, parts: 1, startMs: 0 };

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#lastMs = now();
  }

  /** Stops and starts the clock that the time left is worked out from. */
  setPaused(paused: boolean): void {
    this.#tick();
    this.#paused = paused;
    this.#stepMs = null;
  }

  /** Takes in one event and says where the job now stands. */
  take(event: ProgressEvent): Standing {
    this.#tick();
    switch (event.type) {
      case 'stage':
        this.#beginStage(event.stage, event.stages);
        break;
      case 'count':
        if (event.stage !== this.#stage) this.#beginStage(event.stage, this.#stages);
        if (event.total !== null && event.total > 0) this.#moveInStage(event.done / event.total);
        // Of a job of one stage the task knows best; of several it speaks of this stage only.
        this.#secondsLeft = (this.#stages.length === 1 ? event.secondsLeft : null) ?? this.#estimate();
        break;
      case 'step':
        if (event.stage !== this.#stage) this.#beginStage(event.stage, this.#stages);
        this.#step(event.step / Math.max(1, event.steps), event.secondsLeft);
        break;
      case 'part':
        this.#beginPart(event.place, event.parts);
        break;
      case 'epoch':
      case 'note':
      case 'samples':
      case 'generated':
        break;
    }
    return this.standing();
  }

  /** Where the job stands now. */
  standing(): Standing {
    const { place, parts } = this.#part;
    return {
      stage: this.#stage,
      fraction: this.#stage === null && place === 0 ? null : (place + this.#fraction) / parts,
      secondsLeft: this.#ofAllParts(this.#secondsLeft),
    };
  }

  #beginPart(place: number, parts: number): void {
    this.#part = { place, parts, startMs: this.#activeMs };
    this.#stage = null;
    this.#stepMs = null;
    this.#secondsLeft = null;
    this.#stageStart = 0;
    this.#stageEnd = 1;
    this.#fraction = 0;
  }

  /** What is left of this part, and as much for each later one; the first, which prepares, says nothing of the others. */
  #ofAllParts(secondsLeft: number | null): number | null {
    const { place, parts, startMs } = this.#part;
    if (secondsLeft === null || parts === 1) return secondsLeft;
    if (place === 0) return null;
    return secondsLeft + (parts - place - 1) * ((this.#activeMs - startMs) / 1000 + secondsLeft);
  }

  #tick(): void {
    const now = this.#now();
    if (!this.#paused) this.#activeMs += now - this.#lastMs;
    this.#lastMs = now;
  }

  #beginStage(stage: StageId, stages: readonly StageId[]): void {
    if (this.#stage !== null && stage !== this.#stage && this.#stepMs === null) this.#raise(this.#stageEnd);
    this.#stage = stage;
    this.#stages = stages;
    const index = stages.indexOf(stage);
    const rest = (index < 0 ? [stage] : stages.slice(index)).reduce((sum, id) => sum + stageWeights[id], 0);
    this.#stageStart = this.#fraction;
    this.#stageEnd = this.#fraction + ((1 - this.#fraction) * stageWeights[stage]) / rest;
  }

  #step(share: number, secondsLeft: number | null): void {
    if (secondsLeft === null) {
      this.#moveInStage(share);
      this.#secondsLeft = this.#estimate();
      return;
    }
    this.#secondsLeft = secondsLeft;
    if (this.#stepMs !== null) {
      const seconds = Math.max(0, this.#activeMs - this.#stepMs) / 1000;
      if (seconds + secondsLeft > 0)
        this.#raise(this.#fraction + ((1 - this.#fraction) * seconds) / (seconds + secondsLeft));
    }
    this.#stepMs = this.#activeMs;
  }

  #moveInStage(share: number): void {
    this.#stepMs = null;
    this.#raise(this.#stageStart + (this.#stageEnd - this.#stageStart) * Math.min(1, Math.max(0, share)));
  }

  #raise(fraction: number): void {
    this.#fraction = Math.min(1, Math.max(this.#fraction, fraction));
  }

  /** From the pace so far; unknown in the first two seconds and below 2 %, where it would jump about. */
  #estimate(): number | null {
    const active = this.#activeMs - this.#part.startMs;
    if (active < 2000 || this.#fraction < 0.02) return null;
    return ((active / 1000) * (1 - this.#fraction)) / this.#fraction;
  }
}
