import { watch, type Ref } from 'vue';
import type { LabelState } from '../../../shared/contract';
import { call } from '../../app/engine-client';
import type { useErrorsStore } from '../errors-store';

/** A change to send. @param now what the engine has answered last, which what is shown may be ahead of */
type Change = (now: LabelState | null) => Promise<LabelState>;

/** Sends changes of labels one after the other, in the order of the keys pressed. */
export interface ChangeSender {
  /** Resolves with the answer; null where it failed, after the error was shown and the state read anew. */
  send(change: Change): Promise<LabelState | null>;
  /** How many changes have failed so far. */
  readonly failures: number;
}

/** A sender whose answers go into `state`; of a burst only the last one, because what is shown runs ahead of them. */
export function createSender(state: Ref<LabelState | null>, errors: ReturnType<typeof useErrorsStore>): ChangeSender {
  let pending = 0;
  let failures = 0;
  let tail: Promise<unknown> = Promise.resolve();
  let answered: LabelState | null = null;

  // Other screens put the engine's answers here as well; what is shown in advance has no number yet.
  watch(
    state,
    (now) => {
      if (now === null || !isAhead(now)) answered = now;
    },
    { flush: 'sync' },
  );

  async function one(change: Change): Promise<LabelState | null> {
    const answer = await errors.guard(() => change(answered));
    pending -= 1;
    if (answer !== null) answered = answer;
    else failures += 1;
    if (answer !== null && pending === 0) state.value = answer;
    // What was shown in advance did not come true: ask where things stand.
    if (answer === null) state.value = (await errors.guard(() => call('labels.state', {}))) ?? state.value;
    return answer;
  }

  return {
    get failures() {
      return failures;
    },
    send(change) {
      pending += 1;
      const turn = tail.then(() => one(change));
      tail = turn;
      return turn;
    },
  };
}

/** Whether a state is one that {@link withLabels} has made. */
function isAhead({ undoStep }: LabelState): boolean {
  return undoStep !== null && undoStep !== undefined && undoStep.number === undefined;
}

/** The state as it will be once a row has got other labels. */
export function withLabels(
  state: LabelState,
  before: readonly string[],
  after: readonly string[],
  wasLabelled: boolean,
): LabelState {
  return {
    ...state,
    labels: state.labels.map((label) => {
      const by = Number(after.includes(label.name)) - Number(before.includes(label.name));
      return by === 0 ? label : { ...label, count: label.count + by };
    }),
    labelled: state.labelled + (wasLabelled ? 0 : 1),
    canUndo: true,
    canRedo: false,
    redoStep: null,
    undoStep: { kind: 'label', rows: 1, label: after.length === 1 ? (after[0] ?? '') : '' },
  };
}
