import type { AblationTable } from '../../../src/shared/ablation-types';

/** What can be varied, as the engine names it. */
export const ablationParts = [
  { name: 'pretraining', variants: ['no-pretraining'] },
  { name: 'lm-finetuning', variants: ['no-lm-finetuning'] },
  { name: 'discriminative', variants: ['one-rate'] },
  { name: 'schedule', variants: ['schedule-slanted-triangular', 'schedule-cosine', 'schedule-constant'] },
  { name: 'unfreezing', variants: ['unfreezing-full', 'unfreezing-last', 'unfreezing-chain-thaw'] },
  { name: 'concat-pooling', variants: ['pooling-last', 'pooling-max', 'pooling-mean'] },
  { name: 'backward', variants: ['direction-backward', 'direction-both'] },
  { name: 'regularisation', variants: ['no-ar-tar', 'no-dropout'] },
  { name: 'label-smoothing', variants: ['label-smoothing'] },
  { name: 'focal', variants: ['focal'] },
  { name: 'batches', variants: ['random-batches'] },
  { name: 'best-weights', variants: ['last-weights'] },
];

const spread = (mean: number, deviation: number) => ({ mean, deviation });

/** An ablation of two variants, each with two seeds; the last run is still to come. */
export const ablation: AblationTable = {
  split: 'test',
  n: 1000,
  seeds: 2,
  finished: 5,
  planned: 6,
  rows: [
    ['full', 'everything as it is', 2, 0.914, 0.004],
    ['no-pretraining', 'no pretrained language model', 2, 0.861, 0.009],
    ['unfreezing-full', 'unfreezing: full', 1, 0.902, 0],
  ].map(([variant, change, runs, mean, deviation]) => ({
    variant: String(variant),
    change: String(change),
    runs: Number(runs),
    accuracy: spread(Number(mean), Number(deviation)),
    macroF1: spread(Number(mean) - 0.012, Number(deviation)),
    loss: spread(0.31, 0.01),
    minutes: spread(6.2, 0.3),
  })),
  baseline: { accuracy: 0.871, macroF1: 0.858 },
  cells: [
    ['full', 0, 0.918],
    ['full', 1, 0.91],
    ['no-pretraining', 0, 0.87],
    ['no-pretraining', 1, 0.852],
    ['unfreezing-full', 0, 0.902],
  ].map(([variant, seed, accuracy]) => ({
    variant: String(variant),
    seed: Number(seed),
    accuracy: Number(accuracy),
    macroF1: Number(accuracy) - 0.012,
    loss: 0.31,
    ece: 0.02,
    seconds: 372,
  })),
};
