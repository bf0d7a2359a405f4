import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleFolder } from '../src/main/platform/paths';

const run = promisify(execFile);

/** Runs the command line as a user does, and reads the object that it closes with. */
export async function thaw(args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const command = [join(bundleFolder(), 'cli.cjs'), ...args, '--json'];
  const { stdout } = await run(process.execPath, command, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;
}
