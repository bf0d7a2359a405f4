import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const program = path.resolve(__dirname, '../../out/main/cli.cjs');

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output as JSON. */
  json(): Record<string, unknown>;
}

/** A running `thaw`, in plain Node, from the bundles in `out/`. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once standard error holds this text. */
  said(text: string): Promise<void>;
}

/** Starts `thaw` with arguments. @param nodeArgs for Node itself, before the program */
export function startThaw(args: readonly string[], nodeArgs: readonly string[] = []): Running {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const child = spawn(process.execPath, [...nodeArgs, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      const json = (): Record<string, unknown> =>
        JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
      resolve({ code, signal, stdout, stderr, json });
    });
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (stderr.includes(text) && resolve());
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`thaw ended before it said "${text}":\n${stderr}`)));
    });
  return { child, ended, said };
}

/** Runs `thaw` to its end. */
export function thaw(...args: readonly string[]): Promise<Ended> {
  return startThaw(args).ended;
}
