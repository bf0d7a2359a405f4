// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import RunNotes from '../../src/renderer/features/language-model/RunNotes.vue';
import TrainingPlanCard from '../../src/renderer/features/language-model/TrainingPlanCard.vue';
import { useNavigationStore } from '../../src/renderer/stores/navigation-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { applyEvent } from '../../src/renderer/stores/run-progress';
import { useRunStore } from '../../src/renderer/stores/run-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import { noteEvent } from '../../src/shared/note-words';
import type { PlanWarning } from '../../src/shared/run-notes';
import type { TrainingPlan } from '../../src/shared/training-types';
import { plan } from './harness/fake-run';
import { openPage, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(async () => {
  page = openPage('labelled');
  document.body.innerHTML = '';
  await useProjectStore(page.pinia).loadCurrent();
});
// A plan that is asked for after its test would make its own stores the active ones again.
afterEach(() => {
  useTrainingStore(page.pinia).clear();
});

function showPlan(warnings: PlanWarning[], more: Partial<TrainingPlan> = {}) {
  useTrainingStore(page.pinia).plan = { ...plan, ...more, warnings };
  return page.show(TrainingPlanCard, { enough: true });
}
const few: PlanWarning = { code: 'few-test-rows', n: 12, points: 18, testShare: 0.27 };

describe('the warnings of a plan', () => {
  it('stand apart from the reasons, and are not there where there are none', () => {
    const card = showPlan([few, { code: 'few-validation-rows', n: 12, needed: 100 }]);
    const notice = card.get('[data-testid="plan-warnings"]');
    expect(notice.findAll('li').map((item) => item.text())).toEqual([
      expect.stringMatching(/^Only 12 test texts measure the result: .* ±18 percentage points/),
      expect.stringMatching(/^Only 12 held-out texts: too few/),
    ]);
    expect(card.get('details').text()).not.toContain('test texts');
    expect(showPlan([]).find('[data-testid="plan-warnings"]').exists()).toBe(false);
  });

  it('offer each thing that helps once: label more, a larger test share', async () => {
    const card = showPlan([few, { code: 'small-classes', n: 1, fewest: 10, labels: ['rare (3)'] }]);
    expect(card.findAll('[data-testid="plan-warnings"] button')).toHaveLength(2);
    await card.get('[data-testid="plan-share"]').trigger('click');
    expect(useTrainingStore(page.pinia).testShare).toBe(0.27);
    await card.get('[data-testid="plan-label"]').trigger('click');
    expect(useNavigationStore(page.pinia).view).toBe('label');
  });

  it('lead to more texts where all have labels, and to the columns where these hold no labels', async () => {
    const project = useProjectStore(page.pinia);
    if (project.current) project.current = { ...project.current, labelled: project.current.rows };
    const navigation = useNavigationStore(page.pinia);
    await showPlan([{ ...few, testShare: null }])
      .get('[data-testid="plan-more-rows"]')
      .trigger('click');
    expect([navigation.view, navigation.part]).toEqual(['import', 'more']);
    const card = showPlan([{ code: 'labels-nearly-unique', labels: 1100, texts: 1200 }]);
    await card.get('[data-testid="plan-columns"]').trigger('click');
    expect([navigation.view, navigation.part]).toEqual(['import', 'overview']);
    expect(card.findAll('[data-testid="plan-warnings"] button')).toHaveLength(1);
  });

  it('set the time that would do', async () => {
    const card = showPlan([{ code: 'budget-too-small', minutes: 1, least: 3 }]);
    expect(card.get('[data-testid="plan-allow"]').text()).toBe('Allow 3 minutes');
    await card.get('[data-testid="plan-allow"]').trigger('click');
    expect(useTrainingStore(page.pinia).minutes).toBe(3);
  });
});

describe('the parts of a plan', () => {
  it('say how often texts are read as the reasons do, of the texts that are learned from', () => {
    const parts = () => card.findAll('.part').map((part) => part.text());
    let card = showPlan([]);
    expect(parts()[2]).toMatch(/with 4,000 labelled texts, 2 times over, thawing its layers in 4 steps/);
    const stages = plan.stages.map((one) => ({ ...one, epochs: one.epochs * 0.2 }));
    const reasons = [{ code: 'classifier-sees-part', texts: 4000, share: 0.4 } as const, 'A sentence of an earlier version.']; // prettier-ignore
    card = showPlan([], { stages, reasons });
    expect(parts()[1]).toMatch(/read about 60% of/);
    expect(parts()[2]).toMatch(/with about 40% of 4,000 labelled texts/);
    expect(card.get('.reasons').text()).toContain('A sentence of an earlier version.');
    card = showPlan([], { stages: plan.stages.map((one) => ({ ...one, epochs: 1 })) });
    expect(parts()[1]).toMatch(/, once\.\d/);
  });
});

describe('the notes of a run', () => {
  it('are said from their data, and those of earlier versions as they stand', async () => {
    const run = useRunStore(page.pinia);
    applyEvent(run.progress, { type: 'note', level: 'info', message: 'Stage x ends after 3 of 8 epochs.' });
    applyEvent(run.progress, noteEvent({ code: 'ended-early', stage: 'classifier-all' }));
    const notes = page.show(RunNotes);
    await nextTick();
    expect(notes.findAll('.note').map((note) => note.text())).toEqual([
      'Training ended early in the stage All layers, as you wished; the best weights so far are kept.',
      'Stage x ends after 3 of 8 epochs.',
    ]);
  });
});
