import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { View } from '../app/steps';

/** Which screen fills the window. */
export const useNavigationStore = defineStore('navigation', () => {
  const view = ref<View>('home');

  function go(to: View): void {
    view.value = to;
  }

  return { view, go };
});
