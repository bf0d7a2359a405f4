import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeJson } from './lib/cache.mjs';
import { createContext, factsFile } from './lib/context.mjs';
import { withLock } from './lib/lock.mjs';
import { duration, Report, SetupError } from './lib/report.mjs';
import { setUpPackages } from './steps/packages.mjs';
import { setUpTensorflow } from './steps/tensorflow.mjs';

const MINIMUM_NODE = [20, 19];

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  throw new SetupError(
    `Node ${process.versions.node} is too old: Thaw needs ${MINIMUM_NODE.join('.')} or later.`,
    'Install a current Node, then run the command again.',
  );
}

/**
 * Brings the clone to the state that a need asks for; does nothing where it is there already.
 * @param {'cli'|'window'|'test'} need
 * @returns the facts the steps found
 */
export async function runSetup(need, { stream = process.stderr, quiet = false, retry = false } = {}) {
  const started = Date.now();
  const report = new Report(stream, { quiet });
  requireNode();
  const context = createContext(report, { retry });
  if (!quiet) report.line(`Setting Thaw up (cache folder: ${context.cache})`);
  mkdirSync(context.cache, { recursive: true });
  await withLock(
    join(context.root, '.thaw'),
    (pid) => report.line(`  another set-up (process ${pid}) works in this clone: waiting for it`),
    () => runSteps(context, need),
  );
  if (!quiet) report.line(`Set-up done in ${duration(Date.now() - started)}.`);
  return context.facts;
}

async function runSteps(context, need) {
  await setUpPackages(context);
  await withLock(
    context.cache,
    (pid) => context.report.line(`  another set-up (process ${pid}) fills the cache: waiting for it`),
    async () => {
      await setUpTensorflow(context);
    },
  );
  writeJson(factsFile(context.root), context.facts);
  return need;
}

/** Tells a failure in plain words. @returns the exit code */
export function tellFailure(error, stream = process.stderr) {
  if (!(error instanceof SetupError)) throw error;
  stream.write(`\nSet-up stopped: ${error.message}\n${error.toDo}\n`);
  if (error.details) stream.write(`\n${error.details}\n`);
  return 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const needs = ['cli', 'window', 'test'];
  const need = needs.find((name) => process.argv.includes(`--for=${name}`)) ?? 'test';
  await runSetup(need, { retry: process.argv.includes('--retry'), quiet: process.argv.includes('--quiet') }).catch(
    (error) => {
      process.exitCode = tellFailure(error);
    },
  );
}
