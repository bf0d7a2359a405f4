import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { isTooFewToMeasure, rightOnes } from '../../shared/evidence';
import type { Comparison, Metrics } from '../../shared/training-types';
import { useFormat } from './format';

/** What of a measurement is told beside its share. */
export type Measured = Pick<Metrics, 'n' | 'accuracy' | 'accuracyInterval'>;

/** A measurement in words that promise no more than it can. */
export interface MeasuredWords {
  /** The share of right answers as a percentage; of too few texts the counts: "3 of 10". */
  share(measured: Measured): string;
  /** The same in a few words: "91.4% right", "3 of 10 right". */
  right(measured: Measured): string;
  /** The 95 % interval of the share. */
  range(measured: Measured): string;
  /** That there are too few texts to measure by, and what else is known; none where there are enough. */
  doubts(comparison: Pick<Comparison, 'model' | 'split' | 'validation'>): readonly string[];
}

/** How measurements are said in the language in use. */
export function useMeasuredWords(): ComputedRef<MeasuredWords> {
  const { t } = useI18n();
  const format = useFormat();
  return computed(() => {
    const { number, percent } = format.value;
    const counts = (measured: Measured) => ({
      right: number(rightOnes(measured)),
      n: number(measured.n),
      low: percent(measured.accuracyInterval[0], 0),
      high: percent(measured.accuracyInterval[1], 0),
    });
    return {
      share: (measured) =>
        isTooFewToMeasure(measured.n) ? t('measured.few', counts(measured)) : percent(measured.accuracy),
      right: (measured) =>
        isTooFewToMeasure(measured.n)
          ? t('measured.fewRight', counts(measured))
          : t('rail.accuracy', { share: percent(measured.accuracy) }),
      range: ({ accuracyInterval: [low, high] }) => t('common.range', { low: percent(low), high: percent(high) }),
      doubts: ({ model, split, validation }) => {
        if (!isTooFewToMeasure(model.n)) return [];
        const known = validation ? [t('measured.validation', counts(validation), validation.n)] : [];
        return [t(`measured.tooFew.${split}`, counts(model), model.n), ...known];
      },
    };
  });
}
