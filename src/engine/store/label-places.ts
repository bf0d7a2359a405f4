import type { LabelBook } from './label-book';
import { labelIdOf } from './label-actions';
import type { NameEvent } from './label-events';

/** How a place is written in an event; empty: none. */
export function placeText(place: number | null): string {
  return place === null ? '' : String(place);
}

/** A place out of an event. */
export function placeOf(text: string): number | null {
  return text === '' ? null : Number(text);
}

/**
 * Puts a label at another place of the list, so that it gets that place's key. All others keep their order.
 *
 * @param place from 0; beyond the end: the last
 * @throws AppError `bad-input` for an unknown label
 */
export function planMove(book: LabelBook, name: string, place: number): NameEvent[] {
  const id = labelIdOf(book, name);
  const others = book
    .offered()
    .map((label) => label.id)
    .filter((other) => other !== id);
  return placing(book, [...others.slice(0, place), id, ...others.slice(place)]);
}

/** The events that give labels the places of this list; those that have theirs already need none. */
export function placing(book: LabelBook, ids: readonly number[]): NameEvent[] {
  return ids.flatMap((id, place): NameEvent[] => {
    const before = book.wordsOf(id).place;
    return before === place ? [] : [{ kind: 'place', id, name: placeText(place), previousName: placeText(before) }];
  });
}
