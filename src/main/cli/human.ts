import { contenderWords } from '../../shared/contender-words';
import type { StageId } from '../../shared/jobs';
import { percentInEnglish } from '../../shared/share-words';

/** What a stage is called on the terminal. */
export const stageTitles: Readonly<Record<StageId, string>> = {
  import: 'Reading rows',
  tokenize: 'Splitting texts into words',
  baseline: 'Training the TF-IDF baseline',
  probe: 'Measuring the speed of this machine',
  'language-model-new-rows': 'Language model: words it has never seen',
  'language-model-all': 'Language model: all layers',
  'classifier-linear': 'Classifier: a linear head',
  'classifier-head': 'Classifier: the head',
  'classifier-last': 'Classifier: the last layer',
  'classifier-last-two': 'Classifier: the last two layers',
  'classifier-chain': 'Classifier: layer by layer',
  'classifier-all': 'Classifier: all layers',
  calibrate: 'Calibrating probabilities',
  'find-rate': 'Looking for a learning rate',
  evaluate: 'Measuring the result',
  predict: 'Predicting',
  export: 'Exporting',
};

/** A duration as people say it: "8 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A time left in words, no more exact than it can be: "about 4 minutes left". */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 55) return `about ${Math.round(seconds / 10) * 10} seconds left`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 90) return `about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`;
  const hours = Math.round(minutes / 30) / 2;
  return `about ${hours} hours left`;
}

/** A share as a percentage with one decimal: "89.7 %", ">99.9 %". */
export function percent(share: number): string {
  return percentInEnglish(share);
}

/**
 * What one of those that are compared is called, as in the window and in reports.
 *
 * @param about the most frequent label, for `majority`; whether it is what predicts, where that has to be said
 */
export function contenderName(
  id: keyof typeof contenderWords.en,
  about: { readonly label?: string; readonly used?: boolean } = {},
): string {
  const name = contenderWords.en[id].replace('\u2011', '-').replace('{label}', () => about.label ?? '');
  return about.used === undefined ? name : `${name} (${about.used ? 'in use' : 'not used'})`;
}

/** A whole number with separators for thousands: "12,345". */
export function integer(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Rows of cells as aligned columns, two spaces apart; numbers (cells that begin with a digit, or with "<" or ">") to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (/^[-<>\d]/.test(cell) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
