import type { LabelInfo } from '../../../shared/data-types';

/**
 * Labels that what was typed may mean, best first: names that begin with it, then words within names that do, then
 * names that hold it. Case, accents and the signs between words do not matter. Nothing typed: all, as they are.
 */
export function findLabels(labels: readonly LabelInfo[], typed: string): readonly LabelInfo[] {
  const wanted = plain(typed).trim();
  if (wanted === '') return labels;
  const ranked = labels.flatMap((label) => {
    const name = plain(label.name);
    const at = name.indexOf(wanted);
    if (at < 0) return [];
    return [{ label, rank: at === 0 ? 0 : name[at - 1] === ' ' ? 1 : 2 }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ label }) => label);
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[_\-./\s]+/g, ' ');
}
