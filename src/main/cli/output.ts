import { AppError, toEnvelope } from '../../shared/errors';
import type { ProgressEvent } from '../../shared/jobs';
import { ProgressLine, type ProgressSink } from './progress-line';

/** The exit codes of `thaw`. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** A mistake in how the command was called: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Thrown after the first Ctrl+C once everything was saved: exit code 130. */
export class InterruptedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InterruptedError';
  }
}

/** Results go to standard output, everything else to standard error. */
export class Output {
  readonly progress: ProgressLine;
  readonly #json: boolean;
  readonly #stdout: ProgressSink;

  constructor(json: boolean, stdout: ProgressSink = process.stdout, stderr: ProgressSink = process.stderr) {
    this.#json = json;
    this.#stdout = stdout;
    this.progress = new ProgressLine(stderr);
  }

  /** A sentence for the person, on standard error. */
  say(text: string): void {
    this.progress.line(text);
  }

  /** Progress of work that is no job: what is done, and how much of it. */
  counted(what: string, event: ProgressEvent): void {
    this.progress.event(event);
    if (event.type === 'count')
      this.progress.work(what, event.total === null ? null : event.done / Math.max(1, event.total));
  }

  /** The result: with `--json` the value on one line, otherwise the text. The last thing a command prints. */
  result(value: unknown, text: string): void {
    this.progress.end();
    this.#stdout.write(this.#json ? `${JSON.stringify(value)}\n` : `${text}\n`);
  }

  /** A wrong call that commander has told the person about already. */
  usage(error: Error): number {
    if (this.#json) this.#stdout.write(`${JSON.stringify({ error: { code: 'usage', message: error.message } })}\n`);
    return exitCodes.usage;
  }

  /** Says what went wrong and gives the exit code. With `--json` the error is the object on standard output. */
  failure(error: unknown): number {
    this.progress.end();
    if (error instanceof UsageError) {
      this.progress.line(`Error: ${error.message}`);
      return this.usage(error);
    }
    if (error instanceof InterruptedError) {
      this.progress.line(error.message);
      if (this.#json)
        this.#stdout.write(`${JSON.stringify({ error: { code: 'cancelled', message: error.message } })}\n`);
      return exitCodes.interrupted;
    }
    const envelope = toEnvelope(error);
    if (envelope.code === 'cancelled') return this.failure(new InterruptedError('Stopped.'));
    this.progress.line(`Error: ${envelope.message}`);
    if (envelope.hint !== undefined) this.progress.line(`  ${envelope.hint}`);
    if (envelope.code === 'internal' && error instanceof Error && !(error instanceof AppError)) {
      this.progress.line(error.stack ?? error.message);
    }
    if (this.#json) this.#stdout.write(`${JSON.stringify({ error: envelope })}\n`);
    return exitCodes.failed;
  }
}
