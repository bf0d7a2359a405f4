import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Response } from '../../shared/contract';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';

/** Where the classifier is written to, and what was written. */
export const useExportStore = defineStore('export', () => {
  const errors = useErrorsStore();
  const folder = ref('');
  const writing = ref(false);
  const result = shallowRef<Response<'export.model'> | null>(null);

  async function write(): Promise<void> {
    if (folder.value.trim() === '') return;
    writing.value = true;
    result.value = await errors.guard(() => call('export.model', { folder: folder.value.trim() }), true);
    writing.value = false;
  }

  function clear(): void {
    folder.value = '';
    result.value = null;
  }

  return { folder, writing, result, write, clear };
});
