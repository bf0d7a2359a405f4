import { computed, nextTick, ref, type ComputedRef, type Ref } from 'vue';
import type { LongList } from '../../app/use-long-list';

/** How the rows of a long list are walked by keys. */
export interface RowKeys {
  /** The row that the Tab key comes to: the one that was there last, or the first in view. */
  readonly stop: ComputedRef<number>;
  /** Notes that a row has the focus, however it came by it. */
  readonly came: (index: number) => void;
  /** Arrows, Page Up and Down, Home and End go from row to row. */
  readonly press: (event: KeyboardEvent) => Promise<void>;
}

const steps: Readonly<Record<string, (at: number, page: number, last: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: (_at, _page, last) => last,
};

/**
 * One stop of the Tab key for a list of any number of rows, so that what comes after it can be reached, and keys that walk
 * within it. Each row has an element with `data-row` and its index, which takes the focus.
 *
 * @param rowHeight pixels
 */
export function useRowKeys(
  list: LongList,
  scroller: Ref<HTMLElement | null>,
  count: () => number,
  rowHeight: number,
): RowKeys {
  const at = ref(0);
  const stop = computed(() => {
    const { value: items } = list.items;
    if (items.some(({ index }) => index === at.value)) return at.value;
    const top = scroller.value?.scrollTop ?? 0;
    return (items.find(({ start }) => start >= top) ?? items[0])?.index ?? 0;
  });

  async function press(event: KeyboardEvent): Promise<void> {
    const step = steps[event.key];
    const host = scroller.value;
    if (step === undefined || host === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const last = count() - 1;
    const page = Math.max(1, Math.floor(host.clientHeight / rowHeight) - 1);
    at.value = Math.max(0, Math.min(last, step(stop.value, page, last)));
    if (!list.items.value.some(({ index }) => index === at.value)) list.scrollTo(at.value);
    await nextTick();
    const row = host.querySelector<HTMLElement>(`[data-row="${String(at.value)}"]`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }

  return { stop, came: (index) => (at.value = index), press };
}
