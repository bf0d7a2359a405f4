import { parseFromHost, type HostEvent, type ToHost } from '../host/wire';
import type { EngineMethod } from '../../shared/contract';
import { AppError, fromEnvelope } from '../../shared/errors';

/** One running engine process, as little as the shell needs of it. */
export interface EngineChannel {
  readonly pid: number | undefined;
  post(message: ToHost): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with words for how the process ended. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

interface Waiting {
  readonly method: EngineMethod;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/** The error of everything that was asked of an engine process which has ended. */
export function engineGone(reason: string, what: string | null): AppError {
  const message = what === null ? reason : `${reason} It had not answered ${what} yet.`;
  return new AppError('engine-gone', message, { hint: 'The engine is started again by itself; ask once more.' });
}

/** The life of one engine process: calls and their answers, events, and its end. */
export class EngineConnection {
  /** Settles when the process has ended, with the reason. */
  readonly ended: Promise<string>;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private gone: string | null = null;

  constructor(
    private readonly channel: EngineChannel,
    private readonly onEvent: (event: HostEvent) => void,
    private readonly log: (line: string) => void,
  ) {
    channel.onMessage((message) => this.receive(message));
    this.ended = new Promise((resolve) => {
      channel.onExit((reason) => {
        this.gone = reason;
        for (const { method, reject } of this.waiting.values()) reject(engineGone(reason, method));
        this.waiting.clear();
        resolve(reason);
      });
    });
  }

  /**
   * Asks the engine.
   * @throws AppError what the engine answered, or `engine-gone` where it ended before it could
   */
  call(method: EngineMethod, request: unknown): Promise<unknown> {
    if (this.gone !== null) return Promise.reject(engineGone(this.gone, method));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { method, resolve, reject });
      this.channel.post({ id, method, request });
    });
  }

  /** Asks the process to save and end; ends it by force after `patience` milliseconds. */
  async close(patience: number): Promise<void> {
    if (this.gone !== null) return;
    const force = setTimeout(() => this.channel.kill(), patience);
    this.channel.post({ close: true });
    await this.ended;
    clearTimeout(force);
  }

  private receive(message: unknown): void {
    let parsed: ReturnType<typeof parseFromHost>;
    try {
      parsed = parseFromHost(message);
    } catch (error) {
      this.log(`A message of the engine was dropped: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if ('event' in parsed) {
      this.onEvent(parsed);
      return;
    }
    const waiting = this.waiting.get(parsed.id);
    if (waiting === undefined) return;
    this.waiting.delete(parsed.id);
    if (parsed.ok) waiting.resolve(parsed.value);
    else waiting.reject(fromEnvelope(parsed.error));
  }
}
