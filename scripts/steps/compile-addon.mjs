import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { megabytes } from '../lib/report.mjs';
import { run } from '../lib/run.mjs';

/** Where the headers of Node's C API are, which every addon is compiled with. */
export function nodeHeaders(root) {
  return join(root, 'node_modules', 'node-api-headers', 'include');
}

/**
 * One call of the C++ compiler that makes a Node addon; after an interruption there is the whole file or none.
 * @param {{step: string, doing: string, compiler: string, addon: string, argumentsFor: (output: string) => string[]}} how
 * @returns what the compiler said where it failed, else null
 */
export async function compileAddon(context, { step, doing, compiler, addon, argumentsFor }) {
  const started = Date.now();
  context.report.start(step, `compiling ${doing.replace('%', basename(compiler))}`);
  mkdirSync(dirname(addon), { recursive: true });
  const output = `${addon}.${process.pid}.part`;
  const result = await run(compiler, argumentsFor(output), { cwd: context.cache });
  if (result.code !== 0) {
    rmSync(output, { force: true });
    return result.output;
  }
  renameSync(output, addon);
  context.report.done(step, `compiled, ${megabytes(statSync(addon).size)}`, started);
  return null;
}
