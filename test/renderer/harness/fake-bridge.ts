import type { BridgeAnswer, ThawBridge } from '../../../src/shared/bridge';
import type { EventName, Method, Request } from '../../../src/shared/contract';
import { toEnvelope } from '../../../src/shared/errors';
import { createFakeHandlers, type FakeHandlers, type Scene } from './fake-engine';

/** A bridge to the fake engine, and the ways in which a test can look behind it or speak for the engine. */
export interface FakeBridge {
  readonly bridge: ThawBridge;
  readonly calls: { readonly method: Method; readonly request: unknown }[];
  readonly handlers: FakeHandlers;
  emit(event: EventName, payload: unknown): void;
}

/** A bridge as the preload script makes one, with the fake engine behind it. */
export function createFakeBridge(scene: Scene): FakeBridge {
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const emit = (event: EventName, payload: unknown) => {
    for (const listener of listeners.get(event) ?? []) listener(structuredClone(payload) as never);
  };
  const handlers = createFakeHandlers(scene, emit);
  const calls: { method: Method; request: unknown }[] = [];

  async function answer<M extends Method>(method: M, request: Request<M>): Promise<BridgeAnswer> {
    calls.push({ method, request: structuredClone(request) });
    try {
      const value: unknown = await handlers[method](request);
      return { ok: true, value: structuredClone(value) };
    } catch (error) {
      return { ok: false, error: toEnvelope(error) };
    }
  }

  const bridge: ThawBridge = {
    invoke: answer,
    on(event, listener) {
      const forEvent = listeners.get(event) ?? new Set();
      listeners.set(event, forEvent);
      forEvent.add(listener as (payload: never) => void);
      return () => {
        forEvent.delete(listener as (payload: never) => void);
      };
    },
    pathOfFile: (file) => (file instanceof File ? `/home/ada/mails/${file.name}` : ''),
  };
  return { bridge, calls, handlers, emit };
}
