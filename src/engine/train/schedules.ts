/** A schedule: the share of a stage that is done (0 to 1) to the value there. Pure, as fastai's `sched_*`. */
export type Schedule = (position: number) => number;

/** Half a cosine from `start` to `end` (fastai's `SchedCos`). */
export function cosine(start: number, end: number): Schedule {
  return (position) => start + ((1 + Math.cos(Math.PI * (1 - position))) * (end - start)) / 2;
}

/** `first` over the share `at`, then `second` (fastai's `combine_scheds`). */
export function inTwoParts(at: number, first: Schedule, second: Schedule): Schedule {
  return (position) => (position < at ? first(position / at) : second((position - at) / (1 - at)));
}

export interface OneCycle {
  readonly pctStart: number; // the share of the stage with a rising rate
  readonly div: number; // the first rate is max / div
  readonly divFinal: number; // the last is max / divFinal
  readonly momentums: readonly [number, number, number];
}

/** fastai's defaults of `fit_one_cycle`, with the momentums its text learners use. */
export const oneCycleDefaults: OneCycle = { pctStart: 0.25, div: 25, divFinal: 1e5, momentums: [0.8, 0.7, 0.8] };

/** The rate and the momentum of one cycle (Smith 2018; fastai's `fit_one_cycle`). */
export function oneCycle(
  maximum: number,
  options: OneCycle = oneCycleDefaults,
): { rate: Schedule; momentum: Schedule } {
  const { pctStart, div, divFinal, momentums } = options;
  return {
    rate: inTwoParts(pctStart, cosine(maximum / div, maximum), cosine(maximum, maximum / divFinal)),
    momentum: inTwoParts(pctStart, cosine(momentums[0], momentums[1]), cosine(momentums[1], momentums[2])),
  };
}

/**
 * The slanted triangular rate at step t of T (Howard & Ruder 2018, equation 3).
 * @param cutFraction share of the steps with a rising rate
 * @param ratio how much smaller the lowest rate is than the greatest
 */
export function slantedTriangular(t: number, T: number, maximum: number, cutFraction = 0.1, ratio = 32): number {
  const cut = Math.max(1, Math.floor(T * cutFraction));
  const p = t < cut ? t / cut : 1 - (t - cut) / (cut * (1 / cutFraction - 1));
  return (maximum * (1 + Math.max(0, p) * (ratio - 1))) / ratio;
}

/** Discriminative rates: the last group learns with `maximum`, each one below with that of the next over `factor`. */
export function discriminativeRates(maximum: number, groups: number, factor = 2.6): number[] {
  return Array.from({ length: groups }, (_, group) => maximum / factor ** (groups - 1 - group));
}

/** A schedule by name, as an option of a run. */
export type ScheduleName = 'one-cycle' | 'slanted-triangular' | 'cosine' | 'constant';

/** What a stage's schedule is made of besides its greatest rate. */
export interface ScheduleOptions {
  readonly name: ScheduleName;
  readonly oneCycle: OneCycle;
  readonly cutFraction: number;
  readonly cutRatio: number;
}

/** The defaults of a run: one cycle as fastai's, slanted triangular as the paper's. */
export const scheduleDefaults: ScheduleOptions = {
  name: 'one-cycle',
  oneCycle: oneCycleDefaults,
  cutFraction: 0.1,
  cutRatio: 32,
};

/**
 * Learning rate and momentum over a stage. Only one cycle moves the momentum.
 * @param steps the planned steps of the stage, which the slanted triangle is cut to
 */
export function stageSchedule(
  maximum: number,
  steps: number,
  options: ScheduleOptions = scheduleDefaults,
): { rate: Schedule; momentum: Schedule } {
  const { name, oneCycle: cycle, cutFraction, cutRatio } = options;
  const momentum = (): number => cycle.momentums[0];
  switch (name) {
    case 'one-cycle':
      return oneCycle(maximum, cycle);
    case 'slanted-triangular':
      return {
        rate: (position) => slantedTriangular(position * steps, steps, maximum, cutFraction, cutRatio),
        momentum,
      };
    case 'cosine':
      return { rate: cosine(maximum, maximum / cycle.divFinal), momentum };
    case 'constant':
      return { rate: () => maximum, momentum };
  }
}
