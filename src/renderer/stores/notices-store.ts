import { defineStore } from 'pinia';
import { ref } from 'vue';

/** A short message that says what was done, with one thing to do about it. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly action: { readonly text: string; readonly run: () => void } | null;
}

/** Long enough to read a line and reach for the button. */
const shownFor = 7000;

/** The newest thing that was done, for a few seconds. */
export const useNoticesStore = defineStore('notices', () => {
  const current = ref<Notice | null>(null);
  let nextId = 1;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function dismiss(): void {
    clearTimeout(timer);
    current.value = null;
  }

  function say(text: string, action: Notice['action'] = null): void {
    clearTimeout(timer);
    current.value = { id: nextId++, text, action };
    timer = setTimeout(dismiss, shownFor);
  }

  /** Lets the notice stay while the pointer or the focus is on it. */
  function hold(): void {
    clearTimeout(timer);
  }

  function release(): void {
    clearTimeout(timer);
    timer = setTimeout(dismiss, shownFor);
  }

  return { current, say, dismiss, hold, release };
});
