import { chanceDigits } from '../../../shared/share-words';
import type { Format } from '../../app/format';

/** The p of a test as the share of comparisons that it speaks of, with the digits that tell something. */
export function pValue(p: number, format: Format): string {
  return format.percent(p, chanceDigits(p));
}
