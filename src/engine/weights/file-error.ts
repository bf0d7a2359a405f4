import { AppError, type ErrorCode } from '../../shared/errors';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'file-not-found',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
};

/** An operating-system error of the file `file` as an {@link AppError}; an AppError passes through unchanged. */
export function fileError(file: string, doing: 'read' | 'write', error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const reason = error instanceof Error ? error.message : String(error);
  const isFull = CODES[code] === 'disk-full';
  const hint = isFull
    ? 'Free some space on this disk, then try again.'
    : 'Check that the file is there and yours to use.';
  return new AppError(CODES[code] ?? 'file-unreadable', `Could not ${doing} ${file}: ${reason}`, {
    hint,
    data: { file, systemCode: code },
    says: isFull ? { sentence: 'diskFull', file } : { sentence: 'fileTrouble', file },
    cause: error,
  });
}

/** The error of every model or checkpoint file that is not what its format asks for. */
export function modelFormatError(
  file: string,
  message: string,
  data: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): AppError {
  return new AppError('model-format', `${file}: ${message}`, {
    hint: 'The file is damaged, incomplete, or of another format. Copy or make it again.',
    data: { file, ...data },
    cause,
  });
}
