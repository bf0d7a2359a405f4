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
  /** Other panels that any screen can show: what is under the hood, the settings, the documentation, and who made this. */
  const engine = ref(false);
  const settings = ref(false);
  const documentation = ref(false);
  const about = ref(false);
  const all = computed(() => providers.value.flatMap((provider) => provider()));

  /** Offers commands until the function given back is called; newer ones come first. */
  function offer(provider: CommandProvider): () => void {
    providers.value = [provider, ...providers.value];
    return () => {
      providers.value = providers.value.filter((other) => other !== provider);
    };
  }

  /** Does what the palette offers under a name; false where nobody offers it now. */
  function run(id: string): boolean {
    const command = all.value.find((one) => one.id === id);
    command?.run();
    return command !== undefined;
  }

  return { all, open, help, engine, settings, documentation, about, offer, run };
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
