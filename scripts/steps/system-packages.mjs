import { SetupError } from '../lib/report.mjs';
import { findProgram, run, tail } from '../lib/run.mjs';

/** True where this process may install system packages by itself. */
export function canUseApt(context) {
  return process.platform === 'linux' && process.getuid?.() === 0 && findProgram('apt-get', context.env) !== null;
}

/** Installs Debian packages, saying so; does nothing where that is not possible (the caller then says what to do). */
export async function installWithApt(context, step, packages) {
  if (!canUseApt(context)) return false;
  const started = Date.now();
  context.report.start(step, `installing with apt-get: ${packages.join(' ')}`);
  const env = { ...context.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  let result = await run('apt-get', install, { env });
  if (result.code !== 0) {
    await run('apt-get', ['update'], { env });
    result = await run('apt-get', install, { env });
  }
  if (result.code !== 0) {
    throw new SetupError(
      `apt-get could not install ${packages.join(' ')}.`,
      `Install them by hand, then run the command again.`,
      tail(result.output, 4),
    );
  }
  context.report.done(step, `${packages.join(' ')} installed`, started);
  return true;
}
