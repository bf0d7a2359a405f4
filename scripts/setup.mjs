import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readJson, writeJson } from './lib/cache.mjs';
import { createContext, factsFile } from './lib/context.mjs';
import { withLock } from './lib/lock.mjs';
import { duration, Report, SetupError } from './lib/report.mjs';
import { setUpBuild } from './steps/build.mjs';
import { setUpElectron } from './steps/electron.mjs';
import { setUpKernels } from './steps/kernels.mjs';
import { setUpPackages } from './steps/packages.mjs';
import { setUpTensorflow } from './steps/tensorflow.mjs';

const MINIMUM_NODE = [20, 19];

/** What each need asks for beyond the npm packages. */
const STEPS = {
  cli: { tensorflow: true, build: true },
  window: { tensorflow: true, electron: {}, build: true },
  electron: { electron: {} },
  // `npm test` builds as a step of its own, so that sources that cannot be bundled are one failure among others.
  test: { tensorflow: true, electron: { virtualDisplay: true } },
  build: { build: true },
  all: { tensorflow: true, electron: { virtualDisplay: true }, build: true },
};

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  const message = `Node ${process.versions.node} is too old: Thaw needs ${MINIMUM_NODE.join('.')} or later.`;
  throw new SetupError(message, 'Install a current Node, then run the command again.');
}

const SYSTEM_ERRORS = {
  ENOSPC: [
    'The disk is full',
    'Make room (set-up needs about 3 GB, or name another disk with THAW_CACHE), then run the command again.',
  ],
  EDQUOT: ['The disk quota is used up', 'Make room, or name another disk with THAW_CACHE, then run the command again.'],
  EROFS: [
    'A folder cannot be written',
    'Clone to a disk that can be written, and name a cache folder with THAW_CACHE.',
  ],
  EACCES: ['A folder cannot be written', 'Check to whom it belongs, or name another cache folder with THAW_CACHE.'],
};

/** Errors of the system that a person can do something about, in plain words; others stay as they are. */
function asSetupError(error) {
  const known = SYSTEM_ERRORS[error.code];
  return known ? new SetupError(`${known[0]}: ${error.path ?? error.message}`, known[1]) : error;
}

async function runSteps(context, steps) {
  await setUpPackages(context);
  Object.assign(context.facts, { ...readJson(factsFile(context.root)), ...context.facts });
  const wait = (pid) => context.report.line(`  another set-up (process ${pid}) fills the cache: waiting for it`);
  await withLock(context.cache, wait, async () => {
    // Who holds the lock is alone here: what lies in this folder was left by a set-up that was interrupted.
    rmSync(context.scratch, { recursive: true, force: true });
    if (steps.tensorflow) {
      await setUpTensorflow(context);
      await setUpKernels(context);
    }
    if (steps.electron) await setUpElectron(context, { virtualDisplay: false, ...steps.electron });
  });
  writeJson(factsFile(context.root), context.facts);
  if (steps.build) await setUpBuild(context);
}

/**
 * Brings the clone to the state that a need asks for; does nothing where it is there already.
 * @param {'cli'|'window'|'electron'|'test'|'build'|'all'} need
 * @returns the facts the steps found
 * @throws SetupError in plain words
 */
export async function runSetup(need, { stream = process.stderr, quiet = false, retry = false } = {}) {
  const started = Date.now();
  const report = new Report(stream, { quiet });
  requireNode();
  const context = createContext(report, { retry });
  if (!quiet) report.line(`Setting Thaw up (cache folder: ${context.cache})`);
  const wait = (pid) => report.line(`  another set-up (process ${pid}) works in this clone: waiting for it`);
  try {
    mkdirSync(context.cache, { recursive: true });
    await withLock(join(context.root, '.thaw'), wait, () => runSteps(context, STEPS[need]));
  } catch (error) {
    throw asSetupError(error);
  }
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
  const need = Object.keys(STEPS).find((name) => process.argv.includes(`--for=${name}`)) ?? 'all';
  const options = { retry: process.argv.includes('--retry'), quiet: process.argv.includes('--quiet') };
  await runSetup(need, options).catch((error) => {
    process.exitCode = tellFailure(error);
  });
}
