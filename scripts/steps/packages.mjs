import { join } from 'node:path';
import { bytesBelow, readJson } from '../lib/cache.mjs';
import { duration, megabytes, SetupError } from '../lib/report.mjs';
import { npmCommand, run, tail } from '../lib/run.mjs';

/**
 * Which packages of package-lock.json are not installed as it says. npm writes node_modules/.package-lock.json as the
 * last thing of an installation, so an interrupted one leaves none and shows here as everything missing.
 */
export function missingPackages(lock, installed) {
  const present = installed?.packages ?? {};
  const missing = [];
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '' || wanted.optional || wanted.devOptional || wanted.link) continue;
    const got = present[path];
    if (got?.version !== wanted.version || got?.integrity !== wanted.integrity)
      missing.push(path.replace(/^.*node_modules\//, ''));
  }
  return missing;
}

/** node_modules as package-lock.json says, each package checked by npm against the integrity hash in the lock file. */
export async function setUpPackages(context) {
  const lock = readJson(join(context.root, 'package-lock.json'));
  if (lock === null)
    throw new SetupError(
      'package-lock.json is missing or damaged.',
      'Get it back with `git checkout package-lock.json`.',
    );
  const missing = missingPackages(lock, readJson(join(context.root, 'node_modules', '.package-lock.json')));
  const count = Object.keys(lock.packages).length - 1;
  if (missing.length === 0) return context.report.inPlace('packages', `${count} npm packages`);
  const started = Date.now();
  const which = missing.length > 3 ? `${missing.length} of ${count}` : missing.join(', ');
  context.report.start('packages', `installing npm packages (${which} missing)`);
  const [program, before] = npmCommand(context.env);
  const result = await run(
    program,
    [...before, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: context.root,
      env: context.env,
      onTick: () => context.report.progress('packages', `at work for ${duration(Date.now() - started)}`),
    },
  );
  if (result.code !== 0) {
    throw new SetupError(
      'npm could not install the packages.',
      'Check the network connection and run the command again: npm keeps what it already has.',
      tail(result.output),
    );
  }
  const size = megabytes(bytesBelow(join(context.root, 'node_modules')));
  context.report.done('packages', `${count} npm packages installed and checked, ${size}`, started);
}
