import { rowLosses } from '../../../engine/evaluate/top-losses';
import { uncertainty } from '../../../engine/evaluate/uncertainty';
import { answersOf, sameLabels, truthOf } from '../../../engine/inspect/outcomes';
import type { HeldOutSide, InspectedRow, InspectedRows, RowList } from '../../../shared/inspect-types';
import { rankLabels } from '../../../engine/evaluate/decide-labels';
import type { OpenProject } from '../open-project';
import { doubtedPlaces } from './doubted-rows';
import type { HeldOut, HeldOutSplit } from './held-out';
import { answerOptions, measuredSide, measuredSplit, splitsOf } from './held-out-outcomes';

/** A held-out row of a list, before it is read from the store. */
export interface ListedRow {
  readonly side: 'valid' | 'test';
  readonly split: HeldOutSplit;
  readonly place: number; // in the split
  readonly suggestion: readonly number[] | null;
}

/** All rows of a list in its order. */
export interface RowPlaces {
  readonly rows: readonly ListedRow[];
  /** Doubted labels: how many wrong ones are to be expected; null where the doubter is wrong too often to say. */
  readonly estimates: { readonly valid: number; readonly test: number } | null;
}

/** Labels shown of each row. */
const SHOWN = 5;

/** The rows of the lists that need nothing but the run itself. */
export function listedRows(heldOut: HeldOut, list: Exclude<RowList, { kind: 'slice' | 'changed' }>): RowPlaces {
  switch (list.kind) {
    case 'cell':
      return { rows: cellRows(heldOut, list.actual, list.predicted), estimates: null };
    case 'doubted':
      return doubtedPlaces(heldOut);
    case 'confident-errors':
      return { rows: ranked(heldOut, errorConfidence), estimates: null };
    case 'top-losses':
      return { rows: ranked(heldOut, losses), estimates: null };
    case 'uncertain':
      return { rows: ranked(heldOut, doubts), estimates: null };
  }
}

/** The rows of one side of a list from `offset` on, as they are now and with what the run says of them. */
export async function inspectRows(
  project: OpenProject,
  heldOut: HeldOut,
  places: RowPlaces,
  side: HeldOutSide,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<InspectedRows> {
  const listed = side === 'both' ? places.rows : places.rows.filter((row) => row.side === side);
  const page = listed.slice(offset, offset + limit);
  const now = await project.store.rowsByIds(page.map(({ split, place }) => split.rows[place] ?? -1));
  const byId = new Map(now.map((row) => [row.id, row]));
  const rows = page.flatMap((one): InspectedRow[] => {
    const row = byId.get(one.split.rows[one.place] ?? -1);
    return row ? [{ row, split: one.side, ...saidOf(heldOut, one) }] : [];
  });
  const test = places.rows.reduce((sum, one) => sum + Number(one.side === 'test'), 0);
  const { estimates } = places;
  const estimate = estimates && (side === 'both' ? estimates.valid + estimates.test : estimates[side]);
  return { total: listed.length, sides: { valid: places.rows.length - test, test }, estimate, rows };
}

function saidOf(heldOut: HeldOut, { split, place, suggestion }: ListedRow): Omit<InspectedRow, 'row' | 'split'> {
  const { labels, multiLabel, used } = heldOut;
  const classes = labels.length;
  const names = (ids: readonly number[]): string[] => ids.map((id) => labels[id] ?? '');
  const own = split.final.subarray(place * classes, (place + 1) * classes);
  const truth = truthOf(split.truth, place);
  const one = { offsets: Int32Array.of(0, truth.length), labels: Int32Array.from(truth) };
  return {
    truth: names(truth),
    predicted: names(answersOf(split.final, place, answerOptions(heldOut, used))),
    scores: rankLabels(own, 0, labels).slice(0, SHOWN),
    loss: truth.length === 0 && !multiLabel ? 0 : (rowLosses(own, one, classes, { multiLabel })[0] ?? 0),
    uncertainty: uncertainty(own, 1, classes, { multiLabel })[0] ?? 0,
    suggestion: suggestion && names(suggestion),
  };
}

function cellRows(heldOut: HeldOut, actual: string, predicted: string): ListedRow[] {
  const split = measuredSplit(heldOut);
  const options = answerOptions(heldOut, heldOut.used);
  const [a, p] = [heldOut.labels.indexOf(actual), heldOut.labels.indexOf(predicted)];
  const side = measuredSide(heldOut);
  const rows: ListedRow[] = [];
  for (let place = 0; place < split.rows.length; place++) {
    if (!truthOf(split.truth, place).includes(a) || !answersOf(split.final, place, options).includes(p)) continue;
    rows.push({ side, split, place, suggestion: null });
  }
  return rows;
}

/** By row what a list goes by, highest first; NaN leaves a row out. */
type Rank = (heldOut: HeldOut, split: HeldOutSplit) => ArrayLike<number>;

function ranked(heldOut: HeldOut, rank: Rank): ListedRow[] {
  const rows = splitsOf(heldOut).flatMap(({ name: side, split }) => {
    const values = rank(heldOut, split);
    return Array.from(split.rows.keys(), (place) => ({ side, split, place, suggestion: null, value: values[place] ?? NaN })); // prettier-ignore
  });
  return rows.filter(({ value }) => !Number.isNaN(value)).sort((a, b) => b.value - a.value);
}

/** How sure a wrong answer is; several labels: how sure the most certain wrong yes or no is. */
const errorConfidence: Rank = (heldOut, { final, truth, rows }) => {
  const options = answerOptions(heldOut, heldOut.used);
  const { classes, multiLabel } = options;
  return Float64Array.from(rows.keys(), (place) => {
    const [own, given] = [truthOf(truth, place), answersOf(final, place, options)];
    if (sameLabels(own, given)) return NaN;
    const at = (label: number): number => final[place * classes + label] ?? 0;
    const wrong = given.filter((label) => !own.includes(label)).map(at);
    const missed = multiLabel ? own.filter((label) => !given.includes(label)).map((label) => 1 - at(label)) : [];
    return Math.max(...wrong, ...missed);
  });
};

const losses: Rank = ({ labels, multiLabel }, { final, truth }) =>
  rowLosses(final, truth, labels.length, { multiLabel });

const doubts: Rank = ({ labels, multiLabel }, { final, rows }) =>
  uncertainty(final, rows.length, labels.length, { multiLabel });
