import { computed, shallowRef, watch, type ComputedRef } from 'vue';

/** The fields of a form by their names; values are compared as JSON. */
export type FormState = Readonly<Record<string, unknown>>;

/** One change of a form. */
interface FormStep<T extends FormState> {
  /** The one field that was changed, or what several of them are. */
  readonly what: string;
  readonly before: T;
  readonly after: T;
}

/** Undo and redo of a form that nobody keeps: for as long as the window is open. */
export interface FormHistory<T extends FormState> {
  /** The field (or what several of them are) that would be taken back and set again next; null where none. */
  readonly undoName: ComputedRef<string | null>;
  readonly redoName: ComputedRef<string | null>;
  readonly undo: () => string | null;
  readonly redo: () => string | null;
  /** Changes several fields as one step with a name. */
  readonly asOne: (name: string, change: () => void) => void;
  /** Sets the form to this and forgets all steps: it is another form now. */
  readonly beginAnew: (state: T) => void;
}

const mostSteps = 200;
/** What is typed into one field without a longer pause is one step, in milliseconds. */
const typingPause = 1500;

/**
 * Follows a form and remembers its changes.
 *
 * @param read all fields as they stand; watched
 * @param write sets all fields
 * @param now milliseconds; for tests
 */
export function createFormHistory<T extends FormState>(
  read: () => T,
  write: (state: T) => void,
  now: () => number = () => performance.now(),
): FormHistory<T> {
  const undone = shallowRef<readonly FormStep<T>[]>([]);
  const done = shallowRef<readonly FormStep<T>[]>([]);
  let known = read();
  let lastAt = Number.NEGATIVE_INFINITY;
  let held = false;

  function note(name: string | null): void {
    const after = read();
    const changed = [...new Set([...Object.keys(known), ...Object.keys(after)])].filter(
      (field) => JSON.stringify(known[field]) !== JSON.stringify(after[field]),
    );
    const before = known;
    known = after;
    if (changed.length === 0) return;
    const what = name ?? (changed.length === 1 ? (changed[0] ?? '') : 'several');
    const last = done.value[done.value.length - 1];
    const goesOn = name === null && last?.what === what && now() - lastAt < typingPause && undone.value.length === 0;
    lastAt = name === null ? now() : Number.NEGATIVE_INFINITY;
    const step = { what, before: goesOn ? last.before : before, after };
    const earlier = goesOn ? done.value.slice(0, -1) : done.value;
    const isBack = goesOn && JSON.stringify(step.before) === JSON.stringify(after);
    done.value = isBack ? earlier : [...earlier, step].slice(-mostSteps);
    undone.value = [];
  }

  watch(
    read,
    () => {
      if (!held) note(null);
    },
    // Before the next change: two fields that change one after the other are two steps.
    { flush: 'sync', deep: true },
  );

  function set(state: T): void {
    held = true;
    write(state);
    held = false;
    known = read();
    lastAt = Number.NEGATIVE_INFINITY;
  }

  function undo(): string | null {
    const step = done.value[done.value.length - 1];
    if (step === undefined) return null;
    set(step.before);
    done.value = done.value.slice(0, -1);
    undone.value = [...undone.value, step];
    return step.what;
  }

  function redo(): string | null {
    const step = undone.value[undone.value.length - 1];
    if (step === undefined) return null;
    set(step.after);
    undone.value = undone.value.slice(0, -1);
    done.value = [...done.value, step];
    return step.what;
  }

  function asOne(name: string, change: () => void): void {
    held = true;
    change();
    held = false;
    note(name);
  }

  function beginAnew(state: T): void {
    set(state);
    done.value = [];
    undone.value = [];
  }

  return {
    undoName: computed(() => done.value[done.value.length - 1]?.what ?? null),
    redoName: computed(() => undone.value[undone.value.length - 1]?.what ?? null),
    undo,
    redo,
    asOne,
    beginAnew,
  };
}
