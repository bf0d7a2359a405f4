import type { ErrorSentence } from './error-sentences';

/** Every way in which Thaw can fail, as a stable code. The window maps a code to words and an action. */
export type ErrorCode =
  | 'bad-input' // a value that a person or a caller gave does not fit
  | 'file-not-found'
  | 'file-unreadable'
  | 'file-format' // the file was read but is not what it should be
  | 'encoding'
  | 'no-such-column'
  | 'no-rows'
  | 'too-few-labels' // fewer than two labels, or a label without rows
  | 'label-column' // the values of a column chosen as label are no labels
  | 'project-format'
  | 'project-locked'
  | 'model-format'
  | 'model-missing'
  | 'tensorflow-missing'
  | 'out-of-memory'
  | 'not-a-number' // the loss became NaN or infinite
  | 'cancelled'
  | 'engine-gone' // the engine process ended while something was asked of it
  | 'busy'
  | 'outdated' // what was asked for was meant for a state that is no longer so
  | 'disk-full'
  | 'not-found'
  | 'network' // a server could not be reached, or refused
  | 'hash-mismatch' // what was downloaded is not what it should be
  | 'internal';

/** What an error looks like when it crosses a process: plain data, no stack of another process. */
export interface ErrorEnvelope {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly says?: ErrorSentence | undefined;
}

/**
 * The one error class. `message` says what was expected and what was got (with file, line and column where there are
 * some); `hint` says what to do; `data` holds the same facts for a program. Both sentences are English, for the command
 * line and logs; `says` is what the window says instead, as data.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly says: ErrorSentence | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: Pick<ErrorEnvelope, 'hint' | 'data' | 'says'> & { readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = more.hint;
    this.data = more.data;
    this.says = more.says;
  }
}

/** Thrown by a task when its run was cancelled; everything saved before stays. */
export class CancelledError extends AppError {
  constructor(message = 'Cancelled.') {
    super('cancelled', message);
    this.name = 'CancelledError';
  }
}

/** Any thrown value as an envelope. Unknown errors become `internal` and keep their message. */
export function toEnvelope(error: unknown): ErrorEnvelope {
  if (error instanceof AppError) {
    const { code, message, hint, data, says } = error;
    return { code, message, hint, data, says };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message };
}

/** The reverse of {@link toEnvelope}, on the receiving side. */
export function fromEnvelope(envelope: ErrorEnvelope): AppError {
  if (envelope.code === 'cancelled') return new CancelledError(envelope.message);
  const { code, message, ...more } = envelope;
  return new AppError(code, message, more);
}

/** For the `default` of an exhaustive switch. */
export function assertNever(value: never): never {
  throw new AppError('internal', `Unexpected value: ${JSON.stringify(value)}`);
}
