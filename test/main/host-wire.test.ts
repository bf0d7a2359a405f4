import { describe, expect, it } from 'vitest';
import { parseFromHost, parseToHost } from '../../src/main/host/wire';

describe('the messages between main and the engine host', () => {
  it('lets calls of known methods and the close through, and nothing else', () => {
    expect(parseToHost({ id: 1, method: 'project.current', request: {} })).toEqual({
      id: 1,
      method: 'project.current',
      request: {},
    });
    expect(parseToHost({ close: true })).toEqual({ close: true });
    expect(() => parseToHost({ id: 1, method: 'shell.info', request: {} })).toThrow(/not a call/);
    expect(() => parseToHost('hello')).toThrow(/not a call/);
  });

  it('tells answers, failures and events apart', () => {
    expect(parseFromHost({ id: 4, ok: true, value: { a: 1 } })).toEqual({ id: 4, ok: true, value: { a: 1 } });
    expect(parseFromHost({ id: 5, ok: false, error: { code: 'no-rows', message: 'none' } })).toMatchObject({
      ok: false,
    });
    expect(parseFromHost({ event: 'engine', payload: { state: 'ready', reason: null, backend: null } })).toMatchObject({
      event: 'engine',
    });
  });

  it('refuses an event whose payload does not fit the contract', () => {
    expect(() => parseFromHost({ event: 'engine', payload: { state: 'asleep' } })).toThrow(
      /payload of the event engine/,
    );
    expect(() => parseFromHost({ id: 4, value: 1 })).toThrow(/not an answer/);
  });
});
