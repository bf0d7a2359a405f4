import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Response } from '../../shared/contract';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { useRunStore } from './run-store';

/** Where the classifier is written to, and what was written. */
export const useExportStore = defineStore('export', () => {
  const errors = useErrorsStore();
  const run = useRunStore();
  const folder = ref('');
  /** With ONNX and JavaScript, for programs other than Thaw. */
  const onnx = ref(true);
  const writing = ref(false);
  const result = shallowRef<Response<'export.model'> | null>(null);
  /** The run whose classifier was written. */
  const written = ref<string | null>(null);
  /** The project has another classifier than the one that was written. */
  const isOld = computed(() => result.value !== null && written.value !== run.currentId);

  async function write(): Promise<void> {
    if (folder.value.trim() === '') return;
    writing.value = true;
    written.value = run.currentId;
    result.value = await errors.guard(
      () => call('export.model', { folder: folder.value.trim(), onnx: onnx.value }),
      true,
    );
    writing.value = false;
  }

  function clear(): void {
    folder.value = '';
    result.value = null;
  }

  return { folder, onnx, writing, result, isOld, write, clear };
});
