import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** What `example.mjs` of an exported folder prints of a text. */
export interface ExampleLine {
  readonly text: string;
  readonly label: string | null;
  readonly best: string;
  readonly probability: number;
}

/** Puts ONNX Runtime where an exported folder looks for it; the package for browsers runs in Node too, and has the same interface. */
export async function giveOnnxRuntime(folder: string): Promise<void> {
  const installed = path.resolve(__dirname, '../../node_modules/onnxruntime-web');
  await mkdir(path.join(folder, 'node_modules'), { recursive: true });
  for (const name of ['onnxruntime-node', 'onnxruntime-web']) {
    await symlink(installed, path.join(folder, 'node_modules', name), 'junction');
  }
}

/** Runs `example.mjs` of an exported folder as a program of its own, far from Thaw. */
export async function runExample(folder: string, texts: readonly string[]): Promise<ExampleLine[]> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['example.mjs', ...texts], { cwd: folder });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ExampleLine);
}
