import { answersOf, truthOf } from '../../../engine/inspect/outcomes';
import { comparePaired } from '../../../engine/inspect/paired';
import type { Changes } from '../../../shared/inspect-types';
import type { Run } from '../../../shared/training-types';
import { dataChangesOf } from './data-changes';
import type { HeldOut, HeldOutSplit } from './held-out';
import { answerOptions, splitsOf } from './held-out-outcomes';
import type { ListedRow } from './row-lists';

/** A row that both runs have held out. */
interface SharedRow {
  readonly side: 'valid' | 'test';
  readonly split: HeldOutSplit; // of the later run
  readonly place: number;
  readonly truth: readonly string[];
  readonly before: boolean; // right then
  readonly after: boolean;
}

/** What is different from one run to a later one, on the rows that neither learned from. */
export function changesOf(before: HeldOut, after: HeldOut): Changes {
  const shared = sharedRows(before, after);
  const labels = new Set(after.labels);
  const perClass = new Map<string, { support: number; beforeRight: number; afterRight: number }>();
  for (const { truth, before: then, after: now } of shared) {
    for (const label of truth) {
      const own = perClass.get(label) ?? { support: 0, beforeRight: 0, afterRight: 0 };
      perClass.set(label, own);
      own.support++;
      own.beforeRight += Number(then);
      own.afterRight += Number(now);
    }
  }
  return {
    before: before.run.id,
    after: after.run.id,
    paired: comparePaired(
      shared.map((row) => Number(row.before)),
      shared.map((row) => Number(row.after)),
    ),
    onlyBefore: before.labels.filter((label) => !labels.has(label)),
    onlyAfter: after.labels.filter((label) => !before.labels.includes(label)),
    perClass: [...perClass].map(([label, figures]) => ({ label, ...figures })),
    data: dataChangesOf(before, after),
    settings: differingSettings(before.run, after.run),
  };
}

/** The rows that went from wrong to right, or from right to wrong. */
export function changedRows(before: HeldOut, after: HeldOut, change: 'fixed' | 'broken'): ListedRow[] {
  return sharedRows(before, after)
    .filter((row) => row.after !== row.before && row.after === (change === 'fixed'))
    .map(({ side, split, place }) => ({ side, split, place, suggestion: null }));
}

/** Rows held out in both, measured by their labels as the later run had them. */
function sharedRows(before: HeldOut, after: HeldOut): SharedRow[] {
  const then = new Map<number, readonly string[]>();
  for (const { split } of splitsOf(before)) {
    split.rows.forEach((row, place) => then.set(row, answerNames(before, split, place)));
  }
  return splitsOf(after).flatMap(({ name: side, split }) =>
    Array.from(split.rows).flatMap((row, place): SharedRow[] => {
      const said = then.get(row);
      if (!said) return [];
      const truth = truthOf(split.truth, place).map((label) => after.labels[label] ?? '');
      return [
        {
          side,
          split,
          place,
          truth,
          before: sameNames(said, truth),
          after: sameNames(answerNames(after, split, place), truth),
        },
      ];
    }),
  );
}

function answerNames(heldOut: HeldOut, split: HeldOutSplit, place: number): string[] {
  return answersOf(split.final, place, answerOptions(heldOut, heldOut.used)).map(
    (label) => heldOut.labels[label] ?? '',
  );
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}

/** What the two runs were asked to do differently. */
function differingSettings(before: Run, after: Run): Changes['settings'] {
  const [a, b] = [flat(before), flat(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((name) => ({ name, before: a.get(name) ?? '', after: b.get(name) ?? '' }))
    .filter((each) => each.before !== each.after);
}

function flat({ request, device, plan }: Run): Map<string, string> {
  const { options, ...rest } = request;
  const planned = plan ? { batchSize: plan.batchSize, bptt: plan.bptt, maxLength: plan.maxLength } : {};
  const entries = Object.entries({ ...rest, ...options, ...planned, device });
  return new Map(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value ?? null)]),
  );
}
