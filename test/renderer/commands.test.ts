// @vitest-environment happy-dom
import { enableAutoUnmount, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { createTranslations } from '../../src/renderer/app/i18n';
import { matchCommands } from '../../src/renderer/app/palette/match-commands';
import { searchWordsOf } from '../../src/renderer/app/palette/search-words';
import { useAppCommands } from '../../src/renderer/app/palette/use-app-commands';
import { startSession } from '../../src/renderer/app/session';
import AboutPanel from '../../src/renderer/features/help/AboutPanel.vue';
import DocsPanel from '../../src/renderer/features/help/DocsPanel.vue';
import HomeScreen from '../../src/renderer/features/home/HomeScreen.vue';
import ImportScreen from '../../src/renderer/features/import/ImportScreen.vue';
import InspectScreen from '../../src/renderer/features/inspect/InspectScreen.vue';
import LabelScreen from '../../src/renderer/features/label/LabelScreen.vue';
import LanguageModelScreen from '../../src/renderer/features/language-model/LanguageModelScreen.vue';
import { messages } from '../../src/renderer/locales/messages';
import { useCommandsStore } from '../../src/renderer/stores/commands-store';
import { useNavigationStore } from '../../src/renderer/stores/navigation-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useSettingsStore } from '../../src/renderer/stores/settings-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import { menuCommands } from '../../src/shared/menu-commands';
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

describe('words that people have for things', () => {
  /** The first commands that the palette shows for what was typed. */
  async function found(typed: string, language: 'en' | 'de' | 'fr' = 'en', scene: Scene = 'trained') {
    const { all } = await opened(scene, language);
    const table = messages[language].paletteWords;
    return matchCommands(all, typed, [], (id) => searchWordsOf(id, table))
      .slice(0, 6)
      .map(({ id }) => id);
  }

  it.each([
    ['en', 'csv', 'import-file'],
    ['en', 'dark mode', 'theme-dark'],
    ['en', 'shortcuts', 'help'],
    ['en', 'accuracy', 'inspect-overview'],
    ['en', 'classify', 'classify-file'],
    ['en', 'language', 'language-de'],
    ['en', 'restore', 'aside'],
    ['en', 'manual', 'documentation'],
    ['en', 'gpu', 'engine'],
    ['de', 'tastenkürzel', 'help'],
    ['de', 'loschen', 'aside'],
    ['de', 'dunkelmodus', 'theme-dark'],
    ['de', 'genauigkeit', 'inspect-overview'],
    ['de', 'klassifizieren', 'classify-file'],
    ['fr', 'raccourcis', 'help'],
    ['fr', 'supprimer', 'aside'],
    ['fr', 'mode sombre', 'theme-dark'],
    ['fr', 'precision', 'inspect-overview'],
    ['fr', 'langue', 'language-fr'],
  ] as const)('in the language %s “%s” finds %s', async (language, typed, id) => {
    expect(await found(typed, language)).toContain(id);
  });

  it('find nothing where nobody means anything by them, and never come before a title', async () => {
    expect(await found('xylophon')).toEqual([]);
    expect((await found('export'))[0]).toMatch(/export/);
    expect((await found('keys'))[0]).toBe('help');
    expect((await found('dark mode'))[0]).toBe('theme-dark');
  });

  it('are there for commands that are offered, in every language the same ones', async () => {
    const { all } = await opened('trained');
    page.show(LabelScreen);
    await settle();
    const ids = all.concat(useCommandsStore().all).map(({ id }) => id);
    const later = /^(undo|redo|project-trash|train-(pause|resume|stop|goOn|enqueue|start))$/;
    for (const key of Object.keys(messages.en.paletteWords))
      expect(later.test(key) || ids.some((id) => id === key || id.startsWith(`${key}-`)), `nobody offers ${key}`).toBe(
        true,
      );
    expect(searchWordsOf('theme-dark', { theme: 'a', 'theme-dark': 'b' })).toBe('b');
    expect(searchWordsOf('project-open-/home/a-b', { 'project-open': 'c' })).toBe('c');
    expect(searchWordsOf('take-billing', { theme: 'a' })).toBe('');
  });
});

describe('panels', () => {
  it('open from the palette: what is set aside, labels as a file, the trash of runs', async () => {
    await opened('trained');
    await run('aside');
    expect(useNavigationStore()).toMatchObject({ view: 'import', part: 'aside' });
    const data = page.show(ImportScreen);
    await settle();
    expect(data.find('[data-testid="aside-panel"]').exists()).toBe(true);
    data.unmount();
    await run('labels-file');
    const label = page.show(LabelScreen);
    await settle();
    expect(label.find('[data-testid="label-set-panel"]').exists()).toBe(true);
    label.unmount();
    await run('train-trash');
    page.show(LanguageModelScreen);
    await settle();
    expect(useNoticesStore().current?.text).toBe('The trash is empty.');
  });

  it('of the frame are named by what the menu of the system may ask for', async () => {
    const commands = await opened('trained');
    for (const id of menuCommands) expect(commands.all.map((one) => one.id)).toContain(id);
    for (const id of ['documentation', 'about', 'engine', 'settings', 'help'] as const) {
      expect(commands.run(id)).toBe(true);
      expect(commands[id]).toBe(true);
    }
    expect(commands.run('nothing-of-the-kind')).toBe(false);
  });

  it('of the documentation show every page that came with Thaw, and lead from one to the next', async () => {
    await opened('home');
    const panel = page.show(DocsPanel);
    await vi.waitFor(
      () => {
        expect(panel.findAll('[data-testid^="docs-"]').length).toBeGreaterThan(10);
      },
      { timeout: 15_000 },
    );
    await panel.get('[data-testid="docs-guide/labelling.md"]').trigger('click');
    expect(panel.get('h3').text()).toBe('Labelling');
    expect(panel.get('table').text()).toContain('Uncertain');
    const link = panel.findAll('button.link').find((one) => one.text() === 'A million rows');
    await link?.trigger('click');
    expect(panel.get('h3').text()).toContain('million');
    await panel.get('[data-testid="docs-back"]').trigger('click');
    expect(panel.find('[data-testid="docs-guide/data.md"]').exists()).toBe(true);
  });

  it('say which version this is and who made what', async () => {
    await opened('home');
    const panel = page.show(AboutPanel);
    await vi.waitFor(
      () => {
        expect(panel.text()).toContain('MIT License');
      },
      { timeout: 15_000 },
    );
    expect(panel.get('.facts').text()).toContain(useSettingsStore().info?.version ?? '-');
    expect(panel.text()).toContain('TensorFlow');
  });
});
