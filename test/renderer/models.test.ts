// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { subscribe } from '../../src/renderer/app/engine-client';
import LanguageNotice from '../../src/renderer/features/models/LanguageNotice.vue';
import ModelsPanel from '../../src/renderer/features/models/ModelsPanel.vue';
import { useErrorsStore } from '../../src/renderer/stores/errors-store';
import { useModelsStore } from '../../src/renderer/stores/models-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import { openPage, settle, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(() => {
  page = openPage('labelled');
});

async function panel() {
  const models = useModelsStore();
  subscribe('modelDownload', models.onProgress, (error) => {
    throw error;
  });
  await useProjectStore().loadCurrent();
  models.show();
  const shown = page.show(ModelsPanel);
  await settle();
  return shown;
}

describe('the panel of language models', () => {
  it('tells installed models from those that can be fetched, with size, language and licence', async () => {
    const shown = await panel();
    const shipped = shown.get('[data-testid="model-en-forward"]').text();
    expect(shipped).toContain('English');
    expect(shipped).toContain('perplexity 121.1 per word');
    expect(shipped).toContain('Ships with Thaw');
    const german = shown.get('[data-testid="model-multifit-de"]').text();
    expect(german).toContain('German');
    expect(german).toContain('15,000 sub-words');
    expect(german).toContain('MIT; CC BY-SA 3.0 (Wikipedia)');
    expect(german).toContain('about 104 MB');
  });

  it('fetches nothing before a click that names the server and the size', async () => {
    const shown = await panel();
    const card = shown.get('[data-testid="model-fastai-wt103-bwd"]');
    await card.get('[data-testid="model-download"]').trigger('click');
    await settle();
    expect(useModelsStore().downloads.size).toBe(0);
    const sure = card.get('[data-testid="model-download-sure"]');
    expect(sure.text()).toContain('s3.amazonaws.com');
    expect(sure.text()).toContain('105 MB');
    expect(document.activeElement?.contains(sure.element)).toBe(true);
    await sure.trigger('click');
    await settle();
    expect(card.get('[data-testid="model-progress"]').text()).toBe('31 MB of 105 MB · 42 seconds left');
    expect(card.get('[role="progressbar"]').attributes('aria-valuenow')).toBe('29');
    await card.get('[data-testid="model-cancel"]').trigger('click');
    await settle();
    expect(shown.get('[data-testid="model-fastai-wt103-bwd"]').text()).toContain('31 MB of 105 MB are here already');
  });

  it('says where a download failed, and leaves it to be tried again', async () => {
    const shown = await panel();
    const error = { code: 'network', message: 'github.com cannot be reached: its name is not known here.' };
    useModelsStore().onProgress({
      id: 'multifit-de',
      state: 'failed',
      done: 0,
      total: null,
      secondsLeft: null,
      error,
    });
    await settle();
    const card = shown.get('[data-testid="model-multifit-de"]');
    expect(card.get('[role="alert"]').text()).toBe(error.message);
    expect(card.find('[data-testid="model-download"]').exists()).toBe(true);
  });

  it('takes in files of a person’s own, chooses the model for the next run, and removes it', async () => {
    const shown = await panel();
    await shown.get('[data-testid="models-import-open"]').trigger('click');
    const submit = () => shown.get('[data-testid="import-submit"]');
    expect(submit().attributes('disabled')).toBeDefined();
    await shown.get('[data-testid="import-name"]').setValue('Ours');
    await shown.get('[data-testid="import-weights"]').setValue('/data/lm.pth');
    await shown.get('[data-testid="import-vocabulary"]').setValue('/data/itos.pkl');
    await shown.get('[data-testid="import-language"]').setValue('de');
    expect(submit().attributes('disabled')).toBeUndefined();
    await shown.get('[data-testid="models-import"]').trigger('submit');
    await settle();
    expect(shown.get('[role="status"]').text()).toBe('Ours is installed.');
    await shown.get('[data-testid="model-ours"] [data-testid="model-use"]').trigger('click');
    const training = useTrainingStore();
    expect(training.request.pretrained).toBe('/home/someone/.local/share/thaw/models/ours');
    await shown.get('[data-testid="model-ours"] [data-testid="model-remove"]').trigger('click');
    await shown.get('[data-testid="model-remove-sure"]').trigger('click');
    await settle();
    expect(training.request.pretrained).toBeUndefined();
    expect(useErrorsStore().newest).toBeNull();
  });
});

describe('texts in a language that the model has not read', () => {
  it('are said in the words of the window, with the two ways out', async () => {
    const mismatch = { model: 'en-forward', read: 'en', texts: 'de', fitting: ['multifit-de'] };
    const notice = page.show(LanguageNotice, { mismatch });
    expect(notice.text()).toContain('The texts are in German, but the language model en-forward has only read English');
    await notice.get('[data-testid="mismatch-scratch"]').trigger('click');
    expect(useTrainingStore().request.pretrained).toBeNull();
    await notice.get('[data-testid="mismatch-models"]').trigger('click');
    expect(useModelsStore().open).toBe(true);
  });
});
