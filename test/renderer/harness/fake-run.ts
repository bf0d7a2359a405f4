import { noteEvent } from '../../../src/shared/note-words';
import type { ProgressEvent, StageId } from '../../../src/shared/jobs';
import type { Comparison, Metrics, Run, TrainingPlan } from '../../../src/shared/training-types';

/** The stages of a whole run, in order. */
export const runStages: readonly StageId[] = [
  'tokenize',
  'baseline',
  'probe',
  'language-model-new-rows',
  'language-model-all',
  'classifier-head',
  'classifier-last',
  'classifier-last-two',
  'classifier-all',
  'calibrate',
  'evaluate',
];

const trained: Readonly<
  Partial<Record<StageId, { steps: number; epochs: number; from: number; to: number; rate: number }>>
> = {
  'language-model-new-rows': { steps: 140, epochs: 1, from: 5.6, to: 4.6, rate: 0.02 },
  'language-model-all': { steps: 420, epochs: 3, from: 4.6, to: 3.85, rate: 0.004 },
  'classifier-head': { steps: 90, epochs: 1, from: 1.6, to: 0.9, rate: 0.02 },
  'classifier-last': { steps: 90, epochs: 1, from: 0.9, to: 0.6, rate: 0.01 },
  'classifier-last-two': { steps: 90, epochs: 1, from: 0.6, to: 0.45, rate: 0.005 },
  'classifier-all': { steps: 180, epochs: 2, from: 0.45, to: 0.31, rate: 0.002 },
};

/** Deterministic noise between -1 and 1. */
function noise(index: number): number {
  const value = Math.sin(index * 12.9898) * 43758.5453;
  return 2 * (value - Math.floor(value)) - 1;
}

/** The events of a run up to and including part of `until`; all of them without it. */
export function runEvents(until?: { readonly stage: StageId; readonly share: number }): ProgressEvent[] {
  const events: ProgressEvent[] = [];
  let accuracy = 0.52;
  for (const stage of runStages) {
    const share = until?.stage === stage ? until.share : 1;
    events.push({ type: 'stage', stage, stages: [...runStages] });
    const plan = trained[stage];
    if (plan === undefined) {
      events.push({
        type: 'count',
        stage,
        done: Math.round(5000 * share),
        total: 5000,
        unit: 'texts',
        secondsLeft: share < 1 ? 380 : null,
      });
    } else {
      for (let step = 4; step <= plan.steps * share; step += 4) {
        const at = step / plan.steps;
        const smoothedLoss = plan.to + (plan.from - plan.to) * Math.exp(-3.2 * at);
        events.push({
          type: 'step',
          stage,
          step,
          steps: plan.steps,
          epoch: at * plan.epochs,
          epochs: plan.epochs,
          loss: smoothedLoss + 0.11 * smoothedLoss * noise(step + plan.steps) * 0.6,
          smoothedLoss,
          learningRate:
            plan.rate * (at < 0.3 ? 0.1 + 3 * at : Math.max(0.01, 0.5 + 0.5 * Math.cos((Math.PI * (at - 0.3)) / 0.7))),
          momentum: 0.95 - 0.1 * Math.sin(Math.PI * at),
          tokensPerSecond: 3480 + 60 * noise(step),
          secondsLeft: 410 - 0.3 * step,
          memoryBytes: 1.24e9,
        });
        const epoch = at * plan.epochs;
        if (
          Math.abs(epoch - Math.round(epoch)) < 1e-9 ||
          (Math.floor(epoch) > Math.floor(((step - 4) / plan.steps) * plan.epochs) && epoch < plan.epochs)
        ) {
          const classifier = stage.startsWith('classifier');
          accuracy += classifier ? 0.07 : 0;
          events.push({
            type: 'epoch',
            stage,
            epoch: Math.round(epoch),
            epochs: plan.epochs,
            trainLoss: smoothedLoss,
            validLoss: smoothedLoss * 1.03,
            accuracy: classifier ? accuracy : 0.27,
            macroF1: classifier ? accuracy - 0.03 : null,
            perplexity: classifier ? null : Math.exp(smoothedLoss * 1.03),
          });
        }
      }
    }
    if (stage === 'probe') {
      events.push({
        type: 'note',
        level: 'info',
        message: 'Measured 3,480 words per second: 4 epochs of the language model fit into the time.',
      });
      events.push(noteEvent({ code: 'small-classes', n: 1, fewest: 10, labels: ['account (4)'] }, 'warning'));
    }
    if (until?.stage === stage) break;
  }
  return events;
}

/** A plan as the engine makes it. */
export const plan: TrainingPlan = {
  stages: [
    { stage: 'tokenize', epochs: 0, learningRate: 0, seconds: 4 },
    { stage: 'baseline', epochs: 0, learningRate: 0, seconds: 6 },
    { stage: 'language-model-new-rows', epochs: 1, learningRate: 0.02, seconds: 70 },
    { stage: 'language-model-all', epochs: 3, learningRate: 0.004, seconds: 290 },
    { stage: 'classifier-head', epochs: 1, learningRate: 0.02, seconds: 30 },
    { stage: 'classifier-last', epochs: 1, learningRate: 0.01, seconds: 35 },
    { stage: 'classifier-last-two', epochs: 1, learningRate: 0.005, seconds: 40 },
    { stage: 'classifier-all', epochs: 2, learningRate: 0.002, seconds: 110 },
    { stage: 'evaluate', epochs: 0, learningRate: 0, seconds: 8 },
  ],
  batchSize: 48,
  bptt: 64,
  maxLength: 400,
  seconds: 593,
  reasons: [
    { code: 'language-model-reads', tokens: 240_000, times: 3 },
    { code: 'classifier-sees', texts: 4000, times: 2 },
    { code: 'estimated-timed', texts: 1000, of: 5000, languageModel: 3480, classifier: 5200 },
  ],
};

function metrics(labels: readonly string[], accuracy: number, n: number): Metrics {
  const per = Math.round(n / labels.length);
  const confusion = labels.map((_, i) =>
    labels.map((_other, j) => {
      if (i === j) return Math.round(per * (accuracy + 0.05 * noise(i)));
      return Math.max(0, Math.round((per * (1 - accuracy) * (1 + noise(i * 31 + j))) / Math.max(1, labels.length - 1)));
    }),
  );
  return {
    n,
    accuracy,
    accuracyInterval: [accuracy - 0.021, Math.min(1, accuracy + 0.019)],
    macroF1: accuracy - 0.014,
    microF1: accuracy,
    ece: 0.021,
    loss: 0.31,
    perClass: labels.map((label, index) => {
      const f1 = Math.min(0.995, Math.max(0.2, accuracy + 0.08 * noise(index)));
      return { label, precision: Math.min(1, f1 + 0.01), recall: f1 - 0.01, f1, support: per + index };
    }),
    confusion,
  };
}

/** Model, baseline and majority as the engine compares them. */
export function comparison(labels: readonly string[]): Comparison {
  return {
    split: 'valid',
    labels: [...labels],
    model: metrics(labels, 0.914, 1000),
    baseline: { ...metrics(labels, 0.871, 1000), ece: 0.048, loss: 0.43 },
    majority: { label: labels[0] ?? '', accuracy: 1.4 / labels.length },
    temperature: 1.31,
    eceBeforeTemperature: 0.047,
  };
}

/** A run on disk. */
export function finishedRun(labels: readonly string[], state: Run['state'] = 'done'): Run {
  return {
    id: 'run-1',
    name: null,
    state,
    request: { preset: 'standard', seed: 0, fineTuneLanguageModel: true, classWeights: false, options: {} },
    plan,
    startedAt: new Date(Date.now() - 700_000).toISOString(),
    begunAt: new Date(Date.now() - 700_000).toISOString(),
    endedAt: state === 'running' ? null : new Date(Date.now() - 60_000).toISOString(),
    device: 'TensorFlow 2.21.0 on the processor, bf16',
    comparison: state === 'done' ? comparison(labels) : null,
  };
}
