import type { EventName, EventPayload } from '../../shared/contract';

/** Gets the payload of one event of the contract. */
export type EventListener<E extends EventName> = (payload: EventPayload<E>) => void;

/** Gets every event, with its name. */
export type AnyEventListener = <E extends EventName>(event: E, payload: EventPayload<E>) => void;

/** Hands the contract's events to listeners, in the order in which they were added. */
export class TypedEmitter {
  readonly #anyListeners = new Set<AnyEventListener>();

  /** Calls `listener` for every event until the function given back is called. */
  onAny(listener: AnyEventListener): () => void {
    this.#anyListeners.add(listener);
    return () => void this.#anyListeners.delete(listener);
  }

  /** Calls `listener` for one kind of event until the function given back is called. */
  on<E extends EventName>(event: E, listener: EventListener<E>): () => void {
    return this.onAny((name, payload) => {
      // The payload belongs to `name`, which has just been compared.
      if ((name as EventName) === event) listener(payload as unknown as EventPayload<E>);
    });
  }

  /** Tells all listeners. */
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void {
    for (const listener of [...this.#anyListeners]) listener(event, payload);
  }
}
