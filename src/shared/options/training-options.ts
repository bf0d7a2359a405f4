import { number, numbers, whole } from './option-field';

/** Details of optimisers and schedules, for the language model and the classifier alike. */
export const trainingOptions = {
  momentums: numbers(3, 0, 0.9999, {
    effect:
      'Momentum (beta 1 of Adam) at the start, at the greatest rate, and at the end of one cycle; other schedules keep the first.',
    symbol: 'fit_one_cycle(moms)',
    usual: '0.8,0.7,0.8',
  }),
  pctStart: number(0.001, 0.999, {
    effect: 'Share of one cycle in which the rate rises.',
    symbol: 'fit_one_cycle(pct_start)',
    usual: '0.25',
  }),
  div: number(1, 1e9, {
    effect: 'One cycle begins at the greatest rate divided by this.',
    symbol: 'fit_one_cycle(div)',
    usual: '25',
  }),
  divFinal: number(1, 1e12, {
    effect: 'One cycle and cosine end at the greatest rate divided by this.',
    symbol: 'fit_one_cycle(div_final)',
    usual: '100000',
  }),
  cutFraction: number(0.001, 0.999, {
    effect: 'Share of the steps with a rising rate in the slanted triangular schedule.',
    symbol: 'Howard & Ruder 2018, equation 3: cut_frac',
    usual: '0.1',
  }),
  cutRatio: number(1, 1e9, {
    effect: 'How many times smaller the lowest rate of the slanted triangular schedule is than its greatest.',
    symbol: 'Howard & Ruder 2018, equation 3: ratio',
    usual: '32',
  }),
  beta2: number(0, 0.99999, {
    effect: 'How long Adam remembers the size of gradients.',
    symbol: 'Adam(sqr_mom)',
    usual: '0.99',
  }),
  nonMonotone: whole(0, 1000, {
    effect: 'NT-ASGD begins to average when validation is worse than the best of all epochs but the last so many.',
    symbol: 'Merity et al. 2017, algorithm 1: n',
    usual: '5',
  }),
  retries: whole(0, 100, {
    effect:
      'How often a run goes back to its last good weights, with half the rate, when a number is no longer finite.',
    symbol: 'none (fastai’s TerminateOnNaNCallback ends the run)',
    usual: '3',
  }),
} as const;
