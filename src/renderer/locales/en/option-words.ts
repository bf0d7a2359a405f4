import type { RunOptionName } from '../../../shared/run-options';

const optimisers = { adam: 'Adam', sgd: 'plain SGD', 'sgd-momentum': 'SGD with momentum', 'nt-asgd': 'averaged SGD' };
const schedules = {
  'one-cycle': 'one cycle: up, then down',
  'slanted-triangular': 'slanted triangle',
  cosine: 'cosine: down slowly',
  constant: 'constant',
};

/** What the options are called in plain words; the paper's terms stand beside them. */
const titles: Readonly<Record<RunOptionName, string>> = {
  tokenizer: 'Words or parts of words',
  language: 'Language of the texts',
  maxVocabulary: 'Most words known',
  minCount: 'A word must appear so often',
  unseenWords: 'Words that your texts have not',
  encoder: 'Kind of network',
  bidirectional: 'Layers read in both directions',
  newWordRows: 'What new words start with',
  embeddingSize: 'Width of a word',
  hiddenSize: 'Width of the layers',
  layers: 'Number of layers',
  qrnnWindow: 'Words seen at a time (QRNN)',
  qrnnPooling: 'Gates (QRNN)',
  zoneOut: 'Cells that stand still (QRNN)',
  lmEpochs: 'Passes over all texts',
  lmNewRowsEpochs: 'Passes for new words first',
  lmRate: 'Greatest learning rate',
  lmOptimiser: 'Optimiser',
  lmSchedule: 'Course of the learning rate',
  lmDiscriminative: 'Lower layers learn more slowly',
  lmDropMultiplier: 'Strength of dropout',
  lmBatchSize: 'Texts side by side',
  lmBptt: 'Length of a window',
  lmVariableBptt: 'Windows of changing length',
  lmWeightDecay: 'Weight decay',
  lmClip: 'Cap on the gradient',
  lmAlpha: 'Keep outputs small',
  lmBeta: 'Keep outputs steady',
  lmLabelSmoothing: 'Soften the right answer',
  lmStateReset: 'Start from nothing now and then',
  lmBest: 'Weights that are kept',
  lmPatience: 'Stop early after so many passes',
  classifierEpochs: 'Passes over the labelled texts',
  classifierHeadEpochs: 'Passes for the head alone',
  classifierStageEpochs: 'Passes for each stage of thawing',
  classifierRate: 'Greatest learning rate',
  classifierOptimiser: 'Optimiser',
  classifierSchedule: 'Course of the learning rate',
  classifierDiscriminative: 'Lower layers learn more slowly',
  unfreezing: 'How layers thaw',
  pooling: 'How a text is summed up',
  pooledOutputs: 'Layers that the head reads',
  classifierDropMultiplier: 'Strength of dropout',
  headDropouts: 'Dropout in the head',
  classifierBatchSize: 'Texts in a batch',
  classifierBptt: 'Length of a window',
  classifierBatches: 'How texts come together',
  maxTokens: 'Cut texts after so many words',
  gradientTokens: 'How far learning reaches back',
  classifierWeightDecay: 'Weight decay',
  classifierClip: 'Cap on the gradient',
  labelSmoothing: 'Soften the labels',
  focalGamma: 'Look harder at difficult texts',
  bestBy: 'Weights that are kept',
  patience: 'Stop early after so many passes',
  momentums: 'Momentum over a cycle',
  pctStart: 'Part of a cycle with a rising rate',
  div: 'How low a cycle starts',
  divFinal: 'How low a cycle ends',
  cutFraction: 'Part of the triangle that rises',
  cutRatio: 'How low the triangle ends',
  beta2: 'Memory of Adam',
  nonMonotone: 'When averaging begins',
  retries: 'Second attempts',
  direction: 'Reading direction',
  pretrainedBackward: 'Backward language model to start from',
  blend: 'Blend with word counts',
};

/** The named values of options. */
const choices = {
  tokenizer: { words: 'words', sentencepiece: 'parts of words (SentencePiece)' },
  encoder: { 'awd-lstm': 'AWD-LSTM', qrnn: 'QRNN (faster)', gru: 'GRU' },
  unseenWords: { keep: 'kept', drop: 'dropped' },
  newWordRows: { mean: 'the mean of all words', similar: 'words of like spelling' },
  qrnnPooling: { fo: 'with an output gate (fo)', f: 'without an output gate (f)' },
  lmOptimiser: optimisers,
  lmSchedule: schedules,
  lmBest: { loss: 'of the pass with the lowest loss', last: 'the last' },
  classifierOptimiser: optimisers,
  classifierSchedule: schedules,
  unfreezing: {
    gradual: 'layer by layer from the top',
    full: 'everything at once',
    last: 'only the head',
    'chain-thaw': 'one part at a time',
    none: 'nothing: a linear head at once',
  },
  pooling: {
    concat: 'last state, maximum and mean',
    last: 'last state',
    max: 'maximum',
    mean: 'mean',
    'last-max': 'last state and maximum',
    'last-mean': 'last state and mean',
    'max-mean': 'maximum and mean',
  },
  classifierBatches: { sortish: 'texts of like length', random: 'any texts' },
  bestBy: { metric: 'of the most right answers', loss: 'of the lowest loss', last: 'the last' },
  direction: { forward: 'forward', backward: 'backward', both: 'both, averaged' },
  blend: { auto: 'where it pays', on: 'always', off: 'never' },
};

export const optionWords = { titles, choices };

/** Sentences of the one table that call options or values by their names in files: here in plain words. */
export const plainSentences: Readonly<
  Partial<Record<RunOptionName, { readonly effect?: string; readonly usual?: string }>>
> = {
  tokenizer: { usual: 'as the pretrained language model has it; words from scratch' },
  encoder: { usual: 'that of the pretrained model; AWD-LSTM from scratch' },
  qrnnPooling: { effect: 'Whether quasi-recurrent layers have an output gate.' },
  lmNewRowsEpochs: { usual: 'a third of the passes over all texts, at most 1, where words are new' },
  lmRate: {
    usual:
      '0.004 (0.005 from scratch); SGD with momentum 0.4 (2), plain and averaged SGD 2 (10); an eighth where the model knows sentences',
  },
  lmOptimiser: {
    effect:
      'How the weights of the language model follow their gradients; averaged SGD averages them once validation stops improving.',
  },
  lmVariableBptt: { effect: 'Draws each length anew: 95% around the length of a window, 5% around half of it.' },
  lmWeightDecay: { usual: '0.01 (0.0000012 with plain and averaged SGD)' },
  classifierEpochs: {
    effect: 'Passes over the labelled texts with everything unfrozen (of the head, where only the head learns).',
  },
  classifierStageEpochs: { usual: 'a quarter of the passes over the labelled texts, at most 1' },
  classifierRate: { usual: '0.003; SGD with momentum 0.3, plain and averaged SGD 1.5' },
  classifierDropMultiplier: { usual: '1 (of 0.05 0.25 0.2 0.15: weaker than fastai’s)' },
  classifierWeightDecay: { usual: '0.01 (0.0000012 with plain and averaged SGD)' },
  unfreezing: {
    effect:
      'Which parts learn when: layer by layer from the top, everything at once, only the head, one at a time, or none: a linear head is fitted on the frozen layers at once.',
    usual: 'layer by layer; nothing with fewer than 300 labelled texts, if the model learned sentences',
  },
  pooling: {
    effect: 'What a text is summed up by for the head: last state, maximum and mean over its tokens, or some of them.',
  },
  headDropouts: { usual: '0.3 0.1' },
  bestBy: { usual: 'of the most right answers; of the lowest loss where fewer than 100 texts validate' },
  patience: {
    effect: 'Ends a stage of the classifier after so many epochs without a better figure of the kept weights; 0 never.',
  },
  momentums: { usual: '0.8 0.7 0.8' },
  divFinal: { usual: '100,000' },
  pretrainedBackward: { effect: 'The pretrained backward language model that backward reading starts from.' },
  direction: {
    effect:
      'Which way texts are read. In both directions two language models and classifiers are trained one after the other, and their probabilities averaged with weights chosen on validation.',
  },
  blend: {
    effect:
      'Whether predictions are a blend of the deep model and the TF-IDF baseline. “auto” blends unless validation speaks against it.',
  },
};
