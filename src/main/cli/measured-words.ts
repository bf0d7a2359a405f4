import { isTooFewToMeasure, rightOnes } from '../../shared/evidence';
import { hundredths } from '../../shared/share-words';
import type { Comparison, Metrics } from '../../shared/training-types';
import { integer, percent } from './human';

type Measured = Pick<Metrics, 'n' | 'accuracy' | 'accuracyInterval'>;

const range = ({ accuracyInterval: [low, high] }: Measured): string => `${hundredths(low)} to ${percent(high)}`;

/** An accuracy for a table: a percentage, or of too few rows the counts, which promise nothing. */
export function measuredShare(measured: Pick<Measured, 'n' | 'accuracy'> & Partial<Measured>): string {
  const { n, accuracy } = measured;
  return isTooFewToMeasure(n) ? `${rightOnes(measured)} of ${n}` : percent(accuracy);
}

/** How sure a measured accuracy is, in a line; of too few rows that they are. @param rows what they are called */
export function sureness(measured: Measured, rows: 'test rows' | 'validation rows' | 'rows'): string {
  const { n } = measured;
  if (!isTooFewToMeasure(n)) return `The 95 % interval of this accuracy is ${range(measured)}.`;
  const [name, verb] = n === 1 ? [rows.replace(/s$/, ''), 'is'] : [rows, 'are'];
  return `${integer(n)} ${name} ${verb} too few to measure by: ${rightOnes(measured)} right says no more than an accuracy of ${range(measured)}.`;
}

/** What of a run's figures has to be said in sentences: how sure they are, and what stands behind the classifier. */
export function standingWords({ model, split, validation, learned, blendChoice, majority }: Comparison): string[] {
  const isFew = isTooFewToMeasure(model.n);
  const lines = [sureness(model, split === 'test' ? 'test rows' : 'validation rows')];
  if (isFew && validation) {
    const { n } = validation;
    lines.push(
      `On ${integer(n)} validation rows, by which its weights were chosen: ${rightOnes(validation)} right (${range(validation)}), which flatters a little.`,
    );
  }
  if (isFew) lines.push('Label more rows, or keep more of them for the test (--test-share).');
  if (blendChoice?.used === true && blendChoice.by === 'rule')
    lines.push(
      `Network and word counts are blended, which is better as a rule; ${integer(blendChoice.n)} held-out rows are too few to judge that by.`,
    );
  if (learned === 'no')
    lines.push(
      `The network has learned nothing yet: it tells no more than that "${majority.label}" is the most frequent label. More labels help, or more time.`,
    );
  if (learned === 'unsure')
    lines.push('Whether the network has learned anything cannot be told yet. More labels help, or more time.');
  return lines;
}
