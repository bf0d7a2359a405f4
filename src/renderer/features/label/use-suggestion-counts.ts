import { computed, onBeforeUnmount, shallowRef, watch } from 'vue';
import type { RowFilter, SuggestionCounts } from '../../../shared/label-types';
import { debounce } from '../../app/debounce';
import { call } from '../../app/engine-client';
import { useErrorsStore } from '../../stores/errors-store';

/** Milliseconds of quiet before rows are counted anew: the rest of the filter may still be typed. */
const quiet = 200;

/** The rows that a filter by probability lets through, at each place of its slider. */
export function useSuggestionCounts(filter: () => RowFilter) {
  const errors = useErrorsStore();
  const counts = shallowRef<SuggestionCounts | null>(null);
  let newest = 0;

  /** The question without the place of the slider: one answer is for all places. */
  function question() {
    const { sure, torn, ...rest } = filter();
    if (sure !== undefined) return { kind: 'sure', label: sure.label, filter: rest } as const;
    if (torn !== undefined) return { kind: 'torn', label: torn.label, other: torn.other, filter: rest } as const;
    return null;
  }

  async function ask(): Promise<void> {
    const mine = ++newest;
    const wanted = question();
    if (wanted === null) return;
    const answer = await errors.guard(() => call('labels.likelihood', wanted));
    if (mine === newest) counts.value = answer;
  }
  const askSoon = debounce(() => void ask(), quiet);

  watch(
    () => JSON.stringify(question()),
    () => {
      newest += 1;
      counts.value = null;
      askSoon();
    },
    { immediate: true },
  );
  onBeforeUnmount(askSoon.cancel);

  /** How many rows the slider lets through where it stands; null until they are counted. */
  const here = computed(() => {
    if (counts.value === null) return null;
    const { sure, torn } = filter();
    const { percents } = counts.value;
    const through = sure === undefined ? percents.slice(0, (torn?.within ?? 0) + 1) : percents.slice(sure.from);
    return through.reduce((sum, rows) => sum + rows, 0);
  });

  return { counts, here };
}
