import type { Run } from '../../../shared/training-types';

/** A setting in which runs differ, with its value in each; null where a run left it to the plan. */
export interface RunDifference {
  readonly name: string;
  /** Whether it is one of the advanced options, which are called by their own names everywhere. */
  readonly option: boolean;
  readonly values: readonly (string | null)[];
}

const settings = ['preset', 'minutes', 'seed', 'fineTuneLanguageModel', 'pretrained', 'classWeights', 'testShare'] as const; // prettier-ignore

/** The settings in which some runs differ, in the order of the screens. */
export function runDifferences(runs: readonly Pick<Run, 'request'>[]): readonly RunDifference[] {
  const plain = settings.map((name) => ({
    name: name as string,
    option: false,
    values: runs.map(({ request }) => shown(request[name])),
  }));
  const names = [...new Set(runs.flatMap(({ request }) => Object.keys(request.options)))].sort();
  const advanced = names.map((name) => ({
    name,
    option: true,
    values: runs.map(({ request }) => shown((request.options as Readonly<Record<string, unknown>>)[name])),
  }));
  return [...plain, ...advanced].filter(({ values }) => new Set(values).size > 1);
}

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  return Array.isArray(value) ? value.join(' ') : String(value);
}
