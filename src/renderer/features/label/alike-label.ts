import type { LabelInfo } from '../../../shared/data-types';

/** A name but for case, accents, spaces and marks; empty where it is made of nothing else. */
function bareName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** The first label that a new name would double but for case, accents, spaces or marks; null for none. */
export function alikeLabel(labels: readonly LabelInfo[], name: string): LabelInfo | null {
  const bare = bareName(name);
  if (bare === '') return null;
  return labels.find((label) => label.name !== name.trim() && bareName(label.name) === bare) ?? null;
}
