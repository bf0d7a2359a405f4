// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findOptions, readOption } from '../../src/renderer/features/language-model/option-input';
import OptionsPanel from '../../src/renderer/features/language-model/OptionsPanel.vue';
import TrainingSetup from '../../src/renderer/features/language-model/TrainingSetup.vue';
import { en } from '../../src/renderer/locales/en/en';
import { messages } from '../../src/renderer/locales/messages';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import { runOptionTable } from '../../src/shared/run-options';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeAll(stubCanvas);
beforeEach(() => {
  page = openPage('labelled');
  document.body.innerHTML = '';
});

const option = (name: string) => {
  const found = runOptionTable.find((one) => one.name === name);
  if (found === undefined) throw new Error(`Expected an option ${name}.`);
  return found;
};

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

  it('holds every option of the engine by a plain name, with its sentence, what is usual, and its name in files', async () => {
    const panel = await openPanel();
    for (const { name } of runOptionTable) {
      const row = panel.get(`[data-testid="option-${name}"]`);
      expect(row.get('label').text()).toBe(en.options.titles[name]);
      expect(row.text()).toContain(en.options.of[name].effect);
      expect(row.text()).toContain('Usually');
      expect(row.get('code').text()).toBe(name);
    }
  });

  it.each(['en', 'de', 'fr'] as const)(
    'in %s calls every named value by words, and none by its name in files',
    (id) => {
      const { choices, of } = messages[id].options;
      const named: Readonly<Record<string, Readonly<Record<string, string>>>> = choices;
      const names = runOptionTable.map(({ name }) => name).filter((name) => /[A-Z]/.test(name));
      for (const { name, control } of runOptionTable) {
        const values = control.kind === 'choice' ? control.choices : [];
        expect(Object.keys(named[name] ?? {}).sort(), name).toEqual([...values].sort());
        for (const said of [of[name].effect, control.kind === 'choice' ? '' : of[name].usual])
          expect(said).not.toMatch(new RegExp(`\\b(${[...names, 'nt-asgd', 'sgd-momentum'].join('|')})\\b`));
      }
    },
  );

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
