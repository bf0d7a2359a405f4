import type { LabelSetEffect, LabelSetEntry } from '../../shared/label-set';
import type { LabelBook } from './label-book';
import type { NameEvent } from './label-events';
import { placing } from './label-places';

/** The labels of a file, worked out on those there are. */
export interface PlannedLabelSet {
  readonly names: readonly NameEvent[];
  readonly effect: Omit<LabelSetEffect, 'file'>;
}

/**
 * Works out what taking over a set of labels does: unknown ones are added, known ones get the file's colour and
 * description where it has one, and all of them stand in the file's order before those that it does not name.
 *
 * @param entries of different names
 */
export function planLabelSet(book: LabelBook, entries: readonly LabelSetEntry[]): PlannedLabelSet {
  const names: NameEvent[] = [];
  const added: string[] = [];
  const changed: string[] = [];
  const ids: number[] = [];
  let fresh = book.labelCount;
  const before = book.offered().map(({ id }) => id);
  for (const { name, color, description } of entries) {
    const known = book.find(name);
    const id = known?.id ?? fresh++;
    ids.push(id);
    const isNew = !before.includes(id);
    if (isNew) {
      names.push({ kind: 'add', id, name, previousName: '' });
      added.push(name);
    }
    const old = book.wordsOf(id);
    const words = wordEvents(id, old, { color, description });
    names.push(...words);
    if (!isNew && words.length > 0) changed.push(name);
  }
  const rest = before.filter((id) => !ids.includes(id));
  const after = [...ids, ...rest];
  // Places are written only where the order would not come out by itself.
  const moved = after.filter((id) => before.includes(id)).some((id, i) => id !== before[i]);
  if (moved || rest.length > 0 || before.some((id) => book.wordsOf(id).place !== null))
    names.push(...placing(book, after));
  return { names, effect: { added, changed, moved, kept: rest.length } };
}

function wordEvents(
  id: number,
  old: { readonly description: string; readonly colour: string },
  { color, description }: Pick<LabelSetEntry, 'color' | 'description'>,
): NameEvent[] {
  const events: NameEvent[] = [];
  if (description !== undefined)
    events.push({ kind: 'describe', id, name: description.trim(), previousName: old.description });
  if (color !== undefined) events.push({ kind: 'colour', id, name: color.toLowerCase(), previousName: old.colour });
  return events.filter(({ name, previousName }) => name !== previousName);
}
