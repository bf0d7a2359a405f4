import { runOptionTable, type OptionGroup, type RunOptionName } from '../../../shared/run-options';
import type { Run, TrainingRequest } from '../../../shared/training-types';

/** A plain setting or an advanced option in which runs differ; a value is undefined where a run left it to the plan. */
export type RunDifference =
  | { readonly kind: 'setting'; readonly name: PlainSetting; readonly values: readonly unknown[] }
  | {
      readonly kind: 'option';
      readonly name: RunOptionName;
      readonly group: OptionGroup;
      readonly values: readonly unknown[];
    };

const settings = ['preset', 'minutes', 'seed', 'fineTuneLanguageModel', 'pretrained', 'classWeights', 'testShare'] as const satisfies readonly (keyof TrainingRequest)[]; // prettier-ignore
/** A setting of a run that is no advanced option. */
export type PlainSetting = (typeof settings)[number];

/** The settings in which some runs differ, in the order of the screens. */
export function runDifferences(runs: readonly Pick<Run, 'request'>[]): readonly RunDifference[] {
  const plain = settings.map((name) => ({
    kind: 'setting' as const,
    name,
    values: runs.map(({ request }) => request[name] as unknown),
  }));
  const advanced = runOptionTable.map(({ name, group }) => ({
    kind: 'option' as const,
    name,
    group,
    values: runs.map(({ request }) => request.options[name] as unknown),
  }));
  return [...plain, ...advanced].filter(({ values }) => new Set(values.map((one) => JSON.stringify(one))).size > 1);
}
