import { useI18n } from 'vue-i18n';
import { inspectTabs } from '../../features/inspect/inspect-tabs';
import { useReport } from '../../features/inspect/use-report';
import type { Command, CommandProvider } from '../../stores/commands-store';
import { useExportStore } from '../../stores/export-store';
import { useInspectStore } from '../../stores/inspect-store';
import { useNavigationStore } from '../../stores/navigation-store';
import { useProjectStore } from '../../stores/project-store';
import { joinPath } from '../paths';

/** What a trained classifier is looked at and used with. */
export function useResultCommands(): CommandProvider {
  const { t } = useI18n();
  const exporting = useExportStore();
  const inspect = useInspectStore();
  const navigation = useNavigationStore();
  const project = useProjectStore();
  const { busy, write } = useReport();

  function exportModel(): void {
    if (project.current === null) return;
    if (exporting.folder.trim() === '') exporting.folder = joinPath(project.current.path, 'export');
    navigation.go('export');
    void exporting.write();
  }

  return () => {
    const group = t('rail.steps.inspect');
    const tabs = inspectTabs.map((tab): Command => ({
      id: `inspect-${tab}`,
      title: t('palette.inspect', { tab: t(`inspect.tabs.${tab}`) }),
      group,
      icon: 'inspect',
      run: () => {
        navigation.go('inspect', tab);
      },
    }));
    const report: Command = {
      id: 'report',
      title: t('palette.report'),
      group,
      icon: 'file',
      run: () => void write(),
    };
    const toFolder: Command = {
      id: 'export-model',
      title: t('palette.exportModel'),
      group: t('rail.steps.export'),
      icon: 'export',
      run: exportModel,
    };
    const file: Command = {
      id: 'classify-file',
      title: t('classifyFile.command'),
      group,
      icon: 'file',
      run: () => {
        navigation.go('inspect', 'file');
      },
    };
    const measured = inspect.comparison !== null;
    const trained = project.current?.hasClassifier === true;
    return [
      ...(measured ? tabs : []),
      ...(measured && !busy.value ? [report] : []),
      ...(trained ? [file] : []),
      ...(trained && !exporting.writing ? [toFolder] : []),
    ];
  };
}
