/**
 * A share as a rounded percentage that says 0 or 100 only where it is exactly that: 0.9997 becomes ">99.9 %" and 0.0002
 * "<0.1 %". Every face of Thaw writes percentages with it.
 *
 * @param share from 0 to 1; a difference of shares may be negative
 * @param digits after the point of the percentage
 * @param say writes a share with so many digits, in the words of a language
 */
export function shareInWords(share: number, digits: number, say: (share: number) => string): string {
  const said = say(share);
  const step = 10 ** -(digits + 2);
  // What a calculation misses one or nothing by is no share of its own.
  const isExactly = (whole: number): boolean => Math.abs(share - whole) < 1e-9;
  if (said === say(1) && !isExactly(1)) return share < 1 ? `>${say(1 - step)}` : said;
  if (said !== say(0) && said !== say(-step * 1e-6)) return said; // small negative ones round to "-0"
  if (isExactly(0)) return say(0);
  return share > 0 ? `<${say(step)}` : `>${say(-step)}`;
}

/** Digits after the point of a percentage that says how often chance alone would do as much (the p of a test). */
export function chanceDigits(p: number): 0 | 1 {
  return p < 0.1 ? 1 : 0;
}

/** A share as the command line and what it writes say it: "89.7 %", ">99.9 %". */
export function percentInEnglish(share: number, digits = 1): string {
  return shareInWords(share, digits, (value) => `${(value * 100).toFixed(digits)} %`);
}

/** A share in percent without the sign, for a column that names it: "89.7", ">99.9". */
export function hundredths(share: number, digits = 1): string {
  return shareInWords(share, digits, (value) => (value * 100).toFixed(digits));
}
