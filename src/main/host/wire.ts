import { z } from 'zod';
import { engineMethods, events, type EngineMethod, type EventName, type EventPayload } from '../../shared/contract';
import { AppError, type ErrorCode, type ErrorEnvelope } from '../../shared/errors';
import { errorEnvelopeSchema } from '../../shared/jobs';

/**
 * The messages between Electron's main process and the engine host (`utilityProcess.postMessage` on one side,
 * `process.parentPort` on the other). Both sides parse what arrives; nothing but plain data crosses.
 *
 * main → host: a call `{ id, method, request }`, or `{ close: true }`: save, close the project, end with exit code 0.
 * host → main: an answer `{ id, ok: true, value }` or `{ id, ok: false, error }`, or an event `{ event, payload }`.
 * The host's first message is the event `engine` with state `ready`; before it calls may already be posted.
 */

const methodNames = Object.keys(engineMethods) as [EngineMethod, ...EngineMethod[]];
const eventNames = Object.keys(events) as [EventName, ...EventName[]];

const hostCallSchema = z.object({ id: z.number().int().min(0), method: z.enum(methodNames), request: z.unknown() });
const hostCloseSchema = z.object({ close: z.literal(true) });
const hostAnswerSchema = z.object({ id: z.number().int(), ok: z.literal(true), value: z.unknown() });
const hostFailureSchema = z.object({ id: z.number().int(), ok: z.literal(false), error: errorEnvelopeSchema });
const hostEventSchema = z.object({ event: z.enum(eventNames), payload: z.unknown() });

/** A call of one engine method; `request` is parsed by the host with the method's own schema. */
export interface HostCall {
  readonly id: number;
  readonly method: EngineMethod;
  readonly request: unknown;
}

/** Asks the host to save everything, close the project and end. */
export interface HostClose {
  readonly close: true;
}

/** What main posts to the host. */
export type ToHost = HostCall | HostClose;

/** The answer to a call. */
export type HostAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorEnvelope };

/** An event of the contract, with its payload parsed. */
export type HostEvent = { [E in EventName]: { readonly event: E; readonly payload: EventPayload<E> } }[EventName];

/** What the host posts to main. */
export type FromHost = HostAnswer | HostEvent;

/**
 * Parses a message that arrived in the host.
 * @throws AppError `bad-input` where it is neither a call nor a close.
 */
export function parseToHost(message: unknown): ToHost {
  const close = hostCloseSchema.safeParse(message);
  if (close.success) return close.data;
  const call = hostCallSchema.safeParse(message);
  if (call.success) return call.data;
  throw malformed('a call {id, method, request} or {close: true}', call.error);
}

/**
 * Parses a message that arrived in main; the payload of an event is parsed with the contract's schema.
 * @throws AppError `bad-input` where it is neither an answer nor a known event.
 */
export function parseFromHost(message: unknown): FromHost {
  const event = hostEventSchema.safeParse(message);
  if (event.success) {
    const payload = events[event.data.event].safeParse(event.data.payload);
    if (!payload.success) throw malformed(`the payload of the event ${event.data.event}`, payload.error);
    // The name and the payload were checked against the same entry of the contract.
    return { event: event.data.event, payload: payload.data } as HostEvent;
  }
  const answer = hostAnswerSchema.safeParse(message);
  if (answer.success) return answer.data;
  const failure = hostFailureSchema.safeParse(message);
  if (failure.success) {
    const { id, error } = failure.data;
    // The code comes from `toEnvelope` in the host, which only knows codes of the union.
    return { id, ok: false, error: { ...error, code: error.code as ErrorCode } };
  }
  throw malformed('an answer {id, ok, value | error} or an event {event, payload}', answer.error);
}

function malformed(expected: string, error: z.ZodError): AppError {
  return new AppError(
    'bad-input',
    `A message between the window and the engine was not ${expected}: ${z.prettifyError(error)}`,
  );
}
