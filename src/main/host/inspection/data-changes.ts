import type { LabelCsr } from '../../../engine/evaluate/label-csr';
import { truthOf } from '../../../engine/inspect/outcomes';
import type { DataChanges } from '../../../shared/inspect-types';
import type { HeldOut } from './held-out';
import { splitsOf } from './held-out-outcomes';

/** What a run keeps of the rows that had a label as it began. */
type LabelledRun = Pick<HeldOut, 'labels' | 'train' | 'valid' | 'test'>;

/** Rows with the labels that a run knew them by. */
interface LabelledSide {
  readonly rows: Int32Array; // ids in the project
  readonly truth: LabelCsr;
}

/**
 * How the labelled rows of two runs differ, on all sides of the split. Runs keep their rows and labels, not their texts:
 * a text that was edited in between is not seen.
 */
export function dataChangesOf(before: LabelledRun, after: LabelledRun): DataChanges {
  const then = new Map<number, { readonly side: LabelledSide; readonly place: number }>();
  for (const side of sidesOf(before)) side.rows.forEach((row, place) => then.set(row, { side, place }));
  const had = then.size;
  let [relabelled, added, both] = [0, 0, 0];
  for (const side of sidesOf(after)) {
    side.rows.forEach((row, place) => {
      const known = then.get(row);
      if (!known) {
        added++;
        return;
      }
      both++;
      const [was, is] = [namesOf(before, known.side, known.place), namesOf(after, side, place)];
      if (was !== is) relabelled++;
    });
  }
  return {
    relabelled,
    added,
    gone: had - both,
    learnedBefore: before.train.rows.length,
    learnedAfter: after.train.rows.length,
  };
}

function sidesOf(heldOut: LabelledRun): LabelledSide[] {
  return [heldOut.train, ...splitsOf(heldOut).map(({ split }) => split)];
}

/** The labels of a row as one text. Label numbers cannot be compared: a run counts the labels that it knows. */
function namesOf({ labels }: LabelledRun, { truth }: LabelledSide, place: number): string {
  const names = truthOf(truth, place).map((label) => labels[label] ?? '');
  return names.length > 1 ? JSON.stringify(names.sort()) : (names[0] ?? '');
}
