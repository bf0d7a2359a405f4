import { computed, ref, shallowRef } from 'vue';
import type { Basis, QueueOrder, RowFilter } from '../../../shared/label-types';
import type { Response } from '../../../shared/contract';
import type { Row } from '../../../shared/data-types';
import { call } from '../../app/engine-client';
import type { useErrorsStore } from '../errors-store';

const batch = 20;
const refillBelow = 8;
/** The row in view and the one behind it stay as they are. */
const keptInPlace = 2;
/** Rows shown in this sitting are kept so that undo can show them again without asking. */
const rememberedRows = 2000;

/** Where rows come from: an order of the engine, or rows that somebody has picked elsewhere. */
export type QueueKind = QueueOrder | 'picked';

/** Orders of unlabelled rows, from which a skip is kept for good. */
const openOrders: ReadonlySet<QueueKind> = new Set(['uncertain', 'diverse', 'random', 'file', 'similar']);

/** A search begins with what there is to do. */
const openRows: RowFilter = { labelled: false };

/** What a queue needs to know of the changes under way. */
export interface QueueSurroundings {
  readonly errors: ReturnType<typeof useErrorsStore>;
  /** Called with the row that comes into view. */
  readonly onShow: (row: Row | null) => void;
}

/**
 * The rows to label next, fetched ahead so that the next one is there at once. Answers that come late never bring back
 * a row that was labelled or passed meanwhile.
 */
export function createRowQueue({ errors, onShow }: QueueSurroundings) {
  const order = ref<QueueKind>('uncertain');
  const filter = shallowRef<RowFilter>(openRows);
  const similarTo = shallowRef<Row | null>(null);
  const basis = ref<Basis>('none');
  const rows = shallowRef<readonly Row[]>([]);
  const left = ref<number | null>(null);
  /** How many rows were labelled, skipped or passed since the queue began. */
  const passed = ref(0);
  const byChance = shallowRef<ReadonlySet<number>>(new Set());
  const loading = ref(false);
  const exhausted = ref(false);
  const current = computed(() => rows.value[0] ?? null);
  const isOpenOrder = computed(() => openOrders.has(order.value));

  const remembered = new Map<number, Row>();
  /** Rows that were labelled, skipped or passed since the queue began. */
  const done = new Set<number>();
  let picked: readonly number[] = [];
  let generation = 0;
  let fetching: Promise<void> | null = null;

  function remember(row: Row): void {
    remembered.set(row.id, row);
    const oldest = remembered.keys().next();
    if (remembered.size > rememberedRows && oldest.done !== true) remembered.delete(oldest.value);
  }

  async function ask(exclude: readonly number[]): Promise<Response<'labels.queue'> | null> {
    if (order.value === 'picked') {
      const out = new Set([...exclude, ...done]);
      const open = picked.filter((id) => !out.has(id));
      const found = await errors.guard(() => call('labels.rows', { rowIds: open.slice(0, batch) }), true);
      return found && { rows: found, basis: 'none', left: open.length };
    }
    const request = {
      order: order.value,
      limit: batch,
      // Of an open order the engine itself leaves out what is labelled; of the others it knows nothing.
      exclude: isOpenOrder.value ? [...exclude] : [...new Set([...exclude, ...done])],
      filter: order.value === 'filter' ? filter.value : undefined,
      similarTo: order.value === 'similar' ? similarTo.value?.id : undefined,
    };
    return errors.guard(() => call('labels.queue', request), true);
  }

  /** Puts rows from the engine behind those that `kept` names; `kept` is asked again once the answer is there. */
  async function fetchRows(kept: () => readonly Row[]): Promise<void> {
    const mine = generation;
    loading.value = rows.value.length === 0;
    const excluded = [...kept().map((row) => row.id), ...done].slice(-5000);
    const answer = await ask(excluded);
    if (mine !== generation) return;
    loading.value = false;
    if (answer === null) return;
    const wasEmpty = rows.value.length === 0;
    // A row that has come back meanwhile moves others out of their places; the engine was told that they are here.
    const [told, inPlace] = [new Set(excluded), new Set(kept())];
    const staying = rows.value.filter((row) => inPlace.has(row) || told.has(row.id));
    const known = new Set([...staying.map((row) => row.id), ...done]);
    const fresh = answer.rows.filter((row) => !known.has(row.id));
    basis.value = answer.basis;
    byChance.value = new Set([...byChance.value, ...(answer.byChance ?? [])]);
    left.value = leftNow(answer.left ?? null, told, staying);
    rows.value = [...staying, ...fresh];
    exhausted.value = fresh.length === 0;
    if (wasEmpty) onShow(current.value);
    void suggest();
  }

  /** What the engine has counted was without the rows that it was told to leave out, of which some are still here. */
  function leftNow(counted: number | null, excluded: ReadonlySet<number>, staying: readonly Row[]): number | null {
    if (counted === null) return null;
    const here = staying.filter(({ id }) => excluded.has(id)).length;
    const since = [...done].filter((id) => !excluded.has(id)).length;
    return Math.max(0, counted + here - since);
  }

  function fetchBehind(kept: () => readonly Row[]): Promise<void> {
    fetching ??= fetchRows(kept).finally(() => {
      fetching = null;
    });
    return fetching;
  }

  function refill(): Promise<void> {
    if (exhausted.value || rows.value.length >= refillBelow) return Promise.resolve();
    return fetchBehind(() => rows.value);
  }

  /** A queue that has come to its end asks once more: there may be more by now. What was passed does not come back. */
  function retry(): Promise<void> {
    if (rows.value.length > 0) return Promise.resolve();
    exhausted.value = false;
    return refill();
  }

  /** Asks anew for what comes after the next rows. */
  function freshen(): Promise<void> {
    if (order.value !== 'uncertain' || rows.value.length === 0) return Promise.resolve();
    return fetchBehind(() => rows.value.slice(0, keptInPlace));
  }

  /**
   * Asks for suggestions for rows that have none, and with `anew` for the others too. What is being read never changes
   * under a finger, but loses a suggestion that no model makes any more.
   */
  async function suggest(anew = false): Promise<void> {
    const mine = generation;
    const wanted = rows.value.filter((row) => anew || row.predicted === null);
    if (wanted.length === 0 || order.value === 'doubted') return;
    const answer = await call('labels.suggest', { rowIds: wanted.map(({ id }) => id) }).catch(() => null);
    if (answer === null || mine !== generation) return;
    const said = new Map(answer.rows.map(({ rowId, predicted }) => [rowId, predicted]));
    const asked = new Set(wanted.map(({ id }) => id));
    const inView = current.value?.id;
    rows.value = rows.value.map((row) => {
      const predicted = said.get(row.id) ?? null;
      const keep = !asked.has(row.id) || (row.id === inView && row.predicted !== null && predicted !== null);
      return keep ? row : { ...row, predicted };
    });
  }

  /** Starts anew: another order, another project, or newly imported rows. */
  function restart(): Promise<void> {
    generation += 1;
    fetching = null;
    rows.value = [];
    done.clear();
    byChance.value = new Set();
    exhausted.value = false;
    left.value = null;
    passed.value = 0;
    onShow(null);
    return refill();
  }

  function pick(rowIds: readonly number[]): Promise<void> {
    picked = rowIds;
    order.value = 'picked';
    return restart();
  }

  /** Goes to the next row; the one in view is done with. */
  function advance(): Row | null {
    const row = current.value;
    if (row === null) return null;
    remember(row);
    done.add(row.id);
    passed.value += 1;
    rows.value = rows.value.slice(1);
    if (left.value !== null) left.value = Math.max(0, left.value - 1);
    onShow(current.value);
    void refill();
    return row;
  }

  /** Brings a row back into view, as it was when it was last there. */
  async function bringBack(rowId: number): Promise<void> {
    done.delete(rowId);
    const mine = generation;
    const known = remembered.get(rowId);
    const row = known ?? (await call('labels.rows', { rowIds: [rowId] }).catch(() => []))[0];
    if (row === undefined || mine !== generation) return;
    const others = rows.value.filter(({ id }) => id !== rowId);
    if (left.value !== null && others.length === rows.value.length) left.value += 1;
    rows.value = [row, ...others];
    exhausted.value = false;
    onShow(row);
    // It shows what a model said when it was last here; that model may be gone.
    void suggest(true);
  }

  /** Takes a row out of view without an answer to it. */
  function drop(rowId: number): void {
    const row = rows.value.find(({ id }) => id === rowId);
    if (row !== undefined) remember(row);
    if (left.value !== null && !done.has(rowId)) left.value = Math.max(0, left.value - 1);
    done.add(rowId);
    rows.value = rows.value.filter(({ id }) => id !== rowId);
    onShow(current.value);
    void refill();
  }

  /** Shows a row with other marks. */
  function patch(rowId: number, change: (row: Row) => Row): void {
    rows.value = rows.value.map((row) => (row.id === rowId ? change(row) : row));
  }

  function clear(): void {
    generation += 1;
    rows.value = [];
    done.clear();
    remembered.clear();
    exhausted.value = false;
    left.value = null;
    order.value = 'uncertain';
    filter.value = openRows;
    similarTo.value = null;
  }

  return {
    order,
    filter,
    similarTo,
    basis,
    rows,
    left,
    passed,
    byChance,
    loading,
    exhausted,
    current,
    isOpenOrder,
    refill,
    retry,
    freshen,
    suggest,
    restart,
    pick,
    advance,
    bringBack,
    drop,
    patch,
    clear,
  };
}
