import { nextTick, type Ref } from 'vue';

/**
 * Keeps the keyboard where it is while a list changes: a button that goes away with what it was for, or with its whole row,
 * would leave the focus nowhere, and the next Tab would begin at the top of the window.
 *
 * @param list holds one element for each row
 * @returns changes the list and puts the focus on the same row, or on the one that is now in its place
 */
export function useKeptFocus(list: Readonly<Ref<HTMLElement | null>>): (change: () => void) => Promise<void> {
  return async (change) => {
    const focused = document.activeElement;
    const rows = [...(list.value?.children ?? [])];
    const place = rows.findIndex((row) => row.contains(focused));
    change();
    await nextTick();
    if (place < 0 || focused?.isConnected === true) return;
    const left = list.value?.children;
    const before = rows[place];
    const near = before?.isConnected === true ? before : left?.[Math.min(place, left.length - 1)];
    near?.querySelector<HTMLElement>('button, select')?.focus({ preventScroll: before === near });
  };
}
