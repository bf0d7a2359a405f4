import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesBelow, readJson } from '../lib/cache.mjs';
import { duration, megabytes, SetupError } from '../lib/report.mjs';
import { npmCommand, run, tail } from '../lib/run.mjs';
import { glibcVersion } from './tensorflow-plan.mjs';

/**
 * Whether an optional package is meant for a machine. Only those that name their systems are judged (native code for
 * one platform each); the others are npm's business.
 */
function fits(wanted, machine) {
  if (!wanted.os && !wanted.cpu) return false;
  const inside = (list, value) => !list || list.includes(value);
  return inside(wanted.os, machine.platform) && inside(wanted.cpu, machine.arch) && inside(wanted.libc, machine.libc);
}

/**
 * Which packages of package-lock.json are not installed as it says. npm writes node_modules/.package-lock.json as the
 * last thing of an installation, so an interrupted one leaves none and shows here as everything missing. Native code
 * for this machine is asked for too: npm passes over an optional package that it could not fetch.
 */
export function missingPackages(lock, installed, machine) {
  const present = installed?.packages ?? {};
  const missing = [];
  for (const [path, wanted] of Object.entries(lock.packages)) {
    const optional = wanted.optional || wanted.devOptional;
    if (path === '' || wanted.link || (optional && !fits(wanted, machine))) continue;
    // Inside of a package for another machine (a binding's own dependencies) nothing is installed either.
    if (
      optional &&
      /node_modules\/.*node_modules\//.test(path) &&
      !present[path.replace(/\/node_modules\/(@[^/]+\/)?[^/]+$/, '')]
    )
      continue;
    const got = present[path];
    if (got?.version !== wanted.version || got?.integrity !== wanted.integrity)
      missing.push(path.replace(/^.*node_modules\//, ''));
  }
  return missing;
}

/**
 * Installs with npm. `install --no-save` and not `ci`: the lock file may lack native packages of platforms on which it
 * was never written, which `ci` refuses and `install` fetches. After an interruption everything is taken anew, because
 * a package that was half unpacked looks whole to npm; what was downloaded is in npm's own cache.
 */
async function install(context, onTick) {
  const modules = join(context.root, 'node_modules');
  const mark = join(context.root, '.thaw', 'installing-packages');
  if (existsSync(mark) || !existsSync(join(modules, '.package-lock.json')))
    rmSync(modules, { recursive: true, force: true });
  mkdirSync(join(context.root, '.thaw'), { recursive: true });
  writeFileSync(mark, '');
  const [program, before] = npmCommand(context.env);
  const args = [...before, 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = await run(program, args, { cwd: context.root, env: context.env, onTick });
  if (result.code !== 0) {
    const toDo = 'Check the network connection and run the command again: npm keeps what it already has.';
    throw new SetupError('npm could not install the packages.', toDo, tail(result.output));
  }
  rmSync(mark, { force: true });
}

/** node_modules as package-lock.json says, each package checked by npm against the integrity hash in the lock file. */
export async function setUpPackages(context) {
  const lock = readJson(join(context.root, 'package-lock.json'));
  if (lock === null) {
    throw new SetupError(
      'package-lock.json is missing or damaged.',
      'Get it back with `git checkout package-lock.json`.',
    );
  }
  const machine = { platform: process.platform, arch: process.arch, libc: glibcVersion() === null ? 'musl' : 'glibc' };
  const look = () => missingPackages(lock, readJson(join(context.root, 'node_modules', '.package-lock.json')), machine);
  const missing = look();
  const isInterrupted = existsSync(join(context.root, '.thaw', 'installing-packages'));
  if (missing.length === 0 && !isInterrupted)
    return context.report.inPlace('packages', 'npm packages as in package-lock.json');
  const started = Date.now();
  context.report.start(
    'packages',
    `installing npm packages (${missing.length > 3 ? missing.length : missing.join(', ')} missing)`,
  );
  await install(context, () => context.report.progress('packages', `at work for ${duration(Date.now() - started)}`));
  const still = look();
  if (still.length > 0) {
    throw new SetupError(
      `npm left out ${still.join(', ')}.`,
      'Check the network connection and run the command again.',
    );
  }
  const size = megabytes(bytesBelow(join(context.root, 'node_modules')));
  context.report.done('packages', `npm packages installed and checked, ${size}`, started);
}
