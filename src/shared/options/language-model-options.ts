import { choice, flag, number, whole } from './option-field';

/** Optimisers of both parts of a run. */
export const optimiserNames = ['adam', 'sgd', 'sgd-momentum', 'nt-asgd'] as const;
/** Schedules of learning rate and momentum over a stage. */
export const scheduleNames = ['one-cycle', 'slanted-triangular', 'cosine', 'constant'] as const;

/** Options of the fine-tuning of the language model. */
export const languageModelOptions = {
  lmEpochs: number(0.01, 1000, {
    effect: 'Passes over all texts with everything unfrozen.',
    symbol: 'fit_one_cycle(n_epoch)',
    usual: 'from the amount of text and the preset',
  }),
  lmNewRowsEpochs: number(0, 1000, {
    effect:
      'Passes that train only the embedding and its decoder first, so that new words find their place; 0 leaves them out.',
    symbol: 'freeze_to(-1) in the lesson on IMDb',
    usual: 'a third of lmEpochs, at most 1, where words are new',
  }),
  lmRate: number(1e-8, 100, {
    effect: 'The greatest learning rate of the language model.',
    symbol: 'lr_max',
    usual:
      '0.004 (0.005 from scratch); with sgd-momentum 0.4 (2), with sgd and nt-asgd 2 (10); an eighth where the pretrained model knows sentences',
  }),
  lmOptimiser: choice(optimiserNames, {
    effect:
      'How the weights of the language model follow their gradients; nt-asgd averages them once validation stops improving.',
    symbol: 'Adam, SGD; Merity et al. 2017, algorithm 1 (NT-ASGD)',
    usual: 'adam',
  }),
  lmSchedule: choice(scheduleNames, {
    effect: 'How the learning rate of the language model rises and falls over a stage.',
    symbol: 'fit_one_cycle; Howard & Ruder 2018, equation 3; fit_flat_cos without its flat part; fit',
    usual: 'one-cycle',
  }),
  lmDiscriminative: number(1, 100, {
    effect:
      'Each layer group of the language model learns this many times more slowly than the one above it; 1 is off.',
    symbol: 'Howard & Ruder 2018, 3.2; slice(lr / factor, lr)',
    usual: '1',
  }),
  lmDropMultiplier: number(0, 5, {
    effect: 'Multiplies all five dropouts of the language model.',
    symbol: 'drop_mult',
    usual: '0.7',
  }),
  lmBatchSize: whole(1, 4096, {
    effect: 'Streams of text that the language model reads side by side.',
    symbol: 'bs',
    usual: '8, 32 or 48, from the amount of text',
  }),
  lmBptt: whole(2, 4096, {
    effect: 'Tokens of a window of the language model: how far back its gradient reaches.',
    symbol: 'seq_len, bptt',
    usual: '40, 48 or 64, from the amount of text',
  }),
  lmVariableBptt: flag({
    effect: 'Draws the length of each window anew: 95 % around lmBptt, 5 % around half of it.',
    symbol: 'Merity et al. 2017, 4.1',
    usual: 'true',
  }),
  lmWeightDecay: number(0, 10, {
    effect: 'Pulls the weights of the language model towards zero in each step.',
    symbol: 'wd',
    usual: '0.01 (1.2e-6 with sgd and nt-asgd)',
  }),
  lmClip: number(0, 1e9, {
    effect: 'Greatest norm of the gradient of the language model; 0 never clips.',
    symbol: 'GradientClip, clip_grad_norm_',
    usual: '0.25',
  }),
  lmAlpha: number(0, 1e6, {
    effect: 'Activation regularisation: keeps the outputs of the last layer small.',
    symbol: 'Merity et al. 2017, 4.4; RNNRegularizer(alpha)',
    usual: '2',
  }),
  lmBeta: number(0, 1e6, {
    effect: 'Temporal activation regularisation: keeps the outputs of the last layer from jumping.',
    symbol: 'Merity et al. 2017, 4.4; RNNRegularizer(beta)',
    usual: '1',
  }),
  lmLabelSmoothing: number(0, 0.99, {
    effect: 'Share of the target that is spread over all words while the language model trains.',
    symbol: 'LabelSmoothingCrossEntropy(eps); Szegedy et al. 2016',
    usual: '0',
  }),
  lmStateReset: number(0, 1, {
    effect: 'Chance of each row, before each window, to start from an empty state, as documents of a classifier do.',
    symbol: 'none (fastai resets once an epoch)',
    usual: '0.05',
  }),
  lmBest: choice(['loss', 'last'], {
    effect:
      'Which weights of the language model are kept: those of the epoch with the lowest validation loss, or the last.',
    symbol: 'SaveModelCallback(monitor)',
    usual: 'loss',
  }),
  lmPatience: whole(0, 1000, {
    effect: 'Ends a stage of the language model after so many epochs without a lower validation loss; 0 never.',
    symbol: 'EarlyStoppingCallback(patience)',
    usual: '0',
  }),
} as const;
