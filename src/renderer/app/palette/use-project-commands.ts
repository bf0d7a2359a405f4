import { useI18n } from 'vue-i18n';
import type { Command, CommandProvider } from '../../stores/commands-store';
import { useErrorsStore } from '../../stores/errors-store';
import { useImportStore } from '../../stores/import-store';
import { useKeysStore } from '../../stores/keys-store';
import { useLeaveStore } from '../../stores/leave-store';
import { useNavigationStore } from '../../stores/navigation-store';
import { useProjectStore } from '../../stores/project-store';
import type { IconName } from '../../ui/icon-paths';
import { call } from '../engine-client';

/** Projects, and what is done with their data. */
export function useProjectCommands(): CommandProvider {
  const { t } = useI18n();
  const navigation = useNavigationStore();
  const project = useProjectStore();
  const errors = useErrorsStore();
  const keys = useKeysStore();
  const data = useDataCommands();

  const open = useOpenProject();

  async function openFolder(): Promise<void> {
    const folder = await errors.guard(() => call('shell.chooseFolder', { title: t('home.openTitle') }));
    if (folder !== null) open(folder);
  }

  return () => {
    const group = t('palette.groups.projects');
    const fresh: Command = {
      id: 'project-new',
      title: t('palette.newProject'),
      group,
      icon: 'plus',
      chord: keys.chord('newProject'),
      run: () => {
        navigation.go('home', 'new');
      },
    };
    const folder: Command = {
      id: 'project-folder',
      title: t('palette.openFolder'),
      group,
      icon: 'folder',
      chord: keys.chord('openFolder'),
      run: () => void openFolder(),
    };
    const trash: Command = {
      id: 'project-trash',
      title: t('palette.projectTrash'),
      group,
      icon: 'trash',
      run: () => {
        navigation.go('home', 'trash');
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
    const trashed = project.trashed.length > 0 ? [trash] : [];
    return [...(project.current === null ? [] : data()), fresh, folder, ...others, ...trashed];
  };
}

/**
 * Opens a project from wherever somebody asks for it. From the home screen on: it asks where a job would end, and the
 * project's own step is shown once its state is there.
 */
export function useOpenProject(): (path: string) => void {
  const errors = useErrorsStore();
  const leave = useLeaveStore();
  const navigation = useNavigationStore();
  const project = useProjectStore();
  return (path) => {
    if (path === project.current?.path) return; // it is here already
    navigation.go('home');
    void leave.ask(() => errors.guard(() => project.open(path)));
  };
}

/** Bringing data into the open project, and looking at what is there. */
function useDataCommands(): CommandProvider {
  const { t } = useI18n();
  const errors = useErrorsStore();
  const importing = useImportStore();
  const keys = useKeysStore();
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
      chord: keys.chord('importFile'),
      run: () => void chooseFile(),
    };
    const show = (part: 'overview' | 'health' | 'splits' | 'aside', title: string, icon: IconName): Command => ({
      id: part === 'overview' ? 'rows' : part,
      title,
      group,
      icon,
      run: () => {
        importing.clearFile(); // a file that is only looked at would stand before it
        navigation.go('import', part);
      },
    });
    const shown = [
      show('overview', t('rows.title'), 'table'),
      show('health', t('health.title'), 'inspect'),
      show('splits', t('palette.splits'), 'table'),
      show('aside', t('palette.aside'), 'trash'),
    ];
    const labels: Command = {
      id: 'labels-file',
      title: t('palette.labelsFile'),
      group: t('rail.steps.label'),
      icon: 'file',
      run: () => {
        navigation.go('label', 'set');
      },
    };
    return [file, ...(project.rows > 0 ? [...shown, labels] : [])];
  };
}
