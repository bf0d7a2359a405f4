import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../shared/errors';

/**
 * Reads a JSON file and checks it.
 *
 * @param what names the file's kind in messages, as in "a project file"
 * @returns null where there is no such file
 * @throws AppError with `code` where the file is not JSON or not of the expected form
 */
export async function readJson<S extends z.ZodType>(
  file: string,
  schema: S,
  what: string,
  code: ErrorCode,
): Promise<z.output<S> | null> {
  const says = { sentence: 'unreadable', path: file } as const;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new AppError('file-unreadable', `${file} could not be read: ${(error as Error).message}`, {
      says,
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError(code, `${file} is not ${what}: it is not JSON (${(error as Error).message}).`, {
      says,
      cause: error,
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError(code, `${file} is not ${what}: ${z.prettifyError(parsed.error)}`, { says });
}
