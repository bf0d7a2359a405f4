import { AppError, type ErrorCode } from '../../../shared/errors';

/** A request that the server does not fulfil, with the HTTP status that says so. */
export class Refused extends AppError {
  readonly status: number;
  /** Headers that belong to the status, such as Allow. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    more: { readonly hint?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(code, message, more.hint === undefined ? {} : { hint: more.hint });
    this.name = 'Refused';
    this.status = status;
    this.headers = more.headers ?? {};
  }
}
