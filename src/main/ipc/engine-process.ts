import { app, utilityProcess, type Details } from 'electron';
import type { EngineChannel } from './engine-connection';

/** How an engine process is started. */
export interface EngineProcessOptions {
  /** The bundle of the engine host. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the process writes to its standard streams, for the log file. */
  readonly onOutput: (text: string) => void;
}

const noteDelay = 100; // milliseconds within which the note and the exit event both arrive, in either order

/** The name under which the operating system and Electron list the process. */
export const engineServiceName = 'Thaw engine';

/** Starts the engine host in a process of its own, so that a native abort in it costs a job and not the window. */
export function startEngineProcess(options: EngineProcessOptions): EngineChannel {
  const child = utilityProcess.fork(options.file, [], {
    serviceName: engineServiceName,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.on('data', (chunk: Buffer) => options.onOutput(chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => options.onOutput(chunk.toString('utf8')));
  // The child's own exit event may say 0 for a process that was killed; Electron's note beside it knows better.
  let note: Details | undefined;
  const takeNote = (_event: unknown, details: Details): void => {
    if (details.name === engineServiceName) note = details;
  };
  app.on('child-process-gone', takeNote);
  const afterExit = (code: number, listener: (reason: string) => void): void => {
    app.off('child-process-gone', takeNote);
    listener(wordsForExit(note?.exitCode ?? code));
  };
  return {
    get pid() {
      return child.pid;
    },
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => setTimeout(afterExit, noteDelay, code, listener)),
    kill: () => void child.kill(),
  };
}

/** How a process ended, in words. On Linux and macOS the code of a process ended by a signal is the signal's number. */
export function wordsForExit(code: number): string {
  const signals: Readonly<Record<number, string>> = {
    6: 'it aborted',
    9: 'it was ended from outside, or the system ran out of memory',
    11: 'a fault in native code',
    15: 'it was asked to end from outside',
  };
  const known = signals[code > 128 ? code - 128 : code];
  return `The engine process ended unexpectedly (${known === undefined ? '' : `${known}, `}code ${code}).`;
}
