// @vitest-environment happy-dom
import { enableAutoUnmount, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, h, nextTick, reactive } from 'vue';
import { createTranslations } from '../../src/renderer/app/i18n';
import { useGlobalKeys } from '../../src/renderer/app/keys/use-global-keys';
import NoticeBar from '../../src/renderer/app/NoticeBar.vue';
import { useAppCommands } from '../../src/renderer/app/palette/use-app-commands';
import { startSession } from '../../src/renderer/app/session';
import { useHistory } from '../../src/renderer/app/step-words';
import { useEditMenu } from '../../src/renderer/app/use-edit-menu';
import AppliedRemedies from '../../src/renderer/features/health/AppliedRemedies.vue';
import ImportedFiles from '../../src/renderer/features/import/ImportedFiles.vue';
import SplitPanel from '../../src/renderer/features/import/SplitPanel.vue';
import TrainingSetup from '../../src/renderer/features/language-model/TrainingSetup.vue';
import { useCommandsStore } from '../../src/renderer/stores/commands-store';
import { createFormHistory } from '../../src/renderer/stores/form-history';
import { useErrorsStore } from '../../src/renderer/stores/errors-store';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import { AppError } from '../../src/shared/errors';
import { changeKinds, type LabelStep } from '../../src/shared/label-types';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
let past: History;
beforeEach(() => {
  document.body.innerHTML = '';
  stubCanvas();
});
afterEach(() => {
  vi.useRealTimers();
});

interface History {
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
  readonly undoLabel: () => Promise<void>;
  readonly sayDone: (step: LabelStep) => void;
}

const Everything = defineComponent({
  setup() {
    useAppCommands();
    useGlobalKeys();
    useEditMenu();
    past = useHistory();
    return () => h('div', [h('input', { id: 'text' }), h('select', { id: 'choice' }), h(NoticeBar)]);
  },
});

/** An engine whose history holds these steps, oldest first. */
function keep(steps: readonly LabelStep[]): { readonly done: LabelStep[]; readonly undone: LabelStep[] } {
  const done = steps.map((step, number) => ({ number, ...step }));
  const undone: LabelStep[] = [];
  const { handlers } = page.fake;
  const old = handlers['labels.state'];
  const state = (): Awaited<ReturnType<typeof old>> => ({
    ...(old({}) as Awaited<ReturnType<typeof old>>),
    canUndo: done.length > 0,
    canRedo: undone.length > 0,
    undoStep: done.at(-1) ?? null,
    redoStep: undone.at(-1) ?? null,
  });
  const move = (from: LabelStep[], to: LabelStep[]) => (meant: { step?: number | undefined }) => {
    // As the engine does: another step than the one that is meant is left alone.
    if (meant.step !== undefined && from.at(-1)?.number !== meant.step) throw new AppError('outdated', 'Another step.');
    const step = from.pop();
    if (step) to.push(step);
    return state();
  };
  handlers['labels.state'] = state;
  handlers['history.undo'] = move(done, undone);
  handlers['history.redo'] = move(undone, done);
  return { done, undone };
}

async function open(steps: readonly LabelStep[], language: 'en' | 'de' | 'fr' = 'en') {
  page = openPage('labelled');
  const kept = keep(steps);
  await startSession();
  mount(Everything, { attachTo: document.body, global: { plugins: [page.pinia, createTranslations(language)] } });
  await settle();
  return kept;
}
const titles = () =>
  Object.fromEntries(
    useCommandsStore()
      .all.filter(({ id }) => id === 'undo' || id === 'redo')
      .map(({ id, title }) => [id, title]),
  );
const said = () => document.querySelector('[data-testid="notice"] .words')?.textContent;
const asked = (method: string) => page.fake.calls.filter((one) => one.method === method).length;
const press = (target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
};
const imported: LabelStep = { kind: 'import', rows: 1200, label: 'more.csv' };
const stripped: LabelStep = { kind: 'strip-markup', rows: 312, label: '' };
const divided: LabelStep = { kind: 'divide', rows: 400, label: '' };

describe('undo and redo of everything', () => {
  it('are in the palette, each with what it would do', async () => {
    await open([imported, stripped]);
    expect(titles()).toEqual({ undo: 'Undo: markup stripped from 312 texts' });
    await past.undo();
    await settle();
    expect(titles()).toEqual({
      undo: 'Undo: 1,200 rows added from “more.csv”',
      redo: 'Redo: markup stripped from 312 texts',
    });
  });

  it.each(['en', 'de', 'fr'] as const)('have words for every kind of step in %s', async (language) => {
    await open([divided], language);
    const labelling = useLabellingStore();
    for (const kind of changeKinds) {
      if (labelling.state !== null)
        labelling.state = { ...labelling.state, undoStep: { kind, rows: 3, label: 'a.csv' } };
      expect(titles().undo).toMatch(/: \S/);
      expect(titles().undo).not.toMatch(/steps\.|palette\.|\{/);
    }
  });

  it('say what was done, with the way back', async () => {
    const { done } = await open([divided, stripped]);
    await past.undo();
    await settle();
    expect(said()).toBe('Undone: markup stripped from 312 texts');
    document.querySelector<HTMLElement>('[data-testid="notice-action"]')?.click();
    await settle();
    expect(said()).toBe('Done again: markup stripped from 312 texts');
    expect(done).toMatchObject([divided, stripped]);
  });

  it('come by Ctrl+Z and Ctrl+Shift+Z, but where a field has its own', async () => {
    const { done } = await open([divided, stripped]);
    const field = document.querySelector('#text') ?? document.body;
    expect(press(field, 'z').defaultPrevented).toBe(false);
    await settle();
    expect(asked('history.undo')).toBe(0);
    // A choice has nothing to take back by itself.
    expect(press(document.querySelector('#choice') ?? document.body, 'z').defaultPrevented).toBe(true);
    await settle();
    expect(done).toMatchObject([divided]);
    press(document.body, 'Z', { shiftKey: true });
    await settle();
    expect(done).toMatchObject([divided, stripped]);
  });

  it('do not take a whole file out because a key was held down', async () => {
    const { done } = await open([imported]);
    expect(press(document.body, 'z', { repeat: true }).defaultPrevented).toBe(true);
    await settle();
    expect(done).toMatchObject([imported]);
    press(document.body, 'z');
    await settle();
    expect(done).toEqual([]);
  });

  it('leave a file alone that a training has begun to read since', async () => {
    const { done } = await open([divided, imported]);
    done.pop(); // the engine goes past it now, and the window does not know yet
    await past.undo();
    await settle();
    expect(done).toMatchObject([divided]);
    expect(said()).toBeUndefined();
    expect(useErrorsStore().newest?.envelope.code).toBe('outdated');
    expect(titles().undo).toBe('Undo: rows divided, 400 of them anew');
  });

  it('come down from a burst of keys to a file, and stop before it', async () => {
    const { done } = await open([imported, stripped]);
    await Promise.all([past.undo(), past.undo(), past.undo()]);
    await settle();
    expect(done).toMatchObject([imported]);
    expect(useErrorsStore().newest).toBeNull();
  });

  it('offer in a notice to undo what it names, and nothing that was done since', async () => {
    const { done } = await open([divided]);
    const labelling = useLabellingStore();
    await past.redo();
    past.sayDone(labelling.state?.undoStep ?? divided);
    await settle();
    done.push({ ...stripped, number: 7 });
    document.querySelector<HTMLElement>('[data-testid="notice-action"]')?.click();
    await settle();
    expect(done).toMatchObject([divided, stripped]);
    expect(useErrorsStore().newest?.envelope.code).toBe('outdated');
  });

  it('on the labelling screen only name what is no label, with a button for it', async () => {
    const { done } = await open([stripped]);
    await past.undoLabel();
    await settle();
    expect(said()).toBe('The newest step is no label: markup stripped from 312 texts');
    expect(done).toMatchObject([stripped]);
    document.querySelector<HTMLElement>('[data-testid="notice-action"]')?.click();
    await settle();
    expect(done).toEqual([]);
  });

  it('are named in the menu of the system and done from there, also in a field', async () => {
    const { done } = await open([divided, stripped]);
    await vi.waitFor(() => expect(asked('shell.nameHistory')).toBeGreaterThan(0));
    expect(page.fake.calls.findLast(({ method }) => method === 'shell.nameHistory')?.request).toEqual({
      undo: 'Undo: markup stripped from 312 texts',
      redo: '',
    });
    document.querySelector<HTMLElement>('#text')?.focus();
    page.fake.emit('historyWanted', { what: 'undo' });
    await settle();
    expect(asked('shell.editField')).toBe(1);
    document.querySelector<HTMLElement>('#text')?.blur();
    page.fake.emit('historyWanted', { what: 'undo' });
    await settle();
    expect(done).toMatchObject([divided]);
  });
});

describe('screens', () => {
  it('say that rows were divided, and read anew what undo has changed', async () => {
    const kept = await open([]);
    page.fake.handlers['splits.divide'] = ((inner) => (request) => {
      kept.done.push(divided);
      const answer = inner(request) as Awaited<ReturnType<typeof inner>>;
      return { ...answer, plan: { ...(request.plan ?? null), seed: 99 } as typeof answer.plan };
    })(page.fake.handlers['splits.divide']);
    const screen = page.show(SplitPanel);
    await settle();
    await screen.get('[data-testid="split-apply"]').trigger('click');
    await settle();
    expect(useNoticesStore().current?.text).toBe('Done: rows divided, 400 of them anew');
    const before = asked('splits.state');
    useNoticesStore().current?.action?.run();
    await settle();
    expect(asked('splits.state')).toBe(before + 1);
    expect(kept.done).toEqual([]);
  });

  it('offer to set the rows of a file aside, and say where all of them are', async () => {
    const kept = await open([]);
    const summary = { rows: 50, labelled: 0, rejected: [], rejectedCount: 0, labels: [], seconds: 1 };
    const file = { role: 'data' as const, summary };
    const files = [
      { ...file, id: 0, path: '/mails/may.csv', inUse: 50 },
      { ...file, id: 1, path: '/mails/june.csv', inUse: 0 },
    ];
    page.fake.handlers['import.setAside'] = () => {
      kept.done.push({ kind: 'aside', rows: 50, label: '' });
      return page.fake.handlers['labels.state']({});
    };
    const table = page.show(ImportedFiles, { files });
    expect(table.find('[data-testid="import-aside-1"]').exists()).toBe(false);
    expect(table.text()).toContain('all set aside');
    await table.get('[data-testid="import-aside-0"]').trigger('click');
    await settle();
    expect(page.fake.calls.find(({ method }) => method === 'import.setAside')?.request).toEqual({ importId: 0 });
    expect(useNoticesStore().current?.text).toBe('Done: 50 rows put aside');
  });

  it('say of a remedy whose texts are no longer kept that it cannot be taken back', async () => {
    await open([]);
    const one = { issue: 'markup', remedy: 'strip-markup', rows: 3, at: '2026-11-22T09:00:00Z', undone: false };
    const list = page.show(AppliedRemedies, {
      remedies: [
        { ...one, id: 2, forgotten: false },
        { ...one, id: 1, forgotten: true },
      ],
    });
    expect(list.find('[data-testid="health-undo-2"]').exists()).toBe(true);
    expect(list.find('[data-testid="health-undo-1"]').exists()).toBe(false);
    expect(list.get('[data-testid="health-forgotten-1"]').text()).toContain('no longer kept');
  });
});

describe('the history of a form', () => {
  function form() {
    let time = 0;
    const state = reactive<Record<string, unknown>>({ a: 1, b: 'x' });
    const history = createFormHistory(
      () => ({ ...state }),
      (next) => Object.assign(state, next),
      () => time,
    );
    return { state, history, wait: (ms: number) => (time += ms) };
  }

  it('takes single changes back and sets them again; what is typed in one go is one step', () => {
    const { state, history, wait } = form();
    state.b = 'xy';
    wait(100);
    state.b = 'xyz';
    wait(5000);
    state.b = 'other';
    state.a = 2;
    expect(history.undo()).toBe('a');
    expect(state).toEqual({ a: 1, b: 'other' });
    expect(history.undo()).toBe('b');
    expect(history.undo()).toBe('b');
    expect(state).toEqual({ a: 1, b: 'x' });
    expect(history.undo()).toBeNull();
    expect(history.redo()).toBe('b');
    expect(state.b).toBe('xyz');
    state.a = 7;
    expect(history.redoName.value).toBeNull();
    expect(history.undo()).toBe('a');
    expect(state).toEqual({ a: 1, b: 'xyz' });
  });

  it('takes several fields that were set as one back as one, and nothing where nothing has changed', () => {
    const { state, history } = form();
    history.asOne('run', () => Object.assign(state, { a: 3, b: 'z' }));
    history.asOne('run', () => Object.assign(state, { a: 3, b: 'z' }));
    expect(history.undo()).toBe('run');
    expect(state).toEqual({ a: 1, b: 'x' });
    expect(history.undoName.value).toBeNull();
  });
});

describe('the training options', () => {
  it('have undo and redo of their own, by buttons and by keys outside of text fields', async () => {
    page = openPage('labelled');
    await useProjectStore().loadCurrent();
    const training = useTrainingStore();
    const setup = page.show(TrainingSetup);
    expect(setup.find('[data-testid="train-undo"]').exists()).toBe(false);
    await setup.get('[data-testid="train-preset-quick"]').trigger('click');
    training.setOption('direction', 'both');
    await nextTick();
    const undo = setup.get('[data-testid="train-undo"]');
    expect(undo.attributes('aria-label')).toMatch(/^Undo: /);
    await undo.trigger('click');
    expect(training.options).toEqual({});
    expect(training.preset).toBe('quick');
    expect(useNoticesStore().current?.text).toMatch(/^Undone: /);

    const field = setup.get('[data-testid="train-minutes"]').element;
    expect(press(field, 'z').defaultPrevented).toBe(false);
    expect(press(setup.get('[data-testid="train-preset-quick"]').element, 'z').defaultPrevented).toBe(true);
    expect(training.preset).toBe('standard');
    expect(press(setup.get('[data-testid="train-preset-quick"]').element, 'y').defaultPrevented).toBe(true);
    expect(training.preset).toBe('quick');
    await setup.get('[data-testid="train-redo"]').trigger('click');
    expect(training.options).toEqual({ direction: 'both' });
  });
});
