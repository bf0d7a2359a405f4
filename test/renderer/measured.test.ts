// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import ComparisonCard from '../../src/renderer/features/classifier/ComparisonCard.vue';
import ThawStack from '../../src/renderer/features/classifier/ThawStack.vue';
import RunHeader from '../../src/renderer/features/language-model/RunHeader.vue';
import RunsTab from '../../src/renderer/features/language-model/RunsTab.vue';
import { useJobsStore } from '../../src/renderer/stores/jobs-store';
import { useNavigationStore } from '../../src/renderer/stores/navigation-store';
import { useRunStore } from '../../src/renderer/stores/run-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import type { StageId } from '../../src/shared/jobs';
import type { Comparison, Run } from '../../src/shared/training-types';
import { comparison, finishedRun, runEvents } from './harness/fake-run';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

/** What the window says of a run must be true: of few test texts, of the network, of a failure. */

enableAutoUnmount(afterEach);
let page: TestPage;
beforeAll(stubCanvas);
beforeEach(() => {
  page = openPage('trained');
  document.body.innerHTML = '';
});
afterEach(() => {
  useTrainingStore(page.pinia).clear();
});

const labels = ['delivery', 'billing'];
const base = comparison(labels);
const onFew: Comparison = {
  ...base,
  split: 'test',
  model: { ...base.model, n: 10, accuracy: 0.3, accuracyInterval: [0.108, 0.603] },
  validation: { n: 9, accuracy: 7 / 9, accuracyInterval: [0.453, 0.937] },
};

describe('a result on too few test texts', () => {
  it('is told as counts, with the interval, what validation says, and what helps', () => {
    const card = page.show(ComparisonCard, { comparison: onFew });
    expect(card.get('[data-testid="classifier-accuracy"]').text()).toBe('3 of 10');
    const notice = card.get('[data-testid="measured-notice"]').text();
    expect(notice).toContain('10 test texts are too few to measure by');
    expect(notice).toContain('from 11% to 60%');
    expect(notice).toContain('On 9 validation texts it gets 7 right');
    expect(notice).toContain('label more texts');
    const enough = page.show(ComparisonCard, { comparison: base });
    expect(enough.get('[data-testid="classifier-accuracy"]').text()).toBe('91.4%');
    expect(enough.find('[data-testid="measured-notice"]').exists()).toBe(false);
  });

  it('stands as counts in the list of runs and in their comparison', async () => {
    const few: Run = { ...finishedRun(labels), id: 'run-2', comparison: onFew };
    page.fake.handlers['runs.list'] = () => [finishedRun(labels), few];
    await useRunStore(page.pinia).load();
    const tab = page.show(RunsTab);
    await settle();
    expect(tab.get('[data-testid="run-run-2"]').text()).toMatch(/3 of 10.*too few to measure by/);
    expect(tab.get('[data-testid="run-run-1"]').text()).not.toContain('too few');
    for (const box of tab.findAll('[data-testid="run-compare"]')) await box.trigger('change');
    await settle();
    expect(tab.get('[data-testid="compare-too-few"]').text()).toContain('fewer than 30 texts');
  });
});

describe('what is said of the blend', () => {
  const made = (by: 'judged' | 'rule' | 'asked', n: number, learned: Comparison['learned']): string =>
    page
      .show(ComparisonCard, { comparison: { ...base, deep: base.model, blendChoice: { used: true, by, n }, learned } })
      .text();

  it('is that it was better only where that was judged', () => {
    expect(made('judged', 400, 'yes')).toContain('because that was better on 400 held-out texts');
    const byRule = made('rule', 9, 'yes');
    expect(byRule).not.toContain('because that was better');
    expect(byRule).toContain('was not judged: that takes 100 held-out texts, and there are 9');
    expect(made('asked', 400, 'yes')).toContain('as you asked');
    const older = page.show(ComparisonCard, { comparison: { ...base, deep: base.model } }).text();
    expect(older).not.toContain('better on held-out');
  });

  it('is joined by what helps where the network has learned nothing', () => {
    expect(made('judged', 400, 'no')).toContain('has learned nothing yet: the answers rest on the word counts');
    expect(made('judged', 400, 'unsure')).toContain('cannot be told yet');
    expect(made('judged', 400, 'yes')).not.toContain('More labels help');
  });
});

describe('the stack of layers', () => {
  const event = { type: 'epoch', epoch: 1, epochs: 1, trainLoss: 1, validLoss: 1, accuracy: 0.5, macroF1: 0.5, perplexity: null } as const; // prettier-ignore
  async function show(
    trained: readonly StageId[],
    learned: Comparison['learned'] | null,
    state: Run['state'] = 'done',
  ) {
    const stages: StageId[] = ['classifier-head', 'classifier-last', 'classifier-last-two', 'classifier-all'];
    const events = trained.flatMap((stage) => [{ type: 'stage', stage, stages } as const, { ...event, stage }]);
    const run: Run = { ...finishedRun(labels), state };
    page.fake.handlers['runs.list'] = () => [run];
    page.fake.handlers['runs.get'] = () => ({ ...run, events });
    await useRunStore(page.pinia).load();
    const stack = page.show(ThawStack, { learned });
    return (layer: string): string => stack.get(`[data-testid="thaw-${layer}"]`).text();
  }

  it('claims that layers have learned only where the network has', async () => {
    const all: StageId[] = ['classifier-head', 'classifier-last', 'classifier-last-two', 'classifier-all'];
    expect((await show(all, 'yes'))('rest')).toContain('has learned');
    expect((await show(all, 'no'))('head')).toContain('nothing learned yet');
    for (const learned of ['unsure', null] as const) {
      const state = (await show(all, learned))('head');
      expect(state).toContain('was trained');
      expect(state).not.toContain('learned');
    }
  });

  it('knows the run in use by its job before its file says that it is done', async () => {
    const running: Run = { ...finishedRun(labels, 'running'), id: 'b' };
    page.fake.handlers['runs.list'] = () => [running, finishedRun(labels)];
    const run = useRunStore(page.pinia);
    await run.load();
    expect(run.currentId).toBe('run-1');
    const job = { id: 'b', kind: 'train', title: 'b', stage: null, fraction: 1, secondsLeft: null, error: null, runId: 'b' } as const; // prettier-ignore
    const times = { startedAt: new Date().toISOString(), endedAt: new Date().toISOString() };
    for (const state of ['running', 'done'] as const) {
      useJobsStore(page.pinia).onJob({ ...job, ...times, state });
      run.onJob({ ...job, ...times, state });
    }
    await settle();
    expect(run.currentId).toBe('b');
  });

  it('leaves layers frozen whose stage never came, and does not learn once it has stopped', async () => {
    const ended = await show(['classifier-head', 'classifier-last'], 'yes');
    expect(ended('last')).toContain('has learned');
    expect(ended('second')).toContain('frozen');
    expect((await show(['classifier-head'], null, 'cancelled'))('head')).toContain('was trained');
  });
});

describe('the head of a run', () => {
  const shown = async (run: Run, events: ReturnType<typeof runEvents> = []) => {
    page.fake.handlers['runs.list'] = () => [run];
    page.fake.handlers['runs.get'] = () => ({ ...run, events });
    await useRunStore(page.pinia).load();
  };

  it('shows on each screen the figures of its own part', async () => {
    await shown(finishedRun(labels), runEvents({ stage: 'classifier-all', share: 1 }));
    const run = useRunStore(page.pinia);
    const { last } = run.progress;
    const losses = [last['language-model'], last.classifier].map((step) => step?.smoothedLoss.toFixed(3));
    expect(losses[0]).not.toBe(losses[1]);
    const heads = (['language-model', 'classifier'] as const).map((part) =>
      page.show(RunHeader, { stages: run.stagesOf(part) }).text(),
    );
    expect(heads[0]).toContain(losses[0]);
    expect(heads[0]).not.toContain(losses[1]);
    expect(heads[1]).toContain(losses[1]);
  });

  const error = {
    code: 'label-column',
    message: 'The label column "id" has 60 different labels on 60 rows.',
    hint: 'Take the import back.',
  };
  it('says why a run of before has failed and where to mend it, and offers no checkpoint that is not there', async () => {
    await shown({ ...finishedRun(labels), state: 'failed', comparison: null, error, canGoOn: false });
    const head = page.show(RunHeader, { stages: [] });
    const failure = head.get('[data-testid="train-failure"]');
    expect(failure.text()).toContain(error.message);
    expect(failure.text()).toContain(error.hint);
    await failure.get('[data-testid="train-failure-go"]').trigger('click');
    expect(useNavigationStore(page.pinia).view).toBe('import');
    expect(head.get('[data-testid="train-resume"]').text()).toBe('Start it again');
    const tab = page.show(RunsTab);
    await settle();
    expect(tab.get('[data-testid="run-failure"]').text()).toBe(error.message);
  });

  it('offers to go on where there is a checkpoint, and nothing where only a new run can help', async () => {
    const failed: Run = { ...finishedRun(labels), state: 'failed', comparison: null, error, canGoOn: true };
    await shown(failed);
    expect(page.show(RunHeader, { stages: [] }).get('[data-testid="train-resume"]').text()).toContain('checkpoint');
    await shown({ ...failed, canGoOn: false, error: { ...error, data: { startAnew: true } } });
    expect(page.show(RunHeader, { stages: [] }).find('[data-testid="train-resume"]').exists()).toBe(false);
  });
});
