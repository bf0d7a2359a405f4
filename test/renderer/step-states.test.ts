// @vitest-environment happy-dom
import { enableAutoUnmount, mount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { createTranslations } from '../../src/renderer/app/i18n';
import { startSession } from '../../src/renderer/app/session';
import { useStepStates, type StepStatus } from '../../src/renderer/app/use-step-states';
import type { Step } from '../../src/renderer/app/steps';
import { useExportStore } from '../../src/renderer/stores/export-store';
import { useJobsStore } from '../../src/renderer/stores/jobs-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useRunStore } from '../../src/renderer/stores/run-store';
import type { Job } from '../../src/shared/jobs';
import type { Scene } from './harness/fake-engine';
import { openPage, settle, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;

type States = Readonly<Record<Step, StepStatus>>;

async function opened(scene: Scene): Promise<() => States> {
  page = openPage(scene);
  await startSession();
  let read: () => States = () => {
    throw new Error('The component was not mounted.');
  };
  const Rail = defineComponent({
    setup() {
      const states = useStepStates();
      read = () => states.value;
      return () => h('p');
    },
  });
  mount(Rail, { global: { plugins: [page.pinia, createTranslations('en')] } });
  await settle();
  return read;
}
const stateOf = (states: States) => Object.values(states).map(({ state }) => state);
const job = (more: Partial<Job>): Job => ({
  id: 'job-9',
  kind: 'import',
  title: 'a job',
  state: 'running',
  stage: null,
  fraction: null,
  secondsLeft: null,
  startedAt: null,
  endedAt: null,
  error: null,
  runId: null,
  ...more,
});

describe('the states of the steps', () => {
  it('go from empty over in progress to done', async () => {
    const empty = await opened('empty');
    expect(stateOf(empty())).toEqual(['ready', 'waiting', 'waiting', 'waiting', 'waiting', 'waiting']);
    const labelled = await opened('labelled');
    expect(labelled()).toMatchObject({
      import: { state: 'done' },
      'language-model': { state: 'ready' },
      classifier: { state: 'ready' },
    });
    const training = await opened('training');
    expect(training()).toMatchObject({ 'language-model': { state: 'active' }, classifier: { state: 'waiting' } });
    const trained = await opened('trained');
    expect(trained()).toMatchObject({
      'language-model': { state: 'done' },
      classifier: { state: 'done' },
      inspect: { state: 'ready' },
      export: { state: 'ready' },
    });
  });

  it('say in a sentence what each means', async () => {
    const states = await opened('trained');
    for (const { hint } of Object.values(states())) expect(hint).toMatch(/^[a-z].*\.$/);
  });

  it('promise no training with one label only', async () => {
    const states = await opened('labelled');
    const project = useProjectStore(page.pinia);
    const one = (project.current?.labels ?? []).map((label, i) => ({ ...label, count: i === 0 ? 5 : 0 }));
    if (project.current !== null) project.current = { ...project.current, labels: one };
    expect(states()['language-model']).toMatchObject({ state: 'waiting', words: 'Needs two labels' });
  });

  it('need attention once labels are otherwise than learned, and no longer once they are as they were', async () => {
    const states = await opened('trained');
    const project = useProjectStore(page.pinia);
    const tell = (labelsAreNewer: boolean) => {
      const current = JSON.parse(JSON.stringify(project.current)) as object; // without Vue's proxies
      page.fake.emit('project', { ...current, labelsAreNewer });
    };
    tell(true);
    expect(states().classifier).toMatchObject({ state: 'attention', words: 'Labels are newer' });
    expect(states().inspect.hint).toContain('before');
    tell(false);
    expect(states().classifier).toMatchObject({ state: 'done', words: 'Trained' });
  });

  it('need attention after an import or a training that failed', async () => {
    const states = await opened('trained');
    useJobsStore(page.pinia).onJob(job({ kind: 'import', state: 'failed' }));
    expect(states().import).toMatchObject({ state: 'attention', words: 'Import failed' });
    const run = useRunStore(page.pinia);
    const [newest] = run.runs;
    if (newest === undefined) throw new Error('The scene has no run.');
    run.runs = [{ ...newest, id: 'later', state: 'failed' }, ...run.runs];
    expect(states()['language-model']).toMatchObject({ state: 'attention', words: 'Training failed' });
    // Whoever stops a training and has a classifier already knows what there is.
    run.runs = [{ ...newest, id: 'later', state: 'cancelled' }, ...run.runs.slice(1)];
    expect(states()['language-model']).toMatchObject({ state: 'done' });
  });

  it('show what goes on with a file, and that an export has become old', async () => {
    const states = await opened('trained');
    useJobsStore(page.pinia).onJob(job({ kind: 'predict-file' }));
    expect(states().inspect).toMatchObject({ state: 'active', words: 'Predicting' });
    const exporting = useExportStore(page.pinia);
    exporting.folder = '/tmp/out';
    await exporting.write();
    expect(states().export.state).toBe('done');
    const run = useRunStore(page.pinia);
    const [newest] = run.runs;
    if (newest === undefined) throw new Error('The scene has no run.');
    run.runs = [{ ...newest, id: 'later', state: 'done', endedAt: '2030-01-01T00:00:00Z' }, ...run.runs];
    expect(states().export).toMatchObject({ state: 'attention', words: 'Older than the classifier' });
  });
});
