/** A function that runs its last call once nothing was asked for `milliseconds`. */
export interface Debounced {
  (): void;
  readonly cancel: () => void;
}

/** Puts off `action` until `milliseconds` have passed without a further call. */
export function debounce(action: () => void, milliseconds: number): Debounced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const debounced = () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
  return Object.assign(debounced, {
    cancel: () => {
      clearTimeout(timer);
    },
  });
}
