import { AppError } from '../../shared/errors';
import { UNLABELLED, type LabelBook } from './label-book';
import type { LabelAction, NameEvent, RowEvents } from './label-events';

/** Sets of labels that no row has had before, by the number they will have. */
export type NewSets = ReadonlyMap<number, readonly number[]>;

/** A change that is worked out but not made yet. */
export interface PlannedAction {
  readonly action: LabelAction;
  readonly newSets: NewSets;
}

/** What becomes of a row's labels: ids in, ids out; null for a row without labels, before and after. */
export type Relabelling = (labels: readonly number[] | null) => readonly number[] | null;

/** An action that changes nothing. */
export const NO_ACTION: PlannedAction = { action: { rows: [], names: [] }, newSets: new Map() };

/**
 * Works out what a change of labels does to rows. Each different set of labels is looked at once, so that a million
 * rows are one pass over two arrays.
 *
 * @param rowIds ascending; null for all rows
 */
export function planRelabelling(
  book: LabelBook,
  rowIds: Int32Array | null,
  relabelling: Relabelling,
  names: readonly NameEvent[] = [],
): PlannedAction {
  const newSets = new Map<number, readonly number[]>();
  const numberOfNew = new Map<string, number>();
  const becomes = new Map<number, number>();
  const resultOf = (set: number): number => {
    const labels = relabelling(set === UNLABELLED ? null : book.labelsOf(set));
    if (labels === null) return UNLABELLED;
    const sorted = [...new Set(labels)].sort((a, b) => a - b);
    const known = book.findSet(sorted) ?? numberOfNew.get(sorted.join(','));
    if (known !== undefined) return known;
    const fresh = book.setCount + newSets.size;
    newSets.set(fresh, sorted);
    numberOfNew.set(sorted.join(','), fresh);
    return fresh;
  };
  const count = rowIds?.length ?? book.rows;
  const changed = new Int32Array(count);
  const values = new Int32Array(count);
  const previous = new Int32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) {
    const row = rowIds?.[i] ?? i;
    const before = book.setOf(row);
    let after = becomes.get(before);
    if (after === undefined) becomes.set(before, (after = resultOf(before)));
    if (after === before) continue;
    changed[length] = row;
    values[length] = after;
    previous[length++] = before;
  }
  const rows: RowEvents[] =
    length === 0
      ? []
      : [
          {
            kind: 'set',
            rowIds: changed.slice(0, length),
            values: values.slice(0, length),
            previous: previous.slice(0, length),
          },
        ];
  return { action: { rows, names }, newSets };
}

/**
 * The label of this name: the one there is, or a new one with the event that adds it.
 * @throws AppError `bad-input` for an empty name
 */
export function existingOrNew(book: LabelBook, wanted: string): { readonly id: number; readonly names: NameEvent[] } {
  const name = labelName(wanted);
  const known = book.find(name);
  if (known && !known.removed) return { id: known.id, names: [] };
  const id = known?.id ?? book.labelCount;
  return { id, names: [{ kind: 'add', id, name, previousName: '' }] };
}

/** The id of a label in use. @throws AppError `bad-input` for an unknown one */
export function labelIdOf(book: LabelBook, name: string): number {
  const label = book.find(name);
  if (label && (!label.removed || book.countOf(label.id) > 0)) return label.id;
  throw new AppError('bad-input', `There is no label "${name}".`, {
    hint: 'Add it first.',
    data: { got: name },
    says: { sentence: 'noLabel', label: name },
  });
}

/** A label's name without spaces around it. @throws AppError `bad-input` for an empty one */
export function labelName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '') return trimmed;
  throw new AppError('bad-input', 'Expected a name for the label, got an empty one.', {
    hint: 'Type a name.',
    says: { sentence: 'labelName' },
  });
}

/** Several labels become one. */
export function planMerge(book: LabelBook, labels: readonly string[], into: string): PlannedAction {
  const target = existingOrNew(book, into);
  const gone = new Set(labels.map((name) => labelIdOf(book, name)));
  gone.delete(target.id);
  if (gone.size === 0) return NO_ACTION;
  const names = [...target.names, ...[...gone].map((id) => removal(book, id))];
  return planRelabelling(
    book,
    null,
    (ids) => (ids?.some((id) => gone.has(id)) ? [...ids.filter((id) => !gone.has(id)), target.id] : ids),
    names,
  );
}

/** Some rows of a label get another one in its place. */
export function planSplit(book: LabelBook, label: string, into: string, rowIds: Int32Array | null): PlannedAction {
  const from = labelIdOf(book, label);
  const target = existingOrNew(book, into);
  if (target.id === from) return NO_ACTION;
  return planRelabelling(
    book,
    rowIds,
    (ids) => (ids?.includes(from) ? [...ids.filter((id) => id !== from), target.id] : ids),
    target.names,
  );
}

/** A label goes; rows that had no other are unlabelled then. */
export function planRemoval(book: LabelBook, label: string): PlannedAction {
  const id = labelIdOf(book, label);
  const without: Relabelling = (ids) => {
    if (!ids?.includes(id)) return ids;
    const rest = ids.filter((other) => other !== id);
    return rest.length === 0 ? null : rest;
  };
  return planRelabelling(book, null, without, [removal(book, id)]);
}

/** Rows get exactly these labels, these as well, or all but these. @throws AppError `bad-input` for an unknown label */
export function planRows(
  book: LabelBook,
  rowIds: Int32Array | null,
  names: readonly string[],
  mode: 'replace' | 'add' | 'remove',
): PlannedAction {
  const labels = names.map((name) => labelIdOf(book, name));
  if (mode === 'replace') return planRelabelling(book, rowIds, () => (labels.length === 0 ? null : labels));
  if (mode === 'add') return planRelabelling(book, rowIds, (ids) => [...(ids ?? []), ...labels]);
  return planRelabelling(book, rowIds, (ids) => {
    if (!ids?.some((id) => labels.includes(id))) return ids;
    const rest = ids.filter((id) => !labels.includes(id));
    return rest.length === 0 ? null : rest;
  });
}

function removal(book: LabelBook, id: number): NameEvent {
  return { kind: 'remove', id, name: book.name(id), previousName: '' };
}
