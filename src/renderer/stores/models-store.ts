import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Request } from '../../shared/contract';
import type { ModelInfo, ModelList, ModelProgress } from '../../shared/model-types';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';

/** The language models there are, and downloads that go on. */
export const useModelsStore = defineStore('models', () => {
  const errors = useErrorsStore();
  const open = ref(false);
  const list = shallowRef<ModelList | null>(null);
  /** How the last download of each model stands; one that is done leaves. */
  const downloads = shallowRef<ReadonlyMap<string, ModelProgress>>(new Map());
  const importing = ref(false);

  const installed = computed(() => (list.value?.models ?? []).filter((model) => model.installed));
  const toBeHad = computed(() => (list.value?.models ?? []).filter((model) => !model.installed));

  async function load(): Promise<void> {
    const answer = await errors.guard(() => call('models.list', {}), true);
    if (answer === null) return;
    list.value = answer;
    for (const progress of answer.downloads) keep(progress);
  }

  function show(): void {
    open.value = true;
    void load();
  }

  function hide(): void {
    open.value = false;
  }

  function keep(progress: ModelProgress | null, id = progress?.id ?? ''): void {
    const next = new Map(downloads.value);
    if (progress === null || progress.state === 'done') next.delete(id);
    else next.set(id, progress);
    downloads.value = next;
  }

  function onProgress(progress: ModelProgress): void {
    keep(progress);
    // The list says what is installed now, or how much an interrupted download has left.
    if (['done', 'failed', 'cancelled'].includes(progress.state) && list.value !== null) void load();
  }

  async function download(id: string, trustNew = false): Promise<void> {
    keep(null, id);
    await errors.guard(() => call('models.download', { id, trustNew }));
  }

  async function cancel(id: string): Promise<void> {
    await errors.guard(() => call('models.cancel', { id }));
  }

  async function remove(id: string): Promise<void> {
    await errors.guard(() => call('models.remove', { id }));
    keep(null, id);
    await load();
  }

  /** @returns what was made; null where it failed, which the panel for errors shows */
  async function importOwn(request: Request<'models.import'>): Promise<ModelInfo | null> {
    importing.value = true;
    const answer = await errors.guard(() => call('models.import', request), true);
    importing.value = false;
    if (answer === null) return null;
    await load();
    return answer.model;
  }

  return { open, list, downloads, importing, installed, toBeHad, load, show, hide, onProgress, download, cancel, remove, importOwn }; // prettier-ignore
});
