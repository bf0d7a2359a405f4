import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Command, CommandProvider } from '../../stores/commands-store';
import { useJobsStore } from '../../stores/jobs-store';
import { useNavigationStore } from '../../stores/navigation-store';
import { useProjectStore } from '../../stores/project-store';
import { useRunStore } from '../../stores/run-store';
import { useTrainingStore } from '../../stores/training-store';
import type { IconName } from '../../ui/icon-paths';

/** Starting, holding and ending a training, and the runs so far. */
export function useTrainingCommands(): CommandProvider {
  const { t } = useI18n();
  const jobs = useJobsStore();
  const navigation = useNavigationStore();
  const project = useProjectStore();
  const run = useRunStore();
  const training = useTrainingStore();
  const canStart = computed(() => {
    const used = (project.current?.labels ?? []).filter(({ count }) => count > 0).length;
    return project.rows > 0 && used >= 2 && training.wrongOptions.size === 0 && !training.starting;
  });
  const canGoOn = computed(
    () => !run.live && run.run !== null && ['interrupted', 'cancelled', 'failed'].includes(run.state ?? ''),
  );

  async function start(runId?: string): Promise<void> {
    await training.start(runId);
    navigation.go('language-model', 'run');
  }
  function act(action: 'pause' | 'resume' | 'cancel'): void {
    if (run.jobId !== null) void jobs[action](run.jobId);
  }

  return () => {
    const group = t('palette.groups.training');
    const offer = (when: boolean, id: string, icon: IconName, does: () => void): Command[] =>
      when ? [{ id: `train-${id}`, title: t(`palette.train.${id}`), group, icon, run: does }] : [];
    const show = (part: string) => (): void => {
      navigation.go('language-model', part);
    };
    return [
      ...offer(run.live && run.state === 'running', 'pause', 'pause', () => act('pause')),
      ...offer(run.live && run.state === 'paused', 'resume', 'play', () => act('resume')),
      ...offer(run.live, 'stop', 'stop', () => act('cancel')),
      ...offer(canGoOn.value && !training.starting, 'goOn', 'play', () => void start(run.run?.id)),
      ...offer(canStart.value && !run.live, 'start', 'play', () => void start()),
      ...offer(canStart.value && run.live, 'enqueue', 'play', () => void start()),
      ...offer(project.rows > 0, 'options', 'settings', show('setup')),
      ...offer(run.live || run.run !== null, 'show', 'chart', show('run')),
      ...offer(run.runs.length > 0, 'runs', 'chart', show('runs')),
      ...offer(project.rows > 0, 'ablation', 'chart', show('ablation')),
      ...offer(project.rows > 0, 'trash', 'trash', show('trash')),
    ];
  };
}
