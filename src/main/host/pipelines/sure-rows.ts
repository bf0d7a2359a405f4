import { TopRows } from '../../../engine/evaluate/top-rows';
import { DEFAULT_THRESHOLD } from '../../../engine/evaluate/thresholds';
import { mostSaid, saidCharacters, type SaidRow } from '../../../shared/file-types';

/** One row's label that its certainty hangs on. */
interface Certainty {
  readonly label: number; // class id
  readonly probability: number; // of that label
  readonly sure: number; // higher is surer
}

/**
 * By which label a row is sure or unsure: one label a row, the most probable one; several, the one that is nearest to
 * its threshold. // row of [n, classes]
 */
export function certaintyOf(
  probabilities: Float32Array,
  row: number,
  classes: number,
  thresholds: readonly number[] | null,
): Certainty {
  let found: Certainty = { label: 0, probability: 0, sure: thresholds ? Infinity : -Infinity };
  for (let label = 0; label < classes; label++) {
    const probability = probabilities[row * classes + label] ?? 0;
    const sure = thresholds ? Math.abs(probability - (thresholds[label] ?? DEFAULT_THRESHOLD)) : probability;
    if (thresholds ? sure < found.sure : sure > found.sure) found = { label, probability, sure };
  }
  return found;
}

/** The beginning of a text, as it is told with a file's result. */
export function beginning(text: string): string {
  return text.length <= saidCharacters ? text : `${[...text.slice(0, 2 * saidCharacters)].slice(0, saidCharacters).join('')} …`; // prettier-ignore
}

/** The rows of a file that a classifier is surest and least sure of, found as they go by. */
export class SureRows {
  readonly #surest = new TopRows<SaidRow>(mostSaid);
  readonly #least = new TopRows<SaidRow>(mostSaid);

  take(certainty: Certainty, make: () => SaidRow): void {
    this.#surest.offer(certainty.sure, make);
    this.#least.offer(-certainty.sure, make);
  }

  /** Both lists, the most telling row first. */
  lists(): { readonly surest: SaidRow[]; readonly leastSure: SaidRow[] } {
    return { surest: this.#surest.rows(), leastSure: this.#least.rows() };
  }
}
