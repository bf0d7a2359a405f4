import path from 'node:path';
import { AppError } from '../../../shared/errors';
import type { OutputFormat } from '../../../shared/file-types';

const endings: Readonly<Record<string, OutputFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
};
/** Endings of forms that a person would expect, and not get. */
const others = new Set(['.xlsx', '.xls', '.ods', '.json', '.feather', '.arrow', '.zip', '.gz']);

/**
 * The form that a file is written in: by its ending; without a telling one CSV.
 * @throws AppError `bad-input` where the ending is that of a form that Thaw does not write
 */
export function outputFormatOf(file: string): OutputFormat {
  const ending = path.extname(file).toLowerCase();
  if (others.has(ending)) {
    throw new AppError(
      'bad-input',
      `${file}: expected a name that ends in .csv, .tsv, .jsonl or .parquet, got ${ending}.`,
      {
        hint: 'Spreadsheets open CSV files; other programs read JSON Lines or Parquet.',
        data: { file, ending },
      },
    );
  }
  return endings[ending] ?? 'csv';
}
