import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { useErrorsStore } from '../../stores/errors-store';

/** What the engine has said to the newest question. */
export interface Answer<T> {
  readonly answer: ShallowRef<T | null>;
  readonly busy: Ref<boolean>;
  readonly again: () => Promise<void>;
}

/**
 * Asks the engine whenever the question changes. The last answer stays until the next one is there, so that nothing
 * jumps; an answer that was overtaken is dropped.
 *
 * @param question what is asked; null: nothing. Compared by its JSON.
 */
export function useAnswer<Q, T>(question: () => Q | null, ask: (question: Q) => Promise<T>): Answer<T> {
  const errors = useErrorsStore();
  const answer = shallowRef<T | null>(null);
  const busy = ref(false);
  let newest = 0;

  async function again(): Promise<void> {
    const mine = ++newest;
    const asked = question();
    if (asked === null) {
      answer.value = null;
      busy.value = false;
      return;
    }
    busy.value = true;
    const said = await errors.guard(() => ask(asked), true);
    if (mine !== newest) return;
    busy.value = false;
    answer.value = said ?? answer.value;
  }

  watch(
    () => JSON.stringify(question()),
    () => void again(),
    { immediate: true },
  );
  return { answer, busy, again };
}
