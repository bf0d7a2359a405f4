import { onBeforeUnmount, ref, shallowRef, watch } from 'vue';
import type { LabelChange, LabelEffect } from '../../../shared/label-types';
import { debounce } from '../../app/debounce';
import { call } from '../../app/engine-client';
import { useErrorsStore } from '../../stores/errors-store';

/** Milliseconds of quiet before what a change would do is asked for. */
const quiet = 250;

/** What a change would do, worked out anew a moment after the change as it stands has changed; null for none. */
export function useChangePreview(change: () => LabelChange | null) {
  const errors = useErrorsStore();
  const effect = shallowRef<LabelEffect | null>(null);
  const busy = ref(false);
  let newest = 0;

  async function ask(): Promise<void> {
    const mine = ++newest;
    const wanted = change();
    if (wanted === null) {
      busy.value = false;
      return;
    }
    const answer = await errors.guard(() => call('labels.preview', { change: wanted }));
    if (mine !== newest) return;
    busy.value = false;
    effect.value = answer;
  }
  /** Asks for the examples behind those that are there, where they have an order. */
  async function more(): Promise<void> {
    const mine = newest;
    const wanted = change();
    const shown = effect.value;
    if (wanted === null || shown === null) return;
    const from = shown.examples.length;
    const answer = await errors.guard(() => call('labels.preview', { change: wanted, from }));
    if (mine !== newest || answer === null || effect.value?.examples.length !== from) return;
    effect.value = { ...shown, examples: [...shown.examples, ...answer.examples] };
  }
  const askSoon = debounce(() => void ask(), quiet);

  watch(
    () => JSON.stringify(change()),
    (now) => {
      // What was worked out for another change must not be read as the effect of this one.
      effect.value = null;
      newest += 1;
      busy.value = now !== 'null';
      askSoon();
    },
    { immediate: true },
  );
  onBeforeUnmount(askSoon.cancel);

  return { effect, busy, more };
}
