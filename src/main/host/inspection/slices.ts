import { detectLanguage } from '../../../engine/text/detect-language';
import { lengthSlice, sliceFigures, valueSlices, type SliceKey } from '../../../engine/inspect/slices';
import { AppError } from '../../../shared/errors';
import { sliceByColumn, sliceByLanguage, sliceByLength, type Slices } from '../../../shared/inspect-types';
import type { OpenProject } from '../open-project';
import type { HeldOut } from './held-out';
import { measuredOutcomes, measuredSide, measuredSplit } from './held-out-outcomes';
import type { ListedRow } from './row-lists';

/** Rows whose texts are read at a time. */
const rowsInOneGo = 2000;

/** Accuracy of the measured rows by their length, language, or a column of the data. */
export async function slicesOf(project: OpenProject, heldOut: HeldOut, by: string): Promise<Slices> {
  const keys = await sliceKeys(project, heldOut, by);
  const { right } = measuredOutcomes(heldOut, heldOut.used);
  const baseline = measuredOutcomes(heldOut, 'baseline').right;
  return {
    runId: heldOut.run.id,
    by,
    split: heldOut.comparison.split,
    n: keys.length,
    right: right.reduce((sum, each) => sum + each, 0),
    columns: await project.store.cells.columns(),
    slices: sliceFigures(keys, right, baseline),
  };
}

/** The rows of one slice, all or only those that the classifier gets wrong. */
export async function sliceRows(
  project: OpenProject,
  heldOut: HeldOut,
  { by, key, wrong }: { readonly by: string; readonly key: string; readonly wrong: boolean },
): Promise<ListedRow[]> {
  const keys = await sliceKeys(project, heldOut, by);
  const split = measuredSplit(heldOut);
  const side = measuredSide(heldOut);
  const { right } = measuredOutcomes(heldOut, heldOut.used);
  return keys.flatMap((own, place) =>
    own.key === key && !(wrong && right[place] === 1) ? [{ side, split, place, suggestion: null }] : [],
  );
}

/** The slice of each measured row. @throws AppError `bad-input` for a way of parting that does not exist */
async function sliceKeys(project: OpenProject, heldOut: HeldOut, by: string): Promise<SliceKey[]> {
  const { rows } = measuredSplit(heldOut);
  if (by.startsWith(sliceByColumn)) {
    return valueSlices(await project.store.cells.values(rows, by.slice(sliceByColumn.length)));
  }
  if (by === sliceByLength) return byText(project, rows, lengthSlice);
  if (by === sliceByLanguage) {
    return byText(project, rows, (text) => {
      const { language, certain } = detectLanguage([text]);
      return { key: certain ? language : '', range: null };
    });
  }
  throw new AppError('bad-input', `Expected slices by length, language or column:NAME, got "${by}".`, { data: { by } });
}

async function byText(project: OpenProject, rows: Int32Array, keyOf: (text: string) => SliceKey): Promise<SliceKey[]> {
  const keys: SliceKey[] = [];
  for (let start = 0; start < rows.length; start += rowsInOneGo) {
    const fields = await project.store.cells.fields(rows.subarray(start, start + rowsInOneGo));
    for (const texts of fields) keys.push(keyOf(texts.join('\n')));
  }
  return keys;
}
