import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Response } from '../../shared/contract';
import type { ExportContents, PastExport } from '../../shared/export-types';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { useRunStore } from './run-store';

/** Where the classifier is written to, what that would be, what was written, and what was written before. */
export const useExportStore = defineStore('export', () => {
  const errors = useErrorsStore();
  const run = useRunStore();
  const folder = ref('');
  /** With ONNX and JavaScript, for programs other than Thaw; wished for, as not every classifier can. */
  const onnx = ref(true);
  const writing = ref(false);
  const result = shallowRef<Response<'export.model'> | null>(null);
  /** The run whose classifier was written. */
  const written = ref<string | null>(null);
  /** The project has another classifier than the one that was written. */
  const isOld = computed(() => result.value !== null && written.value !== run.currentId);

  const contents = shallowRef<ExportContents | null>(null);
  const past = shallowRef<readonly PastExport[]>([]);
  /** Of the exports that are still there the one whose use is shown. */
  const chosen = ref<string | null>(null);
  const usable = computed(() => past.value.filter(({ facts }) => facts !== null));
  const shown = computed(() => usable.value.find((one) => one.folder === chosen.value) ?? usable.value[0] ?? null);
  const canOnnx = computed(() => contents.value?.onnx !== null);
  /** The files of an export as it is set now. */
  const planned = computed(() => {
    if (contents.value === null) return [];
    return [...contents.value.files, ...(onnx.value ? (contents.value.onnx ?? []) : [])];
  });

  /** A project that is left meanwhile has nothing to do with the answers. */
  let asked = 0;
  async function load(): Promise<void> {
    const own = ++asked;
    const answers = await errors.guard(() => Promise.all([call('export.contents', {}), call('export.past', {})]));
    if (answers === null || own !== asked) return;
    [contents.value, past.value] = answers;
  }

  async function write(): Promise<void> {
    if (folder.value.trim() === '') return;
    writing.value = true;
    written.value = run.currentId;
    const withOnnx = onnx.value && canOnnx.value;
    result.value = await errors.guard(
      () => call('export.model', { folder: folder.value.trim(), onnx: withOnnx }),
      true,
    );
    if (result.value !== null) {
      chosen.value = result.value.folder;
      await load();
    }
    writing.value = false;
  }

  function clear(): void {
    asked += 1;
    folder.value = '';
    result.value = null;
    contents.value = null;
    past.value = [];
    chosen.value = null;
  }

  return {
    folder,
    onnx,
    writing,
    result,
    isOld,
    contents,
    past,
    chosen,
    usable,
    shown,
    canOnnx,
    planned,
    load,
    write,
    clear,
  };
});
