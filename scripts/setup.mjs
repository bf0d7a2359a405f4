import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readJson, writeJson } from './lib/cache.mjs';
import { createContext, factsFile } from './lib/context.mjs';
import { withLock } from './lib/lock.mjs';
import { duration, Report, SetupError } from './lib/report.mjs';
import { setUpBuild } from './steps/build.mjs';
import { setUpElectron } from './steps/electron.mjs';
import { setUpPackages } from './steps/packages.mjs';
import { setUpTensorflow } from './steps/tensorflow.mjs';

const MINIMUM_NODE = [20, 19];

/** What each need asks for beyond the npm packages. */
const STEPS = {
  cli: { tensorflow: true, build: true },
  window: { tensorflow: true, electron: {}, build: true },
  electron: { electron: {} },
  test: { tensorflow: true, electron: { virtualDisplay: true }, build: true },
};

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  const message = `Node ${process.versions.node} is too old: Thaw needs ${MINIMUM_NODE.join('.')} or later.`;
  throw new SetupError(message, 'Install a current Node, then run the command again.');
}

async function runSteps(context, steps) {
  await setUpPackages(context);
  Object.assign(context.facts, { ...readJson(factsFile(context.root)), ...context.facts });
  const wait = (pid) => context.report.line(`  another set-up (process ${pid}) fills the cache: waiting for it`);
  await withLock(context.cache, wait, async () => {
    if (steps.tensorflow) await setUpTensorflow(context);
    if (steps.electron) await setUpElectron(context, { virtualDisplay: false, ...steps.electron });
  });
  writeJson(factsFile(context.root), context.facts);
  if (steps.build) await setUpBuild(context);
}

/**
 * Brings the clone to the state that a need asks for; does nothing where it is there already.
 * @param {'cli'|'window'|'electron'|'test'} need
 * @returns the facts the steps found
 * @throws SetupError in plain words
 */
export async function runSetup(need, { stream = process.stderr, quiet = false, retry = false } = {}) {
  const started = Date.now();
  const report = new Report(stream, { quiet });
  requireNode();
  const context = createContext(report, { retry });
  if (!quiet) report.line(`Setting Thaw up (cache folder: ${context.cache})`);
  mkdirSync(context.cache, { recursive: true });
  const wait = (pid) => report.line(`  another set-up (process ${pid}) works in this clone: waiting for it`);
  await withLock(join(context.root, '.thaw'), wait, () => runSteps(context, STEPS[need]));
  if (!quiet) report.line(`Set-up done in ${duration(Date.now() - started)}.`);
  return context.facts;
}

/** Tells a failure in plain words. @returns the exit code */
export function tellFailure(error, stream = process.stderr) {
  if (!(error instanceof SetupError)) throw error;
  stream.write(`\nSet-up stopped: ${error.message}\n${error.toDo}\n`);
  if (error.details) stream.write(`\n${error.details}\n`);
  return 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const need = Object.keys(STEPS).find((name) => process.argv.includes(`--for=${name}`)) ?? 'test';
  const options = { retry: process.argv.includes('--retry'), quiet: process.argv.includes('--quiet') };
  await runSetup(need, options).catch((error) => {
    process.exitCode = tellFailure(error);
  });
}
