import { watch } from 'vue';
import { useNavigationStore } from '../stores/navigation-store';
import type { View } from './steps';

/** Opens the part of a screen that somebody asked for elsewhere, as soon as the screen is shown or at once. */
export function useWantedPart<P extends string>(view: View, parts: readonly P[], open: (part: P) => void): void {
  const navigation = useNavigationStore();
  watch(
    () => (navigation.view === view ? navigation.part : null),
    (wanted) => {
      const part = parts.find((one) => one === wanted);
      if (wanted === null) return;
      navigation.part = null;
      if (part !== undefined) open(part);
    },
    { immediate: true },
  );
}
