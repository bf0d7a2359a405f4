import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Row } from '../../shared/data-types';
import type { Comparison, Prediction } from '../../shared/training-types';
import { debounce } from '../app/debounce';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';

/** One cell of the confusion matrix, by its labels. */
export interface Cell {
  readonly actual: string;
  readonly predicted: string;
}

const rowsAtOnce = 50;
const tryDelay = 120;

/** How good the classifier is, the rows behind each figure, and the try-it box. */
export const useInspectStore = defineStore('inspect', () => {
  const errors = useErrorsStore();
  const comparison = shallowRef<Comparison | null>(null);
  const loaded = ref(false);

  const cell = ref<Cell | null>(null);
  const cellRows = shallowRef<readonly Row[]>([]);
  const cellTotal = ref(0);
  const cellLoading = ref(false);

  const tryText = ref('');
  const tried = shallowRef<Prediction | null>(null);
  const trying = ref(false);

  async function load(): Promise<void> {
    comparison.value = await call('inspect.comparison', {});
    loaded.value = true;
  }

  async function loadCellRows(): Promise<void> {
    const wanted = cell.value;
    if (wanted === null || cellLoading.value) return;
    cellLoading.value = true;
    const offset = cellRows.value.length;
    const answer = await errors.guard(() => call('inspect.cell', { ...wanted, offset, limit: rowsAtOnce }), true);
    cellLoading.value = false;
    if (answer === null || cell.value !== wanted) return;
    cellRows.value = [...cellRows.value, ...answer.rows];
    cellTotal.value = answer.total;
  }

  async function openCell(next: Cell): Promise<void> {
    cell.value = next;
    cellRows.value = [];
    cellTotal.value = 0;
    cellLoading.value = false;
    await loadCellRows();
  }

  function closeCell(): void {
    cell.value = null;
    cellRows.value = [];
  }

  let asked = 0;
  async function predict(): Promise<void> {
    const mine = ++asked;
    const text = tryText.value.trim();
    if (text === '') {
      tried.value = null;
      trying.value = false;
      return;
    }
    trying.value = true;
    const answer = await errors.guard(() => call('predict.texts', { texts: [text] }));
    if (mine !== asked) return;
    trying.value = false;
    tried.value = answer?.[0] ?? null;
  }
  const predictSoon = debounce(() => void predict(), tryDelay);

  function setTryText(text: string): void {
    tryText.value = text;
    predictSoon();
  }

  function clear(): void {
    asked += 1;
    comparison.value = null;
    loaded.value = false;
    closeCell();
    tryText.value = '';
    tried.value = null;
  }

  return {
    comparison,
    loaded,
    load,
    cell,
    cellRows,
    cellTotal,
    cellLoading,
    openCell,
    closeCell,
    loadCellRows,
    tryText,
    tried,
    trying,
    setTryText,
    clear,
  };
});
