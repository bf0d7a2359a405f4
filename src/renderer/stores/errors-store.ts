import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { AppError, toEnvelope, type ErrorEnvelope } from '../../shared/errors';

/** One failure as the panel shows it. */
export interface ShownError {
  readonly id: number;
  readonly envelope: ErrorEnvelope;
  /** Does again what failed; null where that makes no sense. */
  readonly retry: (() => void) | null;
}

/** What went wrong and has not been put away yet; the newest is shown. */
export const useErrorsStore = defineStore('errors', () => {
  const shown = ref<readonly ShownError[]>([]);
  let nextId = 1;

  /** Shows a failure. Cancelled work is what somebody wanted and is not shown; a repeated message replaces itself. */
  function report(error: unknown, retry: (() => void) | null = null): void {
    const envelope = toEnvelope(error);
    if (envelope.code === 'cancelled') return;
    const others = shown.value.filter((other) => other.envelope.message !== envelope.message);
    shown.value = [...others, { id: nextId++, envelope, retry }].slice(-5);
  }

  /** Runs `action` and shows what it throws; gives null then. With `retry`, the panel offers to run it again. */
  async function guard<T>(action: () => Promise<T>, retry = false): Promise<T | null> {
    try {
      return await action();
    } catch (error) {
      report(error, retry ? () => void guard(action, true) : null);
      return null;
    }
  }

  function dismiss(id: number): void {
    shown.value = shown.value.filter((error) => error.id !== id);
  }

  function reportMessage(code: AppError['code'], message: string): void {
    report(new AppError(code, message));
  }

  return { shown, newest: computed(() => shown.value.at(-1) ?? null), report, reportMessage, guard, dismiss };
});
