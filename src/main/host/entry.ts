import { toEnvelope } from '../../shared/errors';
import { EngineHost } from './engine-host';
import { parseToHost, type FromHost } from './wire';

/**
 * The engine host's process, forked by Electron's main process. Its messages are those of `wire.ts`. It ends
 * itself by a signal after `{close: true}`, and with code 1 on an error that nobody caught: main then starts a new one.
 */

/** What Electron adds to `process` in a utility process, as far as it is used here. */
interface ParentPort {
  postMessage(message: FromHost): void;
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): void;
}

const port = (process as NodeJS.Process & { readonly parentPort?: ParentPort }).parentPort;
if (!port) throw new Error('The engine host was not started by Electron (process.parentPort is missing).');

const host = new EngineHost();
host.events.onAny((event, payload) => port.postMessage({ event, payload } as FromHost));

async function receive(data: unknown, parent: ParentPort): Promise<void> {
  const message = parseToHost(data);
  if ('close' in message) {
    await host.close();
    // All is saved and closed. Ending in the usual way would run what TensorFlow has left to be run at the end, while
    // its library went with its thread: that ended in a fault in native code in every third or fourth case.
    process.kill(process.pid, 'SIGKILL');
    return;
  }
  const { id, method, request } = message;
  try {
    // The host parses the request with the method's own schema.
    const value = await host.handle(method, request as never);
    parent.postMessage({ id, ok: true, value });
  } catch (error) {
    parent.postMessage({ id, ok: false, error: toEnvelope(error) });
  }
}

function fatal(error: unknown): void {
  process.stderr.write(
    `The engine stopped on an unexpected error: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}

process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);
port.on('message', ({ data }) => void receive(data, port).catch(fatal));
port.postMessage({ event: 'engine', payload: { state: 'ready', reason: null, backend: null } });
