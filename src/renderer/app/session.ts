import { watch } from 'vue';
import { useEngineStore } from '../stores/engine-store';
import { useClassifyFileStore } from '../stores/classify-file-store';
import { useErrorsStore } from '../stores/errors-store';
import { useExportStore } from '../stores/export-store';
import { useHealthStore } from '../stores/health-store';
import { useImportStore } from '../stores/import-store';
import { useInspectStore } from '../stores/inspect-store';
import { useJobsStore } from '../stores/jobs-store';
import { useLabellingStore } from '../stores/labelling-store';
import { useModelsStore } from '../stores/models-store';
import { useNavigationStore } from '../stores/navigation-store';
import { useProjectStore } from '../stores/project-store';
import { useAblationStore } from '../stores/ablation-store';
import { useRateFinderStore } from '../stores/rate-finder-store';
import { useRunStore } from '../stores/run-store';
import { useRunsStore } from '../stores/runs-store';
import { useSettingsStore } from '../stores/settings-store';
import { useTrainingStore } from '../stores/training-store';
import { useTryStore } from '../stores/try-store';
import { subscribe } from './engine-client';
import { jobPlace } from './job-place';
import { rememberedStep, rememberStep } from './remembered-step';
import type { Step } from './steps';
import type { Project } from '../../shared/contract';

/** The step at which work on a project goes on. */
export function nextStep(project: Project, training: boolean): Step {
  if (project.rows === 0) return 'import';
  if (training) return 'language-model';
  if (project.hasClassifier) return 'inspect';
  return project.labelled === 0 ? 'label' : 'language-model';
}

function listen(): void {
  const errors = useErrorsStore();
  const jobs = useJobsStore();
  const run = useRunStore();
  const engine = useEngineStore();
  const project = useProjectStore();
  subscribe('engine', onEngine, errors.report);
  subscribe('project', project.onEvent, errors.report);
  subscribe('job', onJob, errors.report);
  subscribe('progress', onProgress, errors.report);
  subscribe('labelling', useLabellingStore().onLabelling, errors.report);
  subscribe('jobWanted', showJob, errors.report);
  subscribe('modelDownload', useModelsStore().onProgress, errors.report);

  function showJob({ jobId }: { readonly jobId: string }): void {
    const job = jobs.byId[jobId];
    if (job === undefined || project.current === null) return;
    const { view, part } = jobPlace(job);
    useNavigationStore().go(view, part);
  }
  function onJob(job: Parameters<typeof jobs.onJob>[0]): void {
    jobs.onJob(job);
    run.onJob(job);
  }
  function onProgress(progress: Parameters<typeof jobs.onProgress>[0]): void {
    jobs.onProgress(progress);
    run.onProgress(progress);
    useRateFinderStore().onProgress(progress);
  }
  function onEngine(event: Parameters<typeof engine.onEvent>[0]): void {
    const cameBack = event.state === 'ready' && engine.state === 'restarting';
    engine.onEvent(event);
    if (event.state === 'failed' && event.reason !== null) errors.reportMessage('engine-gone', event.reason);
    if (cameBack) void errors.guard(loadProjectState);
  }
}

/** Reads anew all that belongs to the open project. */
async function loadProjectState(): Promise<void> {
  await useProjectStore().loadCurrent();
  await useJobsStore().load();
  await Promise.all([useRunStore().load(), useImportStore().loadFiles(), useLabellingStore().restart()]);
  await useInspectStore().load();
}

function clearProjectState(): void {
  useImportStore().clear();
  useLabellingStore().clear();
  useRunStore().clear();
  useTrainingStore().clear();
  useRunsStore().clear();
  useRateFinderStore().clear();
  useAblationStore().clear();
  useInspectStore().clear();
  useTryStore().clear();
  useClassifyFileStore().clear();
  useExportStore().clear();
  useHealthStore().clear();
}

/** Follows which project is open: its state is read when one opens and dropped when it closes. */
function followProject(): void {
  const project = useProjectStore();
  const errors = useErrorsStore();
  const navigation = useNavigationStore();
  watch(
    () => project.current?.path ?? null,
    async (path) => {
      clearProjectState();
      if (path === null) {
        navigation.go('home');
        return;
      }
      await errors.guard(loadProjectState);
      if (project.current !== null && navigation.view === 'home') {
        navigation.go(rememberedStep(path) ?? nextStep(project.current, useRunStore().live));
      }
    },
    // At once: what another project has left must be gone before the next request is made.
    { flush: 'sync' },
  );
  watch(
    () => navigation.view,
    (view) => {
      if (project.current !== null) rememberStep(project.current.path, view);
    },
  );
  watch(
    () => project.current?.rows,
    (now, before) => {
      if (before !== undefined && now !== undefined) void useLabellingStore().restart();
    },
  );
  watch(
    () => useRunStore().state,
    (state, before) => {
      // What a training reads stays in the project: what undo does next may be something else now.
      if (state === 'running' && before !== 'running') void useLabellingStore().refresh();
      const ended = state === 'done' && before !== 'done';
      if (ended) void errors.guard(async () => Promise.all([useInspectStore().load(), useLabellingStore().restart()]));
    },
  );
}

/** Starts the window's life: events first, so that none is missed, then what the engine and shell know already. */
export async function startSession(): Promise<void> {
  const errors = useErrorsStore();
  await errors.guard(async () => {
    listen();
  });
  followProject();
  await useSettingsStore().load();
  await Promise.all([
    errors.guard(() => useProjectStore().loadHome()),
    errors.guard(() => useProjectStore().loadCurrent()),
    errors.guard(() => useEngineStore().examine()),
  ]);
}
