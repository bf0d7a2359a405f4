import { AppError } from '../../shared/errors';

/**
 * Runs what reads a file by the columns that a classifier was trained on. Where the file has others, the error says which
 * flag names them.
 * @param wanted the columns that are read, by the flag that chooses them
 * @throws AppError `no-such-column` with what the classifier reads, what the file has, and the flag
 */
export async function withColumnHint<T>(
  wanted: Readonly<Record<`--${string}`, readonly string[]>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'no-such-column') throw error;
    const missing = error.data?.['expected'];
    const [flag, columns] = Object.entries(wanted).find(([, names]) => names.some((name) => name === missing)) ?? [];
    if (flag === undefined || columns === undefined) throw error;
    const reads = columns.map((name) => `"${name}"`).join(', ');
    const hint = `The classifier reads ${reads}. Name what holds the same in this file, in the same order: ${flag} ${columns.length === 1 ? 'COLUMN' : 'COLUMN,COLUMN'}. Where the file has no header line, say --no-header.`;
    throw new AppError(error.code, error.message, {
      hint,
      data: { ...error.data, reads: columns, flag },
      cause: error,
    });
  }
}
