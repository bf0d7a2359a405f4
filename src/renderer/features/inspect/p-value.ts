import type { Format } from '../../app/format';

/** The p of a test with the digits that tell something; "p 1,000" would be a thousand to some readers. */
export function pValue(p: number, format: Format): string {
  if (p < 0.001) return `< ${format.number(0.001, 3)}`;
  return format.number(p, p < 0.1 ? 3 : 2);
}
