import { findProgram, run, succeeds, tail } from '../lib/run.mjs';
import { SetupError } from '../lib/report.mjs';

/** What Electron's window needs beyond its own files, by the names of Debian and Ubuntu. */
export const windowPackages = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libatk-bridge2.0-0'];
/** A display without a screen, for the end-to-end test. */
export const virtualDisplayPackages = ['xvfb', 'xauth'];

/** True where this process may install system packages by itself. */
export function canUseApt(context) {
  return process.platform === 'linux' && process.getuid?.() === 0 && findProgram('apt-get', context.env) !== null;
}

/** The command a person types for the same. */
export function aptCommand(packages) {
  return `sudo apt-get install ${packages.join(' ')}`;
}

/** Newer Ubuntus gave some libraries another name (libgtk-3-0t64): the one that this system knows. */
function knownName(name) {
  if (!name.startsWith('lib') || succeeds('apt-cache', ['show', '--no-all-versions', name])) return name;
  return succeeds('apt-cache', ['show', '--no-all-versions', `${name}t64`]) ? `${name}t64` : name;
}

/** Installs Debian packages, saying so. @returns false, having done nothing, where that is not possible here */
export async function installWithApt(context, step, packages) {
  if (!canUseApt(context)) return false;
  const started = Date.now();
  context.report.start(step, `installing with apt-get: ${packages.join(' ')}`);
  const env = { ...context.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages.map(knownName)], { env });
  let result = await install();
  if (result.code !== 0) {
    await run('apt-get', ['update'], { env });
    result = await install();
  }
  if (result.code !== 0) {
    throw new SetupError(
      `apt-get could not install ${packages.join(' ')}.`,
      `Try it by hand: ${aptCommand(packages)}`,
      tail(result.output, 4),
    );
  }
  context.report.done(step, `${packages.join(' ')} installed`, started);
  return true;
}

/** The shared libraries that a program asks for and the system does not have, from the output of `ldd`. */
export function missingLibraries(lddOutput) {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}

/**
 * What the window needs from the system: the libraries of Electron and, for tests, a virtual display.
 * @throws SetupError naming what is missing and the command that installs it
 */
export async function setUpSystemPackages(context, { executable, virtualDisplay }) {
  if (process.platform !== 'linux') return;
  const look = async () => {
    const libraries = missingLibraries((await run('ldd', [executable])).output);
    const display = virtualDisplay && !(findProgram('xvfb-run', context.env) && findProgram('xauth', context.env));
    return {
      libraries,
      packages: [...(libraries.length > 0 ? windowPackages : []), ...(display ? virtualDisplayPackages : [])],
    };
  };
  const before = await look();
  if (before.packages.length === 0)
    return context.report.inPlace('system', `libraries for the window${virtualDisplay ? ', xvfb' : ''}`);
  await installWithApt(context, 'system', before.packages);
  const after = await look();
  if (after.packages.length === 0) return;
  const what =
    after.libraries.length > 0
      ? `the window needs ${after.libraries.join(', ')}`
      : 'the end-to-end test needs xvfb-run and xauth';
  throw new SetupError(
    `System packages are missing: ${what}.`,
    `Install them, then run the command again: ${aptCommand(after.packages)}`,
  );
}
