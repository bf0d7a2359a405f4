import { optimiserNames, scheduleNames } from './language-model-options';
import { choice, number, numbers, whole } from './option-field';

/** In which order the classifier's parts begin to learn. */
export const unfreezingNames = ['gradual', 'full', 'last', 'chain-thaw', 'none'] as const;

/** What a text is summed up by. */
export const poolingNames = ['concat', 'last', 'max', 'mean', 'last-max', 'last-mean', 'max-mean'] as const;

/** Options of the training of the classifier. */
export const classifierOptions = {
  classifierEpochs: number(0, 1000, {
    effect: 'Passes over the labelled texts with everything unfrozen (with unfreezing "last": of the head).',
    symbol: 'fit_one_cycle(n_epoch)',
    usual: 'from the amount of text and the preset',
  }),
  classifierHeadEpochs: number(0, 1000, {
    effect: 'Passes that train only the head on top of the frozen encoder; 0 leaves them out.',
    symbol: 'freeze(); fit_one_cycle',
    usual: '8',
  }),
  classifierStageEpochs: number(0, 1000, {
    effect: 'Passes of each stage between the head and the whole model; 0 leaves these stages out.',
    symbol: 'freeze_to(-2), freeze_to(-3)',
    usual: 'a quarter of classifierEpochs, at most 1',
  }),
  classifierRate: number(1e-8, 100, {
    effect:
      'The greatest learning rate with everything unfrozen; earlier stages keep their ratio to it (2.5, 2.5, 1.25).',
    symbol: 'lr_max',
    usual: '0.003; with sgd-momentum 0.3, with sgd and nt-asgd 1.5',
  }),
  classifierOptimiser: choice(optimiserNames, {
    effect: 'How the weights of the classifier follow their gradients.',
    symbol: 'Adam, SGD; Merity et al. 2017, algorithm 1 (NT-ASGD)',
    usual: 'adam',
  }),
  classifierSchedule: choice(scheduleNames, {
    effect: 'How the learning rate of the classifier rises and falls over a stage.',
    symbol: 'fit_one_cycle; Howard & Ruder 2018, equation 3; fit',
    usual: 'one-cycle',
  }),
  classifierDiscriminative: number(1, 100, {
    effect: 'Each layer group of the classifier learns this many times more slowly than the one above it; 1 is off.',
    symbol: 'Howard & Ruder 2018, 3.2; slice(lr / 2.6 ** 4, lr)',
    usual: '1.4',
  }),
  unfreezing: choice(unfreezingNames, {
    effect:
      'Which parts learn when: layer by layer from the top, everything at once, only the head, one part at a time (chain-thaw), or none: a linear head is fitted on the frozen layers at once.',
    symbol: 'Howard & Ruder 2018, 3.3 and table 6 (Freez, Full, Last, Chain-thaw); freeze_to',
    usual: 'gradual; none with fewer than 300 labelled texts for a model that learned sentences',
  }),
  pooling: choice(poolingNames, {
    effect:
      'What a text is summed up by for the head: last state, maximum and mean over its tokens (concat), or some of them.',
    symbol: 'Howard & Ruder 2018, 3.3; masked_concat_pool',
    usual: 'concat',
  }),
  pooledOutputs: whole(1, 16, {
    effect:
      'How many of the encoder’s outputs are summed up for the head: 1 the last layer’s, 2 the one beneath it as well, and so on down to the words themselves.',
    symbol: 'none (ELMo’s mixing of layers is akin: Peters et al. 2018)',
    usual: '1; 2 under a linear head on frozen layers',
  }),
  classifierDropMultiplier: number(0, 5, {
    effect: "Multiplies the encoder's dropouts while the classifier trains.",
    symbol: 'drop_mult',
    usual: '1 (of .05 .25 .2 .15: weaker than fastai’s)',
  }),
  headDropouts: numbers(2, 0, 0.99, {
    effect: "Dropout before the head's hidden layer and before its output.",
    symbol: 'output_p of the classifier config, ps',
    usual: '0.3,0.1',
  }),
  classifierBatchSize: whole(2, 4096, {
    effect: 'The most texts in a batch; long texts come in smaller ones.',
    symbol: 'bs',
    usual: '32',
  }),
  classifierBptt: whole(2, 4096, {
    effect: 'Tokens of a chunk in which the encoder reads a text, its state carried on.',
    symbol: 'SentenceEncoder(bptt)',
    usual: '70',
  }),
  classifierBatches: choice(['sortish', 'random'], {
    effect: 'Whether texts of like length come together (little padding) or any (most random).',
    symbol: 'SortedDL',
    usual: 'sortish',
  }),
  maxTokens: whole(1, 1e9, {
    effect: 'Texts are cut after so many tokens.',
    symbol: 'none',
    usual: '64 to 256, 128 to 600 or never, by preset: as many as leave four passes',
  }),
  gradientTokens: whole(1, 1e9, {
    effect: 'The gradient (and the pooling of training) reaches back this many tokens from the end of a long text.',
    symbol: 'max_len of SentenceEncoder (20 × 70 in fastai 1, 72 × 20 in fastai 2)',
    usual: '1,400',
  }),
  classifierWeightDecay: number(0, 10, {
    effect: 'Pulls the weights of the classifier towards zero in each step.',
    symbol: 'wd',
    usual: '0.01 (1.2e-6 with sgd and nt-asgd)',
  }),
  classifierClip: number(0, 1e9, {
    effect: 'Greatest norm of the gradient of the classifier; 0 never clips.',
    symbol: 'GradientClip, clip_grad_norm_',
    usual: '0.25',
  }),
  labelSmoothing: number(0, 0.99, {
    effect: 'Share of each target that is spread over all labels, so that the model is less sure of itself.',
    symbol: 'LabelSmoothingCrossEntropy(eps)',
    usual: '0',
  }),
  focalGamma: number(0, 10, {
    effect: 'Counts texts less the surer the model already is of their label; 0 is plain cross-entropy.',
    symbol: 'Lin et al. 2017; FocalLoss(gamma)',
    usual: '0',
  }),
  bestBy: choice(['metric', 'loss', 'last'], {
    effect:
      'Which weights of the classifier are kept: those of the epoch with the best accuracy (F1 for several labels), the lowest validation loss, or the last.',
    symbol: 'SaveModelCallback(monitor)',
    usual: 'metric; with fewer than 100 validation texts loss',
  }),
  patience: whole(0, 1000, {
    effect: 'Ends a stage of the classifier after so many epochs in which bestBy did not improve; 0 never.',
    symbol: 'EarlyStoppingCallback(patience)',
    usual: '0',
  }),
} as const;
