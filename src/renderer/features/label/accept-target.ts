import type { LabelInfo, Row } from '../../../shared/data-types';

/** What stands on the labelling screen when somebody accepts. */
export interface AcceptState {
  /** What was typed into the search for labels. */
  readonly typed: string;
  /** The labels that are shown: all, or what the search has found, best first. */
  readonly shown: readonly LabelInfo[];
  /** Labels that are ticked, where a row can have several. */
  readonly draft: readonly string[];
  /** What one key takes of the model's suggestions. */
  readonly suggested: readonly string[];
  /** All that the model has said about the row, best first. */
  readonly predicted: NonNullable<Row['predicted']>;
  readonly multiLabel: boolean;
}

/** What accepting does: choose a label, save the ticked ones, or take the suggestion. */
export type AcceptTarget =
  | { readonly kind: 'choose'; readonly label: string }
  | { readonly kind: 'save'; readonly labels: readonly string[] }
  | { readonly kind: 'suggested'; readonly labels: readonly string[] };

/**
 * What Enter takes, and so what its button says: what the search has found, else the ticked labels, else the suggestion.
 * A search that finds nothing takes nothing.
 *
 * @param place 0 for Enter, 1 for the second choice
 */
export function acceptTarget(state: AcceptState, place = 0): AcceptTarget | null {
  const { typed, shown, draft, suggested, predicted, multiLabel } = state;
  const known = (name: string | undefined): AcceptTarget | null =>
    name === undefined ? null : { kind: 'choose', label: name };
  if (typed.trim() !== '') return known(shown[place]?.name);
  if (multiLabel && draft.length > 0) return { kind: 'save', labels: draft };
  if (place === 0) return suggested.length === 0 ? null : { kind: 'suggested', labels: suggested };
  return known(predicted.filter(({ label }) => shown.some(({ name }) => name === label))[place]?.label);
}
