import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { View } from '../app/steps';

/** Which screen fills the window, and which part of it is asked for. */
export const useNavigationStore = defineStore('navigation', () => {
  const view = ref<View>('home');
  /** The part of the screen to open, until the screen has taken it; null: the one that it would show. */
  const part = ref<string | null>(null);

  /** @param wanted a part of that screen, such as one of its tabs */
  function go(to: View, wanted: string | null = null): void {
    view.value = to;
    part.value = wanted;
  }

  return { view, part, go };
});
