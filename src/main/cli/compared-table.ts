import type { Comparison, Metrics } from '../../shared/training-types';
import { isTooFewToMeasure } from '../../shared/evidence';
import { percentInEnglish } from '../../shared/share-words';
import { contenderName, table } from './human';
import { measuredShare } from './measured-words';

/** What is compared on the same rows; `deep` is the network alone where the model is a blend. */
type Compared = Pick<Comparison, 'model' | 'baseline' | 'majority' | 'deep' | 'blend' | 'members'>;

/** Model, network alone, members, baseline, an unused blend and the majority class side by side. */
export function comparedTable(
  { model, deep, baseline, blend, members = [], majority }: Compared,
  { microF1: showsMicro }: { readonly microF1: boolean },
): string {
  // Of too few rows decimals would say more than is known.
  const share = (value: number): string => percentInEnglish(value, isTooFewToMeasure(model.n) ? 0 : 1);
  const row = (name: string, { accuracy, macroF1, microF1, ece }: Metrics): string[] => [
    `  ${name}`,
    measuredShare({ n: model.n, accuracy }),
    ...[macroF1, ...(showsMicro ? [microF1] : []), ece].map(share),
  ];
  return table([
    ['', 'accuracy', 'macro F1', ...(showsMicro ? ['micro F1'] : []), 'calibration error'],
    row(contenderName(deep ? 'blend' : 'deep', { used: true }), model),
    ...(deep ? [row(contenderName('deep'), deep)] : []),
    ...members.map(({ name, weight, metrics }) => row(`  ${name} (weight ${weight.toFixed(2)})`, metrics)),
    row(contenderName('baseline'), baseline),
    ...(blend && !deep ? [row(contenderName('blend', { used: false }), blend)] : []),
    [
      `  ${contenderName('majority', { label: majority.label })}`,
      measuredShare({ n: model.n, accuracy: majority.accuracy }),
    ],
  ]);
}
