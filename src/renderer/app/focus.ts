/** Whether nothing has the focus: what had it is gone. Keys then reach the page alone. */
export function isFocusLost(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body;
}
