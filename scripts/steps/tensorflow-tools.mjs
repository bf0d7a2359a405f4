import { copyFileSync, linkSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from '../lib/report.mjs';
import { findProgram, run, succeeds, tail } from '../lib/run.mjs';
import { aptCommand, installWithApt } from './system-packages.mjs';

const COMPILERS = ['g++', 'c++', 'clang++'];

/** The C++ compiler of this machine, or null. */
export function findCompiler(env) {
  return COMPILERS.map((name) => findProgram(name, env)).find(Boolean) ?? null;
}

function hasPip(env) {
  return findProgram('python3', env) !== null && succeeds('python3', ['-m', 'pip', '--version']);
}

/**
 * Sees to what the wheels need on the machine: pip to fetch them, a C++ compiler for the binding.
 * @returns the path of the compiler (null when none was asked for and none is there)
 * @throws SetupError naming what is missing and how to get it
 */
export async function requireTools(context, { pip, compiler }) {
  const missing = () => [
    ...(compiler && !findCompiler(context.env) ? ['g++'] : []),
    ...(pip && !hasPip(context.env) ? ['python3-pip'] : []),
  ];
  if (missing().length > 0) await installWithApt(context, 'tensorflow', missing());
  const still = missing();
  if (still.length === 0) return findCompiler(context.env);
  const names = still.map((name) => (name === 'g++' ? 'a C++ compiler (g++)' : 'Python 3 with pip'));
  throw new SetupError(
    `this machine lacks ${names.join(' and ')}.`,
    `Install what is missing (Debian, Ubuntu: \`${aptCommand(still)}\`); the next set-up then tries again.`,
  );
}

/** What this machine offers to the steps, as one string: when it changes, another try is worth it. */
export function conditionsOf(env, routes) {
  return [...routes, ...[...COMPILERS, 'python3'].filter((name) => findProgram(name, env))].join(' ');
}

/** Puts a file of the cache at another place: as a hard link on the same disk, else as a symbolic one, else as a copy. */
export function linkFile(file, target) {
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  for (const way of [linkSync, symlinkSync]) {
    try {
      return way(file, target);
    } catch {
      // Another disk, or a system that does not allow links to everyone.
    }
  }
  copyFileSync(file, target);
}

/** Loads TensorFlow as the program does and multiplies two matrices: only what computes right is called installed. */
const PROOF = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node-gpu');
const product = tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).arraySync();
if (JSON.stringify(product) !== '[[19,22],[43,50]]') throw new Error('wrong product ' + JSON.stringify(product));
process.stdout.write('version=' + tf.backend().binding.TF_Version + ';');
`;

/**
 * @returns the version that TensorFlow says it is
 * @throws SetupError when it does not load or computes wrong (an old CPU, a missing library)
 */
export async function proveTensorflow(context) {
  const env = { ...context.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const result = await run(process.execPath, ['-e', PROOF], { cwd: context.root, env });
  const version = /version=([^;\s]+);/.exec(result.output)?.[1];
  if (result.code === 0 && version) return version;
  throw new SetupError('it is in place but does not run on this machine.', '', tail(result.output, 6));
}

/** Takes a TensorFlow that does not run out of the package again, so that the program does not try to load it. */
export function removeNative(packageFolder) {
  for (const name of ['lib', 'deps']) rmSync(join(packageFolder, name), { recursive: true, force: true });
}
