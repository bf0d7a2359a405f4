// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import ComparisonCard from '../../src/renderer/features/classifier/ComparisonCard.vue';
import EpochSamples from '../../src/renderer/features/classifier/EpochSamples.vue';
import AblationTab from '../../src/renderer/features/language-model/AblationTab.vue';
import GeneratedTexts from '../../src/renderer/features/language-model/GeneratedTexts.vue';
import { findOptions, readOption } from '../../src/renderer/features/language-model/option-input';
import OptionsPanel from '../../src/renderer/features/language-model/OptionsPanel.vue';
import RateFinder from '../../src/renderer/features/language-model/RateFinder.vue';
import { runDifferences } from '../../src/renderer/features/language-model/run-differences';
import RunQueue from '../../src/renderer/features/language-model/RunQueue.vue';
import RunsTab from '../../src/renderer/features/language-model/RunsTab.vue';
import TrainingSetup from '../../src/renderer/features/language-model/TrainingSetup.vue';
import { useJobsStore } from '../../src/renderer/stores/jobs-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useRateFinderStore } from '../../src/renderer/stores/rate-finder-store';
import { useRunStore } from '../../src/renderer/stores/run-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import type { Job } from '../../src/shared/jobs';
import { runOptionTable } from '../../src/shared/run-options';
import type { Run } from '../../src/shared/training-types';
import { comparison, finishedRun } from './harness/fake-run';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeAll(stubCanvas);
beforeEach(() => {
  page = openPage('labelled');
  document.body.innerHTML = '';
});

const labels = ['delivery', 'billing'];
const option = (name: string) => {
  const found = runOptionTable.find((one) => one.name === name);
  if (found === undefined) throw new Error(`Expected an option ${name}.`);
  return found;
};
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

describe('the field of an option', () => {
  it('reads numbers with a point or a comma, several by blanks, switches and names', () => {
    expect(readOption(option('lmRate'), ' 0,004 ')).toEqual({ state: 'fits', value: 0.004 });
    expect(readOption(option('lmRate'), '4e-3')).toEqual({ state: 'fits', value: 0.004 });
    expect(readOption(option('momentums'), '0.8 0.7, 0.8')).toEqual({ state: 'fits', value: [0.8, 0.7, 0.8] });
    expect(readOption(option('momentums'), '0.8,0.7,0.8')).toEqual({ state: 'fits', value: [0.8, 0.7, 0.8] });
    expect(readOption(option('bidirectional'), 'false')).toEqual({ state: 'fits', value: false });
    expect(readOption(option('direction'), 'both')).toEqual({ state: 'fits', value: 'both' });
    expect(readOption(option('direction'), '  ')).toEqual({ state: 'empty' });
  });

  it.each([
    ['lmRate', 'fast'],
    ['lmRate', '-1'],
    ['lmRate', '0x10'],
    ['layers', '1.5'],
    ['momentums', '0.8 0.7'],
    ['language', 'English!'],
  ])('takes %s = "%s" for wrong', (name, text) => {
    expect(readOption(option(name), text)).toEqual({ state: 'wrong' });
  });

  it('is found by any word of its name, symbol or sentence', () => {
    const names = (search: string) =>
      findOptions(runOptionTable, search, ({ effect }) => effect).map(({ name }) => name);
    expect(names('')).toHaveLength(runOptionTable.length);
    expect(names('focal')).toEqual(['focalGamma']);
    expect(names('language model dropout')).toEqual(['lmDropMultiplier']);
    expect(names('fit_one_cycle(moms)')).toEqual(['momentums']);
  });
});

describe('the panel of all options', () => {
  async function openPanel() {
    const panel = page.show(OptionsPanel);
    const details = panel.get('details');
    (details.element as HTMLDetailsElement).open = true;
    await details.trigger('toggle');
    return panel;
  }

  it('holds every option of the engine with its sentence and what is usual', async () => {
    const panel = await openPanel();
    for (const { name, effect } of runOptionTable) {
      const row = panel.get(`[data-testid="option-${name}"]`);
      expect(row.text()).toContain(effect);
      expect(row.text()).toContain('Usually');
    }
  });

  it('marks what is changed, shows only that on demand, resets one and all, and takes a reset back', async () => {
    const panel = await openPanel();
    const training = useTrainingStore();
    await panel.get('#option-lmRate').setValue('0,01');
    await panel.get('#option-direction').setValue('both');
    expect(training.request.options).toEqual({ lmRate: 0.01, direction: 'both' });
    expect(panel.get('[data-testid="option-lmRate"]').classes()).toContain('changed');
    await panel.get('[data-testid="options-show-changed"]').trigger('click');
    expect(panel.findAll('.option')).toHaveLength(2);
    await panel.get('[data-testid="option-reset-lmRate"]').trigger('click');
    expect(training.request.options).toEqual({ direction: 'both' });
    await panel.get('[data-testid="options-reset-all"]').trigger('click');
    expect(training.request.options).toEqual({});
    await panel.get('[data-testid="options-undo-reset"]').trigger('click');
    expect(training.request.options).toEqual({ direction: 'both' });
  });

  it('says what it expected while a value does not fit, and does not let a run start', async () => {
    await useProjectStore().loadCurrent();
    const setup = page.show(TrainingSetup);
    const details = setup.get('.panel');
    (details.element as HTMLDetailsElement).open = true;
    await details.trigger('toggle');
    const field = setup.get<HTMLInputElement>('#option-layers');
    await field.setValue('0');
    expect(setup.get('[role="alert"]').text()).toBe('Expected a whole number from 1 to 12.');
    expect(field.attributes('aria-invalid')).toBe('true');
    const start = setup.get('[data-testid="train-start"]');
    expect(start.attributes('disabled')).toBeDefined();
    await field.setValue('3');
    expect(setup.find('[role="alert"]').exists()).toBe(false);
    expect(start.attributes('disabled')).toBeUndefined();
    expect(useTrainingStore().request.options).toEqual({ layers: 3 });
  });

  it('keeps what is being typed: 0.0 may become 0.01', async () => {
    const panel = await openPanel();
    const field = panel.get<HTMLInputElement>('#option-labelSmoothing');
    await field.setValue('0.0');
    expect(field.element.value).toBe('0.0');
    await field.setValue('0.05');
    useTrainingStore().setOption('labelSmoothing', 0.2);
    await settle(2);
    expect(field.element.value).toBe('0.2');
  });
});

describe('the plan', () => {
  it('comes at once from the usual speed, then timed', async () => {
    await new Promise((done) => setTimeout(done, 350)); // what tests before have changed is planned by now
    page = openPage('labelled');
    await useProjectStore().loadCurrent();
    const { plan } = await import('./harness/fake-run');
    page.fake.handlers['training.plan'] = ({ timed }) => ({ ...plan, ...(timed ? { timed: true } : {}) });
    const setup = page.show(TrainingSetup);
    await settle();
    expect(callsOf('training.plan').map((request) => (request as { timed: boolean }).timed)).toEqual([false, true]);
    expect(setup.get('[data-testid="train-plan-timed"]').text()).toContain('Timed on this machine');
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
    const [jobs, finder] = [useJobsStore(), useRateFinderStore()];
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
    expect(useTrainingStore().options).toEqual({ classifierRate: 0.0031 });
    expect(panel.get('[data-testid="finder-use-valley"]').text()).toContain('In use');
  });
});

describe('the queue', () => {
  it('lists what waits, moves and removes it', async () => {
    const jobs = useJobsStore();
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
    const [jobs, run] = [useJobsStore(), useRunStore()];
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
    await useRunStore().load();
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
      expect.stringContaining('lmDiscriminative'),
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

  it('takes the settings of a run over for a new one', async () => {
    const tab = await showRuns();
    await tab.findAll('[data-testid="run-again"]')[1]?.trigger('click');
    expect(useTrainingStore().request).toMatchObject({ seed: 4, options: { lmDiscriminative: 2.6 } });
    expect(tab.emitted('again')).toHaveLength(1);
  });

  it('names no difference where there is none', () => {
    expect(runDifferences([finishedRun(labels), finishedRun(labels)])).toEqual([]);
  });
});

describe('what a run tells while it learns', () => {
  it('shows texts, newest first, and errors with their rows', async () => {
    const run = useRunStore();
    useJobsStore().onJob(job('a', 'running'));
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
      'Your model',
      'The network alone',
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
    await useProjectStore().loadCurrent();
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
