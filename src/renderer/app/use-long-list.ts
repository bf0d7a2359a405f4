import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';

/** Browsers lay out up to about 33 million pixels; a million rows are 60. */
const tallest = 15_000_000;
/** Beyond so many screens at once somebody has dragged the scroll bar, or gone to an end. */
const jumpScreens = 3;

/** A row of the list that is drawn. */
export interface LongListItem {
  readonly index: number;
  /** Pixels from the top of the space. */
  readonly start: number;
}

/** Which rows of a list are drawn, and how tall the space is that they are drawn in. */
export interface LongList {
  readonly items: ComputedRef<readonly LongListItem[]>;
  readonly height: ComputedRef<number>;
  /** Brings a row to the top. */
  scrollTo(index: number): void;
}

/**
 * A list of rows of one height of which only those in view are drawn, for any number of rows: where they would be taller
 * than a browser can lay out, the scroll bar stands for all of them, and turning the wheel still moves by rows.
 *
 * @param rowHeight pixels
 * @param overscan rows drawn above and below what is in view
 */
export function useLongList(
  scroller: Ref<HTMLElement | null>,
  count: () => number,
  rowHeight: number,
  overscan = 6,
): LongList {
  const view = useViewHeight(scroller, scrolled);
  /** Where the view begins in the whole list, and how far that is below where the scroll bar is. */
  const place = shallowRef({ top: 0, offset: 0 });
  const whole = computed(() => count() * rowHeight);
  const height = computed(() => Math.min(whole.value, tallest));
  const lowest = (): number => Math.max(0, whole.value - view.value);
  const range = (): number => Math.max(1, height.value - view.value);
  let last = 0;

  /** Puts the scroll bar where it belongs for a place in the list. */
  function anchor(top: number): void {
    const host = scroller.value;
    if (host === null) return;
    const at = whole.value === height.value ? top : (top / Math.max(1, lowest())) * range();
    host.scrollTop = at;
    last = host.scrollTop;
    place.value = { top, offset: top - last };
  }

  function scrolled(): void {
    const at = scroller.value?.scrollTop ?? 0;
    const moved = Math.abs(at - last);
    last = at;
    if (whole.value === height.value) {
      place.value = { top: at, offset: 0 };
      return;
    }
    if (moved > jumpScreens * view.value) {
      const top = (at / range()) * lowest();
      place.value = { top, offset: top - at };
      return;
    }
    const wanted = at + place.value.offset;
    const top = Math.min(Math.max(0, wanted), lowest());
    const isAtEdge = (at <= 0 && top > 0) || (at >= range() && top < lowest());
    if (top !== wanted || isAtEdge) anchor(top);
    else place.value = { top, offset: place.value.offset };
  }

  const items = computed(() => {
    const { top, offset } = place.value;
    const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
    const end = Math.min(count(), Math.ceil((top + view.value) / rowHeight) + overscan);
    return Array.from({ length: Math.max(0, end - first) }, (_, i) => ({
      index: first + i,
      start: (first + i) * rowHeight - offset,
    }));
  });

  // Fewer rows: what was in view may be gone.
  watch(whole, () => {
    if (place.value.top > lowest()) anchor(lowest());
  });

  return { items, height, scrollTo: (index) => anchor(Math.min(index * rowHeight, lowest())) };
}

/** The height of what is in view, in pixels; `scrolled` is called when it has moved. */
function useViewHeight(scroller: Ref<HTMLElement | null>, scrolled: () => void): Readonly<Ref<number>> {
  const height = ref(0);
  let resized: ResizeObserver | null = null;
  onMounted(() => {
    const host = scroller.value;
    if (host === null) return;
    height.value = host.clientHeight;
    resized = new ResizeObserver(() => {
      height.value = host.clientHeight;
    });
    resized.observe(host);
    host.addEventListener('scroll', scrolled, { passive: true });
  });
  onBeforeUnmount(() => {
    resized?.disconnect();
    scroller.value?.removeEventListener('scroll', scrolled);
  });
  return height;
}
