import { computed, onScopeDispose, watch } from 'vue';
import { menuCommands } from '../../shared/menu-commands';
import { useCommandsStore } from '../stores/commands-store';
import { useErrorsStore } from '../stores/errors-store';
import { call, subscribe } from './engine-client';
import { useOpenProject } from './palette/use-project-commands';

/** The system's menu: what of it can be done now is told to it, and what is chosen there is done here. */
export function useSystemMenu(): void {
  const errors = useErrorsStore();
  const commands = useCommandsStore();
  const openProject = useOpenProject();

  const offered = computed(() => {
    const ids = new Set(commands.all.map(({ id }) => id));
    return menuCommands.filter((id) => ids.has(id));
  });
  watch(
    () => offered.value.join(),
    () => void errors.guard(() => call('shell.offerCommands', { commands: offered.value })),
    { immediate: true },
  );

  const leave = [
    subscribe('commandWanted', ({ command }) => void commands.run(command), errors.report),
    subscribe('projectWanted', ({ path }) => openProject(path), errors.report),
  ];
  onScopeDispose(() => {
    for (const stop of leave) stop();
  });
}
