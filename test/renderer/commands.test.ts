// @vitest-environment happy-dom
import { enableAutoUnmount, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { createTranslations } from '../../src/renderer/app/i18n';
import { matchCommands } from '../../src/renderer/app/palette/match-commands';
import { useAppCommands } from '../../src/renderer/app/palette/use-app-commands';
import { startSession } from '../../src/renderer/app/session';
import HomeScreen from '../../src/renderer/features/home/HomeScreen.vue';
import InspectScreen from '../../src/renderer/features/inspect/InspectScreen.vue';
import { useCommandsStore } from '../../src/renderer/stores/commands-store';
import { useNavigationStore } from '../../src/renderer/stores/navigation-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import type { Scene } from './harness/fake-engine';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(() => {
  document.body.innerHTML = '';
  stubCanvas();
});
const Offering = defineComponent({
  setup() {
    useAppCommands();
    return () => h('p');
  },
});

async function opened(scene: Scene, language: 'en' | 'de' | 'fr' = 'en') {
  page = openPage(scene);
  await startSession();
  mount(Offering, { global: { plugins: [page.pinia, createTranslations(language)] } });
  await settle();
  return useCommandsStore();
}
const idsIn = (scene: Scene): Promise<readonly string[]> => opened(scene).then(({ all }) => all.map(({ id }) => id));
const asked = (method: string) => page.fake.calls.filter((one) => one.method === method);
async function run(id: string): Promise<void> {
  const command = useCommandsStore().all.find((one) => one.id === id);
  if (command === undefined) throw new Error(`Nobody offers ${id}.`);
  command.run();
  await settle();
}

describe('what the palette offers', () => {
  it('is what can be done at the moment', async () => {
    const home = await idsIn('home');
    expect(home).toContain('project-new');
    expect(home.some((id) => id.startsWith('project-open-'))).toBe(true);
    expect(home.filter((id) => /^(train|inspect|import|export|health|report|go)-?/.test(id))).toEqual([]);

    const empty = await idsIn('empty');
    expect(empty).toContain('import-file');
    expect(empty.filter((id) => /^(train|inspect|export-|health|report)/.test(id))).toEqual([]);

    const labelled = await idsIn('labelled');
    expect(labelled).toEqual(expect.arrayContaining(['health', 'train-start', 'go-inspect']));
    expect(labelled.filter((id) => /^(train-(pause|resume|stop|runs)|inspect-|report|export-)/.test(id))).toEqual([]);

    const training = await idsIn('training');
    expect(training).toEqual(expect.arrayContaining(['train-pause', 'train-stop', 'train-enqueue', 'train-runs']));
    expect(training).not.toContain('train-start');
    expect(training).not.toContain('train-resume');

    const trained = await idsIn('trained');
    const results = ['inspect-overview', 'inspect-confusion', 'inspect-try', 'report', 'export-model', 'train-runs'];
    expect(trained).toEqual(expect.arrayContaining(results));
  });

  it.each([
    ['en', 'Show all runs'],
    ['de', 'Alle Läufe zeigen'],
    ['fr', 'Montrer tous les essais'],
  ] as const)('can be found by its name in the language %s', async (language, runs) => {
    const { all } = await opened('trained', language);
    expect(all.map(({ title }) => title)).toContain(runs);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const command of all)
      expect(
        matchCommands(all, command.title, [])
          .slice(0, 3)
          .map(({ id }) => id),
        command.title,
      ).toContain(command.id);
  });
});

describe('commands', () => {
  it('hold a training and let it go on', async () => {
    await opened('training');
    await run('train-pause');
    expect(asked('jobs.pause')).toHaveLength(1);
    await run('train-resume');
    expect(asked('jobs.resume')).toHaveLength(1);
    await run('train-stop');
    expect(asked('jobs.cancel')).toHaveLength(1);
  });

  it('start a training and show it', async () => {
    await opened('labelled');
    await run('train-start');
    expect(asked('training.start')).toHaveLength(1);
    expect(useNavigationStore().view).toBe('language-model');
  });

  it('choose a file, write the report and export', async () => {
    await opened('trained');
    await run('import-file');
    expect(asked('import.preview')).toHaveLength(1);
    await run('report');
    expect(asked('inspect.report')).toHaveLength(1);
    await run('export-model');
    expect(asked('export.model')).toHaveLength(1);
    expect(useNavigationStore().view).toBe('export');
  });

  it('open parts of screens, now or once they are shown', async () => {
    await opened('trained');
    await run('inspect-confusion');
    const screen = page.show(InspectScreen);
    await settle();
    const isOpen = (tab: string) => screen.get(`[data-testid="inspect-tab-${tab}"]`).attributes('aria-selected');
    expect(isOpen('confusion')).toBe('true');
    await run('inspect-classes');
    expect(isOpen('classes')).toBe('true');
    expect(useNavigationStore().part).toBeNull();
  });

  it('begin a new project and open another one by name', async () => {
    await opened('home');
    await run('project-new');
    const screen = page.show(HomeScreen);
    await settle();
    expect(screen.find('[data-testid="home-new"]').exists()).toBe(false);
    const other = useCommandsStore().all.find(({ id }) => id.startsWith('project-open-'));
    await run(other?.id ?? '');
    expect(asked('project.open')).toHaveLength(1);
    expect(useProjectStore().current).not.toBeNull();
    expect(useNavigationStore().view).not.toBe('home');
  });

  it('go to the screen of a job whose note was clicked', async () => {
    await opened('training');
    page.fake.emit('jobWanted', { jobId: 'job-1' });
    await settle();
    expect(useNavigationStore()).toMatchObject({ view: 'language-model', part: 'run' });
  });
});

describe('figures on test rows', () => {
  it('are not asked for with the runs until they are shown', async () => {
    await opened('trained');
    expect(asked('runs.list').map(({ request }) => request)).toEqual(
      asked('runs.list').map(() => ({ figures: false })),
    );
  });
});

describe('options of an earlier run', () => {
  it('leave no reset behind that could be undone', async () => {
    await opened('trained');
    const training = useTrainingStore();
    training.setOption('lmRate', 0.01);
    training.resetOptions();
    expect(training.canUndoReset).toBe(true);
    training.takeOver({ preset: 'quick', seed: 1, fineTuneLanguageModel: true, classWeights: false, options: {} });
    expect(training.canUndoReset).toBe(false);
    training.undoReset();
    expect(training.options).toEqual({});
  });
});
