import type { ThawBridge } from '../../shared/bridge';
import {
  engineMethods,
  events,
  shellMethods,
  type EventName,
  type EventPayload,
  type Method,
  type Request,
  type Response,
} from '../../shared/contract';
import { AppError, fromEnvelope } from '../../shared/errors';

declare global {
  interface Window {
    /** Put here by the preload script; missing only where the page is opened outside of Thaw. */
    readonly thaw?: ThawBridge;
  }
}

const contract = { ...engineMethods, ...shellMethods };

function bridge(): ThawBridge {
  if (window.thaw === undefined) {
    throw new AppError('engine-gone', 'The page was opened outside of Thaw: window.thaw is missing.');
  }
  return window.thaw;
}

/** A copy without reactive proxies, which the context bridge cannot clone. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/**
 * Asks the engine or the shell and parses the answer.
 * @throws {AppError} what the other side reported, or `internal` where its answer does not fit the contract.
 */
export async function call<M extends Method>(method: M, request: Request<M>): Promise<Response<M>> {
  const answer = await bridge().invoke(method, plain(request));
  if (!answer.ok) throw fromEnvelope(answer.error);
  const parsed = contract[method].response.safeParse(answer.value);
  if (!parsed.success) {
    throw new AppError('internal', `The answer to ${method} does not fit the contract: ${parsed.error.message}`);
  }
  return parsed.data as Response<M>;
}

/** Listens to an event; payloads that do not fit the contract go to `onBad` and no further. Returns how to stop. */
export function subscribe<E extends EventName>(
  event: E,
  listener: (payload: EventPayload<E>) => void,
  onBad: (error: AppError) => void,
): () => void {
  return bridge().on(event, (payload) => {
    const parsed = events[event].safeParse(payload);
    if (parsed.success) listener(parsed.data as EventPayload<E>);
    else onBad(new AppError('internal', `The event ${event} does not fit the contract: ${parsed.error.message}`));
  });
}

/** The place on disk of a dropped file; null where it has none (text dragged from another program). */
export function pathOfFile(file: File): string | null {
  const path = bridge().pathOfFile(file);
  return path === '' ? null : path;
}
