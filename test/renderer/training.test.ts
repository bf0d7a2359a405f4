// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import ComparisonCard from '../../src/renderer/features/classifier/ComparisonCard.vue';
import EpochSamples from '../../src/renderer/features/classifier/EpochSamples.vue';
import AblationTab from '../../src/renderer/features/language-model/AblationTab.vue';
import GeneratedTexts from '../../src/renderer/features/language-model/GeneratedTexts.vue';
import RateFinder from '../../src/renderer/features/language-model/RateFinder.vue';
import { runDifferences } from '../../src/renderer/features/language-model/run-differences';
import RunQueue from '../../src/renderer/features/language-model/RunQueue.vue';
import RunsTab from '../../src/renderer/features/language-model/RunsTab.vue';
import TrainingSetup from '../../src/renderer/features/language-model/TrainingSetup.vue';
import { useJobsStore } from '../../src/renderer/stores/jobs-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useRateFinderStore } from '../../src/renderer/stores/rate-finder-store';
import { useRunStore } from '../../src/renderer/stores/run-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import type { Job } from '../../src/shared/jobs';
import type { Run } from '../../src/shared/training-types';
import { comparison, finishedRun } from './harness/fake-run';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
// A plan that is asked for after its test would make its own stores the active ones again.
afterEach(() => {
  useTrainingStore(page.pinia).clear();
});
beforeAll(stubCanvas);
beforeEach(() => {
  page = openPage('labelled');
  document.body.innerHTML = '';
});

const labels = ['delivery', 'billing'];
const job = (id: string, state: Job['state'], kind: Job['kind'] = 'train'): Job => ({
  id,
  kind,
  title: id,
  state,
  stage: null,
  fraction: null,
  secondsLeft: null,
  startedAt: null,
  endedAt: null,
  error: null,
  runId: kind === 'train' ? id : null,
});
const callsOf = (method: string) =>
  page.fake.calls.filter((one) => one.method === method).map(({ request }) => request);

describe('the plan', () => {
  it('comes at once from the usual speed, then timed', async () => {
    await new Promise((done) => setTimeout(done, 350)); // what tests before have changed is planned by now
    page = openPage('labelled');
    await useProjectStore(page.pinia).loadCurrent();
    const { plan } = await import('./harness/fake-run');
    page.fake.handlers['training.plan'] = ({ timed }) => ({ ...plan, ...(timed ? { timed: true } : {}) });
    const setup = page.show(TrainingSetup);
    await settle();
    expect(callsOf('training.plan').map((request) => (request as { timed: boolean }).timed)).toEqual([false, true]);
    expect(setup.get('[data-testid="train-plan-timed"]').text()).toContain('Timed on this machine');
  });
});

describe('the form of the next run', () => {
  it('begins anew with another project: no setting, plan or step of the last one is left', async () => {
    const training = useTrainingStore(page.pinia);
    training.preset = 'quick';
    training.minutes = 1;
    training.setOption('classifierRate', 0.01);
    await training.loadPlan();
    expect(training.plan).not.toBeNull();
    expect(training.undoField).not.toBeNull();
    training.clear();
    expect(training.request).toEqual(useTrainingStore(openPage('labelled').pinia).request);
    expect([training.plan, training.planning, training.undoField, training.redoField]).toEqual([
      null,
      false,
      null,
      null,
    ]);
  });
});

describe('the learning-rate finder', () => {
  it('draws the sweep while it runs, and one click makes a suggestion the rate', async () => {
    page.fake.handlers['training.findRate'] = () => ({ jobId: 'f' });
    const points = Array.from({ length: 60 }, (_, i) => ({ rate: 1e-5 * 1.2 ** i, loss: 2, smoothed: 2 - i / 100 }));
    page.fake.handlers['training.rateCurve'] = () => ({
      part: 'classifier',
      points,
      diverged: true,
      suggestions: { valley: 0.00312, slide: 0.01, minimum: null, steep: 0.0021 },
    });
    const panel = page.show(RateFinder, { enough: true });
    await panel.get('[data-testid="finder-start"]').trigger('click');
    await settle(2);
    const [jobs, finder] = [useJobsStore(page.pinia), useRateFinderStore(page.pinia)];
    jobs.onJob(job('f', 'running', 'find-rate'));
    const step = { type: 'step', stage: 'find-rate', step: 5, steps: 100, epoch: 0, epochs: 1, loss: 2, smoothedLoss: 2, learningRate: 1e-4, momentum: 0.8, tokensPerSecond: 1, secondsLeft: null, memoryBytes: 1 } as const; // prettier-ignore
    finder.onProgress({ jobId: 'f', runId: null, event: step });
    await settle(2);
    expect(panel.text()).toContain('Step 5 of 100');
    jobs.onJob(job('f', 'done', 'find-rate'));
    await settle();
    expect(panel.text()).toContain('blew up');
    expect(panel.find('[data-testid="finder-use-minimum"]').exists()).toBe(false);
    await panel.get('[data-testid="finder-use-valley"]').trigger('click');
    expect(useTrainingStore(page.pinia).options).toEqual({ classifierRate: 0.0031 });
    expect(panel.get('[data-testid="finder-use-valley"]').text()).toContain('In use');
  });
});

describe('the queue', () => {
  it('lists what waits, moves and removes it', async () => {
    const jobs = useJobsStore(page.pinia);
    for (const one of [job('a', 'running'), job('b', 'queued'), job('c', 'queued'), job('d', 'queued')])
      jobs.onJob(one);
    const queue = page.show(RunQueue);
    expect(queue.findAll('[data-testid="run-queue-job"]')).toHaveLength(3);
    const buttons = queue.findAll('button');
    await buttons[1]?.trigger('click'); // b down: before d
    await buttons[7]?.trigger('click'); // d is the last: nowhere to go
    expect(callsOf('jobs.move')).toEqual([{ jobId: 'b', before: 'd' }]);
    await queue.findAll('button')[0]?.trigger('click');
    expect(callsOf('jobs.move')).toHaveLength(1);
  });

  it('a run that waits does not take the screen from the one under way', () => {
    const [jobs, run] = [useJobsStore(page.pinia), useRunStore(page.pinia)];
    for (const one of [job('a', 'running'), job('b', 'queued')]) {
      jobs.onJob(one);
      run.onJob(one);
    }
    run.started('b');
    expect(run.jobId).toBe('a');
    for (const one of [job('a', 'done'), job('b', 'running')]) {
      jobs.onJob(one);
      run.onJob(one);
    }
    expect(run.jobId).toBe('b');
  });
});

describe('all runs', () => {
  const second = (): Run => ({
    ...finishedRun(labels),
    id: 'run-2',
    name: 'Slow lower layers',
    startedAt: '2026-11-20T08:00:00Z',
    request: { ...finishedRun(labels).request, seed: 4, options: { lmDiscriminative: 2.6 } },
  });
  async function showRuns() {
    page = openPage('trained');
    page.fake.handlers['runs.list'] = () => [finishedRun(labels), second()];
    await useRunStore(page.pinia).load();
    const tab = page.show(RunsTab);
    await settle();
    return tab;
  }

  it('puts two side by side: curves, figures with intervals, and only the settings that differ', async () => {
    const tab = await showRuns();
    for (const box of tab.findAll('[data-testid="run-compare"]')) await box.trigger('change');
    await settle();
    const differences = tab.get('[data-testid="runs-differences"]');
    expect(differences.findAll('tbody tr').map((row) => row.text())).toEqual([
      expect.stringContaining('Seed'),
      expect.stringMatching(/Lower layers learn more slowly.*Language model.*lmDiscriminative/s),
    ]);
    expect(differences.text()).toContain('2.6');
    expect(differences.text()).toContain('as usual');
    expect(tab.get('[data-testid="runs-comparison"]').text()).toContain('89.3% to 93.3%');
    expect(tab.get('[data-testid="runs-comparison"]').text()).toContain('overlap');
  });

  it('renames in place and frees the disk only after a second click', async () => {
    const tab = await showRuns();
    await tab.get('[data-testid="run-rename"]').trigger('click');
    await settle(2);
    await tab.get('[data-testid="run-name-field"]').setValue(' First try ');
    await tab.get('form').trigger('submit');
    await settle();
    expect(callsOf('runs.rename')).toEqual([{ runId: 'run-1', name: 'First try' }]);
    await tab.get('[data-testid="run-prune"]').trigger('click');
    expect(callsOf('runs.prune')).toEqual([]);
    await tab.get('[data-testid="run-prune-yes"]').trigger('click');
    await settle();
    expect(callsOf('runs.prune')).toEqual([{ runId: 'run-1' }]);
  });

  it('throws a run away with a way back, but not the one in use, and deletes for good only after a second click', async () => {
    const thrown = { run: second(), at: '2026-11-21T08:00:00Z', bytes: 97_400_000 };
    page = openPage('trained');
    page.fake.handlers['runs.list'] = () => [finishedRun(labels), second()];
    page.fake.handlers['runs.trashed'] = () => (callsOf('runs.trash').length > 0 ? [thrown] : []);
    await useRunStore(page.pinia).load();
    const tab = page.show(RunsTab);
    await settle();
    const buttons = tab.findAll('[data-testid="run-trash"]');
    expect(buttons.map((one) => one.attributes('disabled') !== undefined)).toEqual([true, false]);
    await buttons[1]?.trigger('click');
    await settle();
    expect(callsOf('runs.trash')).toEqual([{ runId: 'run-2' }]);
    useNoticesStore(page.pinia).current?.action?.run();
    await settle();
    expect(callsOf('runs.restore')).toEqual([{ runId: 'run-2' }]);
    expect(tab.get('[data-testid="runs-trash"]').text()).toContain('Slow lower layers');
    await tab.get('[data-testid="trash-delete"]').trigger('click');
    expect(callsOf('runs.deleteTrashed')).toEqual([]);
    await tab.get('[data-testid="trash-delete-sure"]').trigger('click');
    await settle();
    expect(callsOf('runs.deleteTrashed')).toEqual([{ runId: 'run-2' }]);
  });

  it('takes the settings of a run over for a new one', async () => {
    const tab = await showRuns();
    await tab.findAll('[data-testid="run-again"]')[1]?.trigger('click');
    expect(useTrainingStore(page.pinia).request).toMatchObject({ seed: 4, options: { lmDiscriminative: 2.6 } });
    expect(tab.emitted('again')).toHaveLength(1);
  });

  it('names no difference where there is none', () => {
    expect(runDifferences([finishedRun(labels), finishedRun(labels)])).toEqual([]);
  });
});

describe('what a run tells while it learns', () => {
  it('shows texts, newest first, and errors with their rows', async () => {
    const run = useRunStore(page.pinia);
    useJobsStore(page.pinia).onJob(job('a', 'running'));
    const tell = (event: Parameters<typeof run.onProgress>[0]['event']) =>
      run.onProgress({ jobId: 'a', runId: 'a', event });
    const written = { type: 'generated', stage: 'language-model-all', prompt: 'The', backward: false } as const;
    tell({ ...written, share: 0, text: 'king of France' });
    tell({ ...written, share: 0.5, text: 'parcel is late' });
    const sample = { row: 3, text: 'Where is it?', actual: ['delivery'], predicted: [{ label: 'billing', probability: 0.8 }], loss: 2.1 }; // prettier-ignore
    tell({ type: 'samples', stage: 'classifier-all', epoch: 1, held: 100, wrong: 9, samples: [], errors: [sample] });
    await new Promise((done) => requestAnimationFrame(done));
    const texts = page.show(GeneratedTexts);
    expect(texts.findAll('li').map((one) => one.text())).toEqual([
      expect.stringContaining('parcel is late'),
      expect.stringContaining('Before it learned'),
    ]);
    const samples = page.show(EpochSamples);
    expect(samples.text()).toContain('9 of 100 wrong');
    expect(samples.text()).toContain('Where is it?');
    expect(samples.text()).toContain('billing 80%');
  });
});

describe('the result', () => {
  it('names blend, network alone and members where the classifier has them', () => {
    const base = comparison(labels);
    const whole = {
      ...base,
      deep: { ...base.model, accuracy: 0.9 },
      blend: base.model,
      members: [
        { name: 'forward', weight: 0.6, metrics: { ...base.model, accuracy: 0.89 } },
        { name: 'backward', weight: 0.4, metrics: { ...base.model, accuracy: 0.88 } },
      ],
    };
    const card = page.show(ComparisonCard, { comparison: whole });
    expect(card.text()).toContain('It averages 2 networks.');
    expect(card.text()).toContain('blends the network with word counts');
    const described = card.get('.canvas').attributes('aria-label') ?? '';
    for (const name of [
      'Network and word counts',
      'Network alone',
      'Reads forward (60%)',
      'Reads backward (40%)',
      'Word counts',
    ])
      expect(described).toContain(name);
    const plain = page.show(ComparisonCard, { comparison: { ...base, blend: base.baseline } });
    expect(plain.text()).toContain('brought nothing');
  });
});

describe('ablations', () => {
  it('counts the runs of what is ticked and starts them in the project', async () => {
    page = openPage('trained');
    await useProjectStore(page.pinia).loadCurrent();
    const tab = page.show(AblationTab, { enough: true });
    await settle();
    expect(tab.text()).toContain('3 runs, about 9 minutes'); // full, without pretraining, without fine-tuning
    await tab.get('[data-testid="ablation-part-schedule"]').trigger('change');
    await tab.get('[data-testid="ablation-seeds"]').setValue('2');
    expect(tab.text()).toContain('12 runs');
    await tab.get('[data-testid="ablation-start"]').trigger('click');
    await settle();
    expect(callsOf('ablation.start')).toEqual([
      expect.objectContaining({
        what: ['pretraining', 'lm-finetuning', 'schedule'],
        seeds: 2,
        folder: expect.stringMatching(/support-mails.ablations.\d{8}-\d{6}$/) as string,
      }),
    ]);
    const table = tab.get('[data-testid="ablation-table"]').text();
    expect(table).toContain('no pretrained language model');
    expect(table).toContain('−5.3'); // 0.861 against 0.914
  });
});
