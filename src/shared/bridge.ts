import type { EventName, EventPayload, Method, Request } from './contract';
import type { ErrorEnvelope } from './errors';

/** Renderer → main: one call of the contract; answered with a {@link BridgeAnswer}. */
export const invokeChannel = 'thaw:invoke';
/** Main → renderer: one event of the contract, as `(name, payload)`. */
export const eventChannel = 'thaw:event';

/** What a call gives back; errors cross as plain data and never as a thrown value. */
export type BridgeAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorEnvelope };

/** The one object that the preload script puts on `window` as `thaw`: all that the page can reach. */
export interface ThawBridge {
  /** Calls a method of the contract; `value` is still to be parsed with the method's response schema. */
  invoke<M extends Method>(method: M, request: Request<M>): Promise<BridgeAnswer>;
  /** Listens to an event of the contract; returns how to stop. */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
  /** The place on disk of a file that was dropped or chosen; empty where it has none. */
  pathOfFile(file: unknown): string;
}
