import { useI18n } from 'vue-i18n';
import type { Command, CommandProvider } from '../../stores/commands-store';
import { useErrorsStore } from '../../stores/errors-store';
import { useImportStore } from '../../stores/import-store';
import { useLeaveStore } from '../../stores/leave-store';
import { useNavigationStore } from '../../stores/navigation-store';
import { useProjectStore } from '../../stores/project-store';
import { call } from '../engine-client';

/** Projects, and what is done with their data. */
export function useProjectCommands(): CommandProvider {
  const { t } = useI18n();
  const navigation = useNavigationStore();
  const project = useProjectStore();
  const leave = useLeaveStore();
  const data = useDataCommands();

  /** From the home screen on: it asks where a job would end, and the project's own step is shown once its state is there. */
  function open(path: string): void {
    navigation.go('home');
    void leave.ask(() => useErrorsStore().guard(() => project.open(path)));
  }

  return () => {
    const group = t('palette.groups.projects');
    const fresh: Command = {
      id: 'project-new',
      title: t('palette.newProject'),
      group,
      icon: 'plus',
      run: () => {
        navigation.go('home', 'new');
      },
    };
    const others = project.recent
      .filter(({ path, exists }) => exists && path !== project.current?.path)
      .map(({ path, name }): Command => ({
        id: `project-open-${path}`,
        title: t('palette.openProject', { name }),
        group,
        icon: 'folder',
        run: () => {
          open(path);
        },
      }));
    return [...(project.current === null ? [] : data()), fresh, ...others];
  };
}

/** Bringing data into the open project, and looking at its health. */
function useDataCommands(): CommandProvider {
  const { t } = useI18n();
  const errors = useErrorsStore();
  const importing = useImportStore();
  const navigation = useNavigationStore();
  const project = useProjectStore();

  async function chooseFile(): Promise<void> {
    const path = await errors.guard(() => call('shell.chooseFile', { title: t('import.chooseTitle') }));
    if (path === null) return;
    navigation.go('import');
    await importing.choose(path);
  }

  return () => {
    if (importing.running) return [];
    const group = t('rail.steps.import');
    const file: Command = {
      id: 'import-file',
      title: t('palette.importFile'),
      group,
      icon: 'file',
      run: () => void chooseFile(),
    };
    const health: Command = {
      id: 'health',
      title: t('health.title'),
      group,
      icon: 'inspect',
      run: () => {
        importing.clearFile(); // a file that is only looked at would stand before the report
        navigation.go('import', 'health');
      },
    };
    return [file, ...(project.rows > 0 ? [health] : [])];
  };
}
