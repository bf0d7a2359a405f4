// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { defineComponent, h, nextTick, ref, shallowRef } from 'vue';
import { afterEach, describe, expect, it } from 'vitest';
import { useLongList, type LongList } from '../../src/renderer/app/use-long-list';

const VIEW = 600;
const ROW = 60;

afterEach(() => {
  document.body.innerHTML = '';
});

/** A list of so many rows in a window of ten, whose scroll bar can be moved. */
async function listOf(rows: number) {
  const count = ref(rows);
  const made = shallowRef<LongList | null>(null);
  const component = defineComponent(() => {
    const scroller = ref<HTMLElement | null>(null);
    made.value = useLongList(scroller, () => count.value, ROW, 0);
    return () => h('div', { ref: scroller });
  });
  const original = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'clientHeight');
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => VIEW });
  const wrapper = mount(component, { attachTo: document.body });
  await nextTick();
  if (original) Object.defineProperty(HTMLElement.prototype, 'clientHeight', original);
  const host = wrapper.element as HTMLElement;
  const list = made.value;
  if (list === null) throw new Error('There is no list.');
  const scroll = (top: number): void => {
    host.scrollTop = Math.max(0, Math.min(top, list.height.value - VIEW));
    host.dispatchEvent(new Event('scroll'));
  };
  /** The row at the top of the view, and where it is drawn, seen from there. */
  const top = () => {
    const [first] = list.items.value;
    return { index: first?.index ?? -1, at: (first?.start ?? 0) - host.scrollTop };
  };
  return { count, list, host, scroll, top };
}

describe('a long list', () => {
  it('draws the rows in view only', async () => {
    const { list, scroll, top } = await listOf(1000);
    expect(list.height.value).toBe(60_000);
    expect(list.items.value).toHaveLength(10);
    scroll(6030);
    expect(top()).toEqual({ index: 100, at: -30 });
    expect(list.items.value).toHaveLength(11);
  });

  it('of a million rows can be dragged to its last row, and its scroll bar stays within what browsers can lay out', async () => {
    const { list, scroll, top } = await listOf(1_000_000);
    expect(list.height.value).toBeLessThan(33_000_000);
    scroll(Infinity);
    expect(list.items.value.at(-1)?.index).toBe(999_999);
    expect(top().at).toBeCloseTo(0, 3);
    scroll(list.height.value / 2);
    expect(top().index / 1_000_000).toBeCloseTo(0.5, 3);
    scroll(0);
    expect(top()).toEqual({ index: 0, at: 0 });
  });

  it('of a million rows moves row by row by the wheel, also to both ends', async () => {
    const { list, host, scroll, top } = await listOf(1_000_000);
    scroll(list.height.value / 2);
    const before = top();
    scroll(host.scrollTop + 120);
    expect(top().index).toBe(before.index + 2);
    expect(top().at).toBeCloseTo(before.at, 3);
    // The last hundred rows by the wheel alone, from where a drag has left off.
    list.scrollTo(999_900);
    for (let i = 0; i < 100; i++) scroll(host.scrollTop + 100);
    expect(list.items.value.at(-1)?.index).toBe(999_999);
    expect(host.scrollTop).toBeCloseTo(list.height.value - VIEW, 3);
    list.scrollTo(50);
    for (let i = 0; i < 100; i++) scroll(host.scrollTop - 100);
    expect(top().index).toBe(0);
    expect(top().at).toBeCloseTo(0, 3);
    expect(host.scrollTop).toBeCloseTo(0, 3);
  });

  it('that gets shorter shows its end', async () => {
    const { list, count, scroll } = await listOf(1_000_000);
    scroll(Infinity);
    count.value = 500;
    await nextTick();
    expect(list.items.value.at(-1)?.index).toBe(499);
  });
});
