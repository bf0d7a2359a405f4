import type { Comparison, Metrics } from '../../shared/training-types';
import { contenderName, percent, table } from './human';

/** What is compared on the same rows; `deep` is the network alone where the model is a blend. */
type Compared = Pick<Comparison, 'model' | 'baseline' | 'majority' | 'deep' | 'blend' | 'members'>;

/** Model, network alone, members, baseline, an unused blend and the majority class side by side. */
export function comparedTable(
  { model, deep, baseline, blend, members = [], majority }: Compared,
  { microF1: showsMicro }: { readonly microF1: boolean },
): string {
  const row = (name: string, { accuracy, macroF1, microF1, ece }: Metrics): string[] => [
    `  ${name}`,
    ...[accuracy, macroF1, ...(showsMicro ? [microF1] : []), ece].map(percent),
  ];
  return table([
    ['', 'accuracy', 'macro F1', ...(showsMicro ? ['micro F1'] : []), 'calibration error'],
    row(contenderName(deep ? 'blend' : 'deep', { used: true }), model),
    ...(deep ? [row(contenderName('deep'), deep)] : []),
    ...members.map(({ name, weight, metrics }) => row(`  ${name} (weight ${weight.toFixed(2)})`, metrics)),
    row(contenderName('baseline'), baseline),
    ...(blend && !deep ? [row(contenderName('blend', { used: false }), blend)] : []),
    [`  ${contenderName('majority', { label: majority.label })}`, percent(majority.accuracy)],
  ]);
}
