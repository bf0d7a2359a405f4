import { isTooFewToMeasure } from '../../shared/evidence';
import type { AblationCell, AblationRow, AblationTable } from '../../shared/ablation-types';
import { hundredths } from '../../shared/share-words';

/** A mean with the deviation of a sample (n − 1; 0 for one value). */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and deviation of some values, or null for none. */
export function spreadOf(values: readonly number[]): Spread | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: n === 1 ? 0 : Math.sqrt(squares / (n - 1)) };
}

/** The row of a variant over those of its runs that are finished. */
export function ablationRow(
  variant: { readonly name: string; readonly change: string },
  cells: readonly AblationCell[],
): AblationRow {
  const own = cells.filter((cell) => cell.variant === variant.name);
  const spread = (of: (cell: AblationCell) => number): Spread | null => spreadOf(own.map(of));
  return {
    variant: variant.name,
    change: variant.change,
    runs: own.length,
    accuracy: spread((cell) => cell.accuracy),
    macroF1: spread((cell) => cell.macroF1),
    loss: spread((cell) => cell.loss),
    minutes: spread((cell) => cell.seconds / 60),
  };
}

/** Every run as a line of CSV. */
export function ablationCsv({ cells }: AblationTable): string {
  const lines = cells.map((cell) =>
    [cell.variant, cell.seed, cell.accuracy, cell.macroF1, cell.loss, cell.ece, cell.seconds.toFixed(1)].join(','),
  );
  return `${['variant,seed,accuracy,macro_f1,loss,ece,seconds', ...lines].join('\n')}\n`;
}

/** The table of variants in Markdown, with the difference to the full method. */
export function ablationMarkdown(table: AblationTable): string {
  const full = table.rows[0]?.accuracy?.mean;
  const lines = table.rows.map((row) => {
    const difference = full === undefined || !row.accuracy ? '' : signed((row.accuracy.mean - full) * 100);
    const cells = [row.change, row.runs, share(row.accuracy), difference, share(row.macroF1)];
    return `| ${[...cells, plain(row.loss, 3), plain(row.minutes, 1)].join(' | ')} |`;
  });
  const { baseline, n, split, seeds, finished, planned } = table;
  return [
    `${finished} of ${planned} runs, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} each, measured on the same ${n} ${split === 'test' ? 'test' : 'validation'} rows.`,
    ...(isTooFewToMeasure(n) ? ['', `${n} rows are too few to measure by, and to compare.`] : []),
    '',
    '| variant | runs | accuracy % | to full | macro F1 % | loss | minutes |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    `| TF-IDF baseline | | ${percent(baseline.accuracy)} | ${full === undefined ? '' : signed((baseline.accuracy - full) * 100)} | ${percent(baseline.macroF1)} | | |`,
    '',
  ].join('\n');
}

function share(spread: Spread | null): string {
  if (!spread) return '';
  return `${percent(spread.mean)} ± ${percent(spread.deviation)}`;
}

function plain(spread: Spread | null, digits: number): string {
  return spread ? `${spread.mean.toFixed(digits)} ± ${spread.deviation.toFixed(digits)}` : '';
}

function percent(value: number): string {
  return hundredths(value);
}

function signed(points: number): string {
  return `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`;
}
