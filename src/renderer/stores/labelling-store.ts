import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { LabelState, QueueOrder } from '../../shared/contract';
import type { Row } from '../../shared/data-types';
import { debounce } from '../app/debounce';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { useProjectStore } from './project-store';

const batch = 20;
const refillBelow = 8;
/** After so many labels, and after a pause, the rows further back are asked for anew: what is uncertain has changed. */
const freshenEvery = 5;
const freshenAfter = 1500;
/** The row in view and the one behind it stay as they are. */
const keptInPlace = 2;
/** Rows shown in this session are kept so that undo can show them again without asking. */
const rememberedRows = 2000;

/**
 * The labelling queue. Rows are fetched ahead, and a label is shown as given before the engine has answered, so that
 * the next row is there at once; requests are sent one after the other, in the order of the keys pressed.
 */
export const useLabellingStore = defineStore('labelling', () => {
  const errors = useErrorsStore();
  const project = useProjectStore();

  const state = ref<LabelState | null>(null);
  const order = ref<QueueOrder>('uncertain');
  const basis = ref<'classifier' | 'baseline' | 'none'>('none');
  const queue = shallowRef<readonly Row[]>([]);
  const draft = ref<readonly string[]>([]);
  const loading = ref(false);
  const exhausted = ref(false);
  const labelledNow = ref(0);
  const skippedCount = ref(0);

  watch(state, (now) => {
    if (now !== null) project.applyLabels(now);
  });

  const current = computed(() => queue.value[0] ?? null);
  const labels = computed(() => state.value?.labels ?? []);
  const multiLabel = computed(() => project.current?.columns?.multiLabel ?? false);

  const remembered = new Map<number, Row>();
  const skipped = new Set<number>();
  const sending = new Set<number>();
  /** Rows labelled here: an answer that was under way meanwhile may still hold them. */
  const committed = new Set<number>();
  let sinceFreshened = 0;
  let generation = 0;
  let pending = 0;
  let tail: Promise<void> = Promise.resolve();

  function remember(row: Row): void {
    remembered.set(row.id, row);
    const oldest = remembered.keys().next();
    if (remembered.size > rememberedRows && oldest.done !== true) remembered.delete(oldest.value);
  }

  /** Sends a change after those before it; only the last answer of a burst replaces what is shown. */
  function send(
    change: () => Promise<LabelState>,
    onDone: (state: LabelState | null) => void = () => undefined,
  ): Promise<void> {
    pending += 1;
    tail = tail.then(async () => {
      const answer = await errors.guard(change);
      pending -= 1;
      if (answer !== null && pending === 0) state.value = answer;
      onDone(answer);
      // What was shown in advance did not come true: ask where things stand.
      if (answer === null) state.value = (await errors.guard(() => call('labels.state', {}))) ?? state.value;
    });
    return tail;
  }

  let fetching: Promise<void> | null = null;
  function fetchBehind(kept: () => readonly Row[]): Promise<void> {
    fetching ??= fetchRows(kept).finally(() => {
      fetching = null;
    });
    return fetching;
  }

  function refill(): Promise<void> {
    if (exhausted.value || queue.value.length >= refillBelow) return Promise.resolve();
    return fetchBehind(() => queue.value);
  }

  /** Asks anew for what comes after the next rows. */
  function freshen(): Promise<void> {
    sinceFreshened = 0;
    freshenSoon.cancel();
    if (order.value !== 'uncertain' || queue.value.length === 0) return Promise.resolve();
    return fetchBehind(() => queue.value.slice(0, keptInPlace));
  }
  const freshenSoon = debounce(() => void freshen(), freshenAfter);

  /** Puts rows from the engine behind those that `kept` names; `kept` is asked again once the answer is there. */
  async function fetchRows(kept: () => readonly Row[]): Promise<void> {
    const mine = generation;
    loading.value = queue.value.length === 0;
    const exclude = [...kept().map((row) => row.id), ...skipped, ...sending];
    const answer = await errors.guard(() => call('labels.queue', { order: order.value, limit: batch, exclude }), true);
    loading.value = false;
    if (answer === null || mine !== generation) return;
    basis.value = answer.basis;
    const staying = kept();
    const known = new Set([...staying.map((row) => row.id), ...skipped, ...committed]);
    const fresh = answer.rows.filter((row) => !known.has(row.id));
    queue.value = [...staying, ...fresh];
    exhausted.value = fresh.length === 0;
  }

  /** Starts the queue anew: another order, another project, or newly imported rows. */
  async function restart(): Promise<void> {
    generation += 1;
    fetching = null;
    freshenSoon.cancel();
    queue.value = [];
    draft.value = [];
    exhausted.value = false;
    const answer = await errors.guard(() => call('labels.state', {}), true);
    if (answer !== null) state.value = answer;
    await refill();
  }

  async function setOrder(next: QueueOrder): Promise<void> {
    if (order.value === next) return;
    order.value = next;
    await restart();
  }

  function show(row: Row | null): void {
    draft.value = row === null || !multiLabel.value ? [] : [...row.labels];
  }

  function advance(): void {
    queue.value = queue.value.slice(1);
    show(current.value);
    void refill();
  }

  /** Counts the label before the engine does. */
  function countAhead(names: readonly string[]): void {
    if (state.value === null) return;
    state.value = {
      ...state.value,
      labels: state.value.labels.map((label) =>
        names.includes(label.name) ? { ...label, count: label.count + 1 } : label,
      ),
      labelled: state.value.labelled + 1,
      canUndo: true,
      canRedo: false,
    };
  }

  /** Gives the row its labels and goes to the next one. */
  function commit(names: readonly string[]): void {
    const row = current.value;
    if (row === null || names.length === 0) return;
    remember(row);
    sending.add(row.id);
    committed.add(row.id);
    countAhead(names);
    labelledNow.value += 1;
    advance();
    sinceFreshened += 1;
    if (sinceFreshened >= freshenEvery) void freshen();
    else freshenSoon();
    void send(
      () => call('labels.set', { rowId: row.id, labels: [...names] }),
      (answer) => {
        sending.delete(row.id);
        if (answer !== null) return;
        committed.delete(row.id);
        queue.value = [row, ...queue.value.filter((other) => other.id !== row.id)];
      },
    );
  }

  /** One label of a single-label project; in a multi-label one it is added or taken away. */
  function choose(name: string): void {
    if (!multiLabel.value) {
      commit([name]);
      return;
    }
    draft.value = draft.value.includes(name) ? draft.value.filter((other) => other !== name) : [...draft.value, name];
  }

  function skip(): void {
    const row = current.value;
    if (row === null) return;
    remember(row);
    skipped.add(row.id);
    skippedCount.value = skipped.size;
    advance();
  }

  /** Rows put aside come back into the queue. */
  async function bringBackSkipped(): Promise<void> {
    skipped.clear();
    skippedCount.value = 0;
    await restart();
  }

  function afterHistory(undone: boolean, answer: LabelState | null): void {
    const rowId = answer?.rowId ?? null;
    if (rowId === null) return;
    skipped.delete(rowId);
    skippedCount.value = skipped.size;
    if (undone) committed.delete(rowId);
    else committed.add(rowId);
    const others = queue.value.filter((row) => row.id !== rowId);
    const row = remembered.get(rowId);
    queue.value = undone && row !== undefined ? [row, ...others] : others;
    exhausted.value = false;
    show(current.value);
    void refill();
  }

  async function undo(): Promise<void> {
    if (state.value?.canUndo !== true) return;
    await send(
      () => call('labels.undo', {}),
      (answer) => {
        afterHistory(true, answer);
      },
    );
  }

  async function redo(): Promise<void> {
    if (state.value?.canRedo !== true) return;
    const shown = current.value;
    if (shown !== null) remember(shown);
    await send(
      () => call('labels.redo', {}),
      (answer) => {
        afterHistory(false, answer);
      },
    );
  }

  async function addLabel(name: string): Promise<void> {
    const clean = name.trim();
    if (clean !== '') await send(() => call('labels.add', { name: clean }));
  }

  async function renameLabel(from: string, to: string): Promise<void> {
    const clean = to.trim();
    if (clean !== '' && clean !== from) await send(() => call('labels.rename', { from, to: clean }));
  }

  function clear(): void {
    generation += 1;
    state.value = null;
    queue.value = [];
    draft.value = [];
    freshenSoon.cancel();
    remembered.clear();
    committed.clear();
    skipped.clear();
    labelledNow.value = 0;
    skippedCount.value = 0;
    exhausted.value = false;
  }

  return {
    state,
    order,
    basis,
    queue,
    draft,
    loading,
    exhausted,
    labelledNow,
    skippedCount,
    current,
    labels,
    multiLabel,
    restart,
    setOrder,
    choose,
    commit,
    skip,
    bringBackSkipped,
    undo,
    redo,
    addLabel,
    renameLabel,
    clear,
  };
});
