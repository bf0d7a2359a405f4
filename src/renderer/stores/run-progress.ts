import { assertNever } from '../../shared/errors';
import type { ProgressEvent, StageId } from '../../shared/jobs';

type EventOf<T extends ProgressEvent['type']> = Extract<ProgressEvent, { type: T }>;
/** One reported training step. */
export type StepEvent = EventOf<'step'>;
/** The end of one epoch. */
export type EpochEvent = EventOf<'epoch'>;
/** Held-out texts at the end of an epoch. */
export type SamplesEvent = EventOf<'samples'>;
/** What the language model wrote. */
export type GeneratedEvent = EventOf<'generated'>;
/** A sentence for the person. */
export type NoteEvent = EventOf<'note'>;

/** The four parts of a run: what comes first, the two that train, and what is measured at the end. */
export type StageGroup = 'prepare' | 'language-model' | 'classifier' | 'finish';

const groups: Readonly<Record<StageId, StageGroup>> = {
  import: 'prepare',
  tokenize: 'prepare',
  baseline: 'prepare',
  probe: 'prepare',
  'language-model-new-rows': 'language-model',
  'language-model-all': 'language-model',
  'classifier-linear': 'classifier',
  'classifier-head': 'classifier',
  'classifier-last': 'classifier',
  'classifier-last-two': 'classifier',
  'classifier-chain': 'classifier',
  'classifier-all': 'classifier',
  'find-rate': 'classifier',
  calibrate: 'finish',
  evaluate: 'finish',
  predict: 'finish',
  export: 'finish',
};

/** The part of a run that a stage belongs to. */
export function groupOf(stage: StageId): StageGroup {
  return groups[stage];
}

/** A point of a live chart. `x` counts the steps of all stages of its part of the run. */
export interface StepPoint {
  readonly x: number;
  readonly loss: number;
  readonly smoothed: number;
  readonly rate: number;
  readonly stage: StageId;
}

/** An epoch's end with its place on the step axis, so that both can share a chart. */
export interface EpochPoint {
  readonly x: number;
  readonly event: EpochEvent;
}

/** Beyond this many points a curve keeps every second one; a screen is not wider than that. */
const maxPoints = 4000;

interface Curve {
  points: StepPoint[];
  epochs: EpochPoint[];
  /** Steps of the stages before the one that runs. */
  before: number;
  stage: StageId | null;
  lastStep: number;
  /** Points come in faster than they are kept once a curve was thinned: 1, 2, 4 … */
  keepEvery: number;
  seen: number;
}

/** What the events of a run add up to. Changed in place for speed; `version` tells what has changed. */
export interface RunProgress {
  version: number;
  stages: readonly StageId[];
  stage: StageId | null;
  /** 0 to 1 for each stage of the track. */
  readonly fractions: Map<StageId, number>;
  readonly curves: Readonly<Record<'language-model' | 'classifier', Curve>>;
  readonly notes: NoteEvent[];
  /** One entry for each epoch of the classifier. */
  readonly samples: SamplesEvent[];
  readonly generated: GeneratedEvent[];
  /** The newest step of each part. */
  readonly last: Record<'language-model' | 'classifier', StepEvent | null>;
  secondsLeft: number | null;
}

function emptyCurve(): Curve {
  return { points: [], epochs: [], before: 0, stage: null, lastStep: 0, keepEvery: 1, seen: 0 };
}

/** A run that has not said anything yet. */
export function emptyProgress(): RunProgress {
  return {
    version: 0,
    stages: [],
    stage: null,
    fractions: new Map(),
    curves: { 'language-model': emptyCurve(), classifier: emptyCurve() },
    notes: [],
    samples: [],
    generated: [],
    last: { 'language-model': null, classifier: null },
    secondsLeft: null,
  };
}

function enterStage(progress: RunProgress, { stage, stages }: EventOf<'stage'>): void {
  progress.stages = stages;
  progress.stage = stage;
  const at = stages.indexOf(stage);
  stages.forEach((other, index) => {
    if (index < at) progress.fractions.set(other, 1);
    else if (!progress.fractions.has(other) || index > at) progress.fractions.set(other, 0);
  });
}

function curveOf(progress: RunProgress, stage: StageId): Curve | null {
  const group = groupOf(stage);
  return group === 'language-model' || group === 'classifier' ? progress.curves[group] : null;
}

/** Moves the curve's axis on when another of its stages begins. */
function followStage(curve: Curve, stage: StageId): void {
  if (curve.stage === stage) return;
  curve.before += curve.lastStep;
  curve.lastStep = 0;
  curve.stage = stage;
}

function thin(curve: Curve): void {
  curve.points = curve.points.filter((_, index) => index % 2 === 0);
  curve.keepEvery *= 2;
}

function addStep(progress: RunProgress, event: StepEvent): void {
  progress.stage = event.stage;
  progress.secondsLeft = event.secondsLeft;
  if (event.steps > 0) progress.fractions.set(event.stage, Math.min(1, event.step / event.steps));
  const group = groupOf(event.stage);
  if (group !== 'language-model' && group !== 'classifier') return;
  progress.last[group] = event;
  const curve = progress.curves[group];
  followStage(curve, event.stage);
  // A run that went on from a checkpoint repeats steps: what came after that point is drawn anew.
  const x = curve.before + event.step;
  while ((curve.points.at(-1)?.x ?? -1) >= x) curve.points.pop();
  curve.lastStep = event.step;
  curve.seen += 1;
  if (curve.seen % curve.keepEvery !== 0) return;
  curve.points.push({
    x,
    loss: event.loss,
    smoothed: event.smoothedLoss,
    rate: event.learningRate,
    stage: event.stage,
  });
  if (curve.points.length > maxPoints) thin(curve);
}

function addEpoch(progress: RunProgress, event: EpochEvent): void {
  const curve = curveOf(progress, event.stage);
  if (curve === null) return;
  followStage(curve, event.stage);
  const repeated = curve.epochs.findIndex((p) => p.event.stage === event.stage && p.event.epoch === event.epoch);
  if (repeated >= 0) curve.epochs.splice(repeated);
  curve.epochs.push({ x: curve.before + curve.lastStep, event });
}

/** The window keeps so many sets of samples, and so many texts. */
const mostKept = 200;

function keep<T>(list: T[], event: T): void {
  list.push(event);
  if (list.length > mostKept) list.shift();
}

/** Adds one event to what is known of the run. */
export function applyEvent(progress: RunProgress, event: ProgressEvent): void {
  progress.version += 1;
  switch (event.type) {
    case 'stage':
      enterStage(progress, event);
      return;
    case 'count':
      progress.stage = event.stage;
      if (event.total !== null && event.total > 0) {
        progress.fractions.set(event.stage, Math.min(1, event.done / event.total));
      }
      if (event.secondsLeft !== null) progress.secondsLeft = event.secondsLeft;
      return;
    case 'step':
      addStep(progress, event);
      return;
    case 'epoch':
      addEpoch(progress, event);
      return;
    case 'note':
      progress.notes.push(event);
      return;
    case 'samples':
      keep(progress.samples, event);
      return;
    case 'generated':
      keep(progress.generated, event);
      return;
    case 'part':
      return;
    default:
      assertNever(event);
  }
}

/** Marks every stage of a finished run as done. */
export function finishProgress(progress: RunProgress): void {
  for (const stage of progress.stages) progress.fractions.set(stage, 1);
  progress.secondsLeft = null;
  progress.version += 1;
}
