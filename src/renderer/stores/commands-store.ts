import { defineStore } from 'pinia';
import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue';
import type { IconName } from '../ui/icon-paths';

/** Something the command palette offers. */
export interface Command {
  /** Unique. */
  readonly id: string;
  /** In the person's language. */
  readonly title: string;
  /** Where it belongs, in the person's language. */
  readonly group: string;
  readonly icon?: IconName;
  /** Its key, as `chordOf` writes it. */
  readonly chord?: string | null;
  readonly run: () => void;
}

/** Gives what can be done at the moment that it is called. */
export type CommandProvider = () => readonly Command[];

/** What can be done here and now, by whoever offers it; and whether the palette is open. */
export const useCommandsStore = defineStore('commands', () => {
  const providers = shallowRef<readonly CommandProvider[]>([]);
  const open = ref(false);
  const help = ref(false);
  const all = computed(() => providers.value.flatMap((provider) => provider()));

  /** Offers commands until the function given back is called; newer ones come first. */
  function offer(provider: CommandProvider): () => void {
    providers.value = [provider, ...providers.value];
    return () => {
      providers.value = providers.value.filter((other) => other !== provider);
    };
  }

  return { all, open, help, offer };
});

/** Offers commands in the palette for as long as a component is shown. */
export function useCommands(provider: CommandProvider): void {
  let stop: () => void = () => undefined;
  onMounted(() => {
    stop = useCommandsStore().offer(provider);
  });
  onBeforeUnmount(() => {
    stop();
  });
}
