import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { LabelState } from '../../shared/contract';
import type { Row } from '../../shared/data-types';
import type { LabelChange, LabelInsight, LabelStep, QueueOrder, RowFilter } from '../../shared/label-types';
import { debounce } from '../app/debounce';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { createSender, withLabels } from './labelling/change-sender';
import { isLabelStep, onlyDivides } from './labelling/label-steps';
import { createRowQueue } from './labelling/row-queue';
import { useProjectStore } from './project-store';

/** After so many labels, and after a pause, the rows further back are asked for anew: what is uncertain has changed. */
const freshenEvery = 5;
const freshenAfter = 1500;
/** A suggestion this likely is among those that one key takes, where a row can have several labels. */
const likely = 0.5;

/**
 * Labelling. Rows are fetched ahead, and a label is shown as given before the engine has answered, so that the next row
 * is there at once; requests are sent one after the other, in the order of the keys pressed.
 */
export const useLabellingStore = defineStore('labelling', () => {
  const errors = useErrorsStore();
  const project = useProjectStore();

  const state = ref<LabelState | null>(null);
  const insight = shallowRef<LabelInsight | null>(null);
  const draft = ref<readonly string[]>([]);
  /** Texts that were given labels in this sitting, without those that were taken back. */
  const labelledNow = ref(0);
  /** The steps that gave them. */
  const sitting = new Set<number>();
  const multiLabel = computed(() => project.current?.columns?.multiLabel ?? false);
  const labels = computed(() => state.value?.labels ?? []);
  const skippedCount = computed(() => state.value?.marks?.skipped ?? 0);

  const queue = createRowQueue({
    errors,
    onShow: (row) => {
      draft.value = row === null || !multiLabel.value ? [] : [...row.labels];
    },
  });
  const { current } = queue;
  const sender = createSender(state, errors);
  let sinceFreshened = 0;

  watch(state, (now) => {
    if (now !== null) project.applyLabels(now);
  });

  /** The labels that one key takes: all likely ones where there can be several, else the best. */
  const suggested = computed<readonly string[]>(() => {
    const said = (current.value?.predicted ?? []).filter(({ label }) =>
      labels.value.some(({ name }) => name === label),
    );
    const many = multiLabel.value ? said.filter(({ probability }) => probability >= likely) : [];
    return many.length > 0 ? many.map(({ label }) => label) : said.slice(0, 1).map(({ label }) => label);
  });

  function freshen(): Promise<void> {
    sinceFreshened = 0;
    freshenSoon.cancel();
    return queue.freshen();
  }
  const freshenSoon = debounce(() => void freshen(), freshenAfter);

  /** Starts the queue anew: another order, another project, or newly imported rows. */
  async function restart(): Promise<void> {
    freshenSoon.cancel();
    // Behind the changes that are still on their way: the engine must know of them before it is asked for rows.
    await sender.send(() => call('labels.state', {}));
    void call('labels.insight', {}).then(onInsight, () => undefined);
    await queue.restart();
  }

  /** Asks what can be taken back and made again now, after a change that is no label. */
  async function refresh(): Promise<void> {
    await sender.send(() => call('labels.state', {}));
  }

  async function setOrder(next: QueueOrder, more: { filter?: RowFilter; similarTo?: Row } = {}): Promise<void> {
    queue.order.value = next;
    if (more.filter !== undefined) queue.filter.value = more.filter;
    if (more.similarTo !== undefined) queue.similarTo.value = more.similarTo;
    await restart();
  }

  /** Goes through rows that were picked on another screen, to look at their labels again. */
  function openRows(rowIds: readonly number[]): Promise<void> {
    return queue.pick(rowIds);
  }

  /** Gives the row its labels and goes to the next one; `none` says that no label fits. */
  function commit(names: readonly string[], none = false): void {
    const row = current.value;
    if (row === null || (names.length === 0 && !none)) return;
    const wasLabelled = row.labels.length > 0 || row.split !== 'unlabelled';
    const isKept = wasLabelled && sameLabels(row.labels, names);
    if (isKept) {
      keep();
      return;
    }
    if (state.value !== null) state.value = withLabels(state.value, row.labels, names, wasLabelled);
    labelledNow.value += 1;
    queue.advance();
    sinceFreshened += 1;
    if (sinceFreshened >= freshenEvery) void freshen();
    else freshenSoon();
    const request = { rowId: row.id, labels: [...names], ...(none && { none }) };
    void sender
      .send(() => call('labels.set', request))
      .then((answer) => {
        if (answer === null) {
          labelledNow.value = Math.max(0, labelledNow.value - 1);
          void queue.bringBack(row.id);
        } else if (answer.undoStep?.number !== undefined) sitting.add(answer.undoStep.number);
      });
  }

  /** One label of a single-label project; in a multi-label one it is added or taken away. */
  function choose(name: string): void {
    if (!multiLabel.value) {
      commit([name]);
      return;
    }
    draft.value = draft.value.includes(name) ? draft.value.filter((other) => other !== name) : [...draft.value, name];
  }

  /** Puts the row aside: for good where unlabelled rows are gone through, else for this round. */
  function skip(): void {
    const isOpen = queue.isOpenOrder.value;
    const row = queue.advance();
    if (row !== null && isOpen)
      void sender.send(() => call('labels.mark', { rowIds: [row.id], mark: 'skip', on: true }));
  }

  /** The label that the row has is right. */
  function keep(): void {
    if (current.value === null || current.value.labels.length === 0) return;
    const row = queue.advance();
    if (row !== null) void sender.send(() => call('labels.mark', { rowIds: [row.id], mark: 'keep', on: true }));
  }

  function flag(): void {
    const row = current.value;
    if (row === null) return;
    const on = row.marks?.flagged !== true;
    queue.patch(row.id, (old) => ({ ...old, marks: { ...marksOf(old), flagged: on } }));
    void sender.send(() => call('labels.mark', { rowIds: [row.id], mark: 'flag', on }));
  }

  async function note(text: string): Promise<void> {
    const row = current.value;
    if (row === null || text.trim() === marksOf(row).note) return;
    queue.patch(row.id, (old) => ({ ...old, marks: { ...marksOf(old), note: text.trim() } }));
    await sender.send(() => call('labels.note', { rowId: row.id, note: text }));
  }

  /** Rows put aside come back into the queue. */
  async function bringBackSkipped(): Promise<void> {
    await sender.send(() => call('labels.mark', { mark: 'skip', on: false }));
    await restart();
  }

  /** What an undo or redo has changed comes into view, as it is now. */
  async function afterHistory({ rowId }: LabelState, step: LabelStep, undone: boolean): Promise<void> {
    if (onlyDivides(step)) return;
    if (!isLabelStep(step) || (step.rows !== 1 && step.kind !== 'note')) {
      await restart();
      return;
    }
    if (rowId === null) return;
    const isMark = step.kind === 'flag' || step.kind === 'note';
    if (undone || isMark) await queue.bringBack(rowId);
    else queue.drop(rowId);
    if (isMark) {
      const [row] = await call('labels.rows', { rowIds: [rowId] }).catch(() => []);
      if (row !== undefined) queue.patch(rowId, (old) => ({ ...old, marks: row.marks }));
    }
    void queue.refill();
  }

  /**
   * Takes a step back or makes it again. The engine is told which one is meant, and refuses where another one is the
   * newest by then: a training that has begun meanwhile keeps a file in the project, for example.
   */
  async function move(what: 'undo' | 'redo', meant?: number): Promise<LabelStep | null> {
    const key = `${what}Step` as const;
    const shown = state.value?.[key] ?? null;
    if (shown === null || state.value?.[what === 'undo' ? 'canUndo' : 'canRedo'] !== true) return null;
    const { failures } = sender;
    let step: LabelStep | null = null;
    const answer = await sender.send((now) => {
      const next = now?.[key] ?? null;
      // The change that was meant has failed, or a burst of keys has come down to a file that nobody saw named.
      const isMeant = failures === sender.failures && (next?.kind !== 'import' || shown.kind === 'import');
      step = isMeant ? next : null;
      return step === null ? call('labels.state', {}) : call(`history.${what}`, { step: meant ?? step.number });
    });
    if (answer === null || step === null) return null;
    count(step, what);
    await afterHistory(answer, step, what === 'undo');
    return step;
  }

  function count({ number }: LabelStep, what: 'undo' | 'redo'): void {
    if (number === undefined || !sitting.has(number)) return;
    labelledNow.value = Math.max(0, labelledNow.value + (what === 'undo' ? -1 : 1));
  }

  /** Takes the newest step back; gives what it was, or null. @param meant its number, where only this one will do */
  const undo = (meant?: number): Promise<LabelStep | null> => move('undo', meant);

  /** Makes again what was taken back last; `meant` as in {@link undo}. */
  const redo = (meant?: number): Promise<LabelStep | null> => move('redo', meant);

  async function addLabel(name: string): Promise<void> {
    const clean = name.trim();
    if (clean !== '') await sender.send(() => call('labels.add', { name: clean }));
  }

  /** Renames a label and says what belongs under it; gives whether all of it was done. */
  async function editLabel(
    name: string,
    words: { name: string; description: string; color: string },
  ): Promise<boolean> {
    const { name: wanted, description, color } = words;
    const clean = wanted.trim();
    const old = labels.value.find((label) => label.name === name);
    if (old === undefined || clean === '') return false;
    const described = (old.description ?? '') !== description.trim() || old.color !== color;
    if (described && (await sender.send(() => call('labels.describe', { name, description, color }))) === null)
      return false;
    if (clean === name) return true;
    return (await sender.send(() => call('labels.rename', { from: name, to: clean }))) !== null;
  }

  /** Gives a label another place in the list, and so another key; gives whether it was done. */
  async function moveLabel(name: string, place: number): Promise<boolean> {
    return (await sender.send(() => call('labels.move', { name, place }))) !== null;
  }

  /** Takes the labels of a file over; gives whether it was done. */
  async function takeSet(path: string): Promise<boolean> {
    return (await sender.send(() => call('labels.takeSet', { path }))) !== null;
  }

  /** Makes a change of many rows or of the labels, as one step for undo; gives how many rows it changed, or null. */
  async function apply(change: LabelChange): Promise<LabelState['undoStep']> {
    const answer = await sender.send(() => call('labels.apply', { change }));
    if (answer === null) return null;
    await restart();
    return answer.undoStep;
  }

  function onInsight(next: LabelInsight): void {
    insight.value = next;
  }

  /** The quick model was fitted anew: what it suggests for rows that wait may be another label. */
  function onLabelling(next: LabelInsight): void {
    onInsight(next);
    if (queue.order.value === 'uncertain') void freshen().then(() => queue.suggest(true));
    else if (queue.order.value === 'doubted') void queue.retry();
    else void queue.suggest(true);
  }

  function clear(): void {
    state.value = null;
    insight.value = null;
    draft.value = [];
    freshenSoon.cancel();
    labelledNow.value = 0;
    sitting.clear();
    queue.clear();
  }

  return {
    state,
    insight,
    order: queue.order,
    filter: queue.filter,
    similarTo: queue.similarTo,
    basis: queue.basis,
    queue: queue.rows,
    left: queue.left,
    passed: queue.passed,
    byChance: queue.byChance,
    loading: queue.loading,
    exhausted: queue.exhausted,
    current,
    draft,
    suggested,
    labelledNow,
    skippedCount,
    labels,
    multiLabel,
    restart,
    refresh,
    setOrder,
    openRows,
    choose,
    commit,
    skip,
    keep,
    flag,
    note,
    bringBackSkipped,
    undo,
    redo,
    addLabel,
    editLabel,
    moveLabel,
    takeSet,
    apply,
    onLabelling,
    clear,
  };
});

function sameLabels(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function marksOf(row: Row): NonNullable<Row['marks']> {
  return row.marks ?? { flagged: false, skipped: false, kept: false, note: '' };
}
