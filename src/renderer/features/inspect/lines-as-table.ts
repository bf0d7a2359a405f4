import type { Prediction } from '../../../shared/training-types';

/** Texts with their labels as a table that a spreadsheet takes from the clipboard: one line a text, cells by tabs. */
export function linesAsTable(answers: readonly Prediction[]): string {
  const cell = (text: string): string => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return answers
    .map(({ text, labels }) =>
      [cell(text), cell(labels[0]?.label ?? ''), String(labels[0]?.probability ?? '')].join('\t'),
    )
    .join('\n');
}
