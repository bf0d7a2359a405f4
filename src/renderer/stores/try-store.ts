import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Prediction } from '../../shared/training-types';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';

/** At most so many lines are tried at once: what one call of the engine takes. */
export const mostLines = 1000;

/** The try-it box: one text with the answer as one types, or many lines at once. */
export const useTryStore = defineStore('try', () => {
  const errors = useErrorsStore();
  /** What is tried: a text, some lines, or a file. */
  const mode = ref<'one' | 'many' | 'file'>('one');
  const text = ref('');
  const tried = shallowRef<Prediction | null>(null);
  const busy = ref(false);
  /** Milliseconds from asking to the answer. */
  const took = ref<number | null>(null);
  /** The answer that later ones are compared with. */
  const pinned = shallowRef<Prediction | null>(null);

  const lines = ref('');
  const answers = shallowRef<readonly Prediction[]>([]);
  const linesBusy = ref(false);

  let asking = false;
  /** Asks at once; while an answer is under way only the newest text waits, so that the engine is never behind. */
  async function predict(): Promise<void> {
    if (asking) return;
    asking = true;
    busy.value = true;
    let asked: string | null = null;
    while (asked !== text.value) {
      asked = text.value;
      const texts = [asked];
      if (asked.trim() === '') {
        tried.value = null;
        continue;
      }
      const begun = performance.now();
      const answer = await errors.guard(() => call('predict.texts', { texts }));
      if (answer === null) break;
      took.value = performance.now() - begun;
      if (text.value.trim() !== '') tried.value = answer[0] ?? null;
    }
    asking = false;
    busy.value = false;
  }

  function setText(next: string): void {
    text.value = next;
    void predict();
  }

  /** Keeps what is said now to compare later texts with; a second time lets it go. */
  function pin(): void {
    pinned.value = pinned.value === null ? tried.value : null;
  }

  async function tryLines(): Promise<void> {
    const texts = lines.value
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(0, mostLines);
    if (texts.length === 0) {
      answers.value = [];
      return;
    }
    linesBusy.value = true;
    answers.value = (await errors.guard(() => call('predict.texts', { texts }), true)) ?? [];
    linesBusy.value = false;
  }

  function clear(): void {
    mode.value = 'one';
    text.value = '';
    tried.value = null;
    took.value = null;
    pinned.value = null;
    lines.value = '';
    answers.value = [];
  }

  return { mode, text, tried, busy, took, pinned, setText, pin, lines, answers, linesBusy, tryLines, clear };
});
