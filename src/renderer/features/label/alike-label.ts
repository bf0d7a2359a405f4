import type { LabelInfo } from '../../../shared/data-types';
import { foldedName } from '../../../shared/label-names';

/** The first label that a new name would double but for case, accents, spaces or marks; null for none. */
export function alikeLabel(labels: readonly LabelInfo[], name: string): LabelInfo | null {
  const folded = foldedName(name);
  if (folded === '') return null;
  return labels.find((label) => label.name !== name.trim() && foldedName(label.name) === folded) ?? null;
}
