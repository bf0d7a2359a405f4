import type { Row } from '../../../shared/data-types';
import type { LabelChange, LabelEffect } from '../../../shared/label-types';

type RowsChange = Extract<LabelChange, { kind: 'rows' }>;

/** The labels that a row has after a change of many rows. */
export function labelsAfter(labels: readonly string[], { labels: chosen, mode }: RowsChange): readonly string[] {
  if (mode === 'replace') return chosen;
  if (mode === 'remove') return labels.filter((name) => !chosen.includes(name));
  return [...new Set([...labels, ...chosen])];
}

/**
 * What a change does when some of its rows are left out: the engine is asked once for all, and rows of the preview are
 * taken off here, so that unticking one waits for nothing.
 *
 * @param rows of the effect's examples, each one that the change would change
 */
export function leaveOut(effect: LabelEffect, rows: readonly Row[], change: RowsChange): LabelEffect {
  const fate = rows.map(({ labels }) => ({ now: labels, then: labelsAfter(labels, change) }));
  const count = (which: (one: (typeof fate)[number]) => boolean): number => fate.filter(which).length;
  return {
    ...effect,
    changed: effect.changed - rows.length,
    losing: effect.losing - count(({ now, then }) => now.length > 0 && then.length === 0),
    overwritten: effect.overwritten - count(({ now, then }) => now.some((name) => !then.includes(name))),
    labels: effect.labels.map((label) => {
      const has = (names: readonly string[]): boolean => names.includes(label.name);
      return {
        ...label,
        after: label.after + count(({ now }) => has(now)) - count(({ then }) => has(then)),
      };
    }),
  };
}
