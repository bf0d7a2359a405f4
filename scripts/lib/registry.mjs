import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bytesBelow, fileHash, freshFolder, sizeOf } from './cache.mjs';
import { megabytes, SetupError } from './report.mjs';
import { npmCommand, run, tail } from './run.mjs';
import { wheelTarget } from '../sources.mjs';

function checkHash(title, expected, got, file) {
  if (expected === got) return;
  rmSync(file, { force: true });
  throw new SetupError(
    `${title}: the file that arrived is not the one that was expected (hash ${got}, expected ${expected}).`,
    'It was deleted. Run the command again; if this repeats, something between this machine and the registry alters files.',
    '',
    { again: true },
  );
}

/**
 * A file fetched by a registry's own client into an empty `.part` folder, checked, then moved to its place in the
 * cache. What was interrupted is thrown away; what is complete is not fetched again.
 * @returns the path of the checked file
 */
async function fetchWithClient(context, { step, title, file, bytes, hash, client, missing }) {
  const folder = join(context.cache, 'downloads');
  const target = join(folder, file);
  if (sizeOf(target) >= 0) {
    if ((await hash.of(target)) === hash.value) return target;
    context.report.note(`${title}: the file in the cache is damaged; fetching it again`);
  }
  const started = Date.now();
  context.report.start(step, `fetching ${title}${bytes ? `, ${megabytes(bytes)}` : ''}`);
  const part = freshFolder(join(folder, `${file}.part`));
  const [program, args, env] = client(part);
  const onTick = (got) =>
    got > 0 && context.report.progress(step, `${megabytes(got)}${bytes ? ` of ${megabytes(bytes)}` : ''}`);
  const result = await run(program, args, {
    env: { ...context.env, ...env },
    cwd: part,
    stallMs: 120_000,
    alive: () => bytesBelow(part),
    onTick,
  });
  const name = readdirSync(part).find((entry) => /\.(whl|tgz)$/.test(entry));
  if (result.code !== 0 || name === undefined) {
    rmSync(part, { recursive: true, force: true });
    throw new SetupError(
      `${title} could not be fetched${result.stalled ? ': nothing arrived for two minutes' : ''}.`,
      missing,
      tail(result.output),
    );
  }
  const arrived = join(part, name);
  checkHash(title, hash.value, await hash.of(arrived), arrived);
  renameSync(arrived, target);
  rmSync(part, { recursive: true, force: true });
  context.report.done(step, `${title} fetched and checked, ${megabytes(statSync(target).size)}`, started);
  return target;
}

/** A Python wheel, fetched by pip whatever the version of that Python is, and checked by its SHA-256. */
export function fetchWheel(context, step, wheel) {
  return fetchWithClient(context, {
    step,
    title: `${wheel.name} ${wheel.version}`,
    file: `${wheel.name}-${wheel.version}.whl`,
    bytes: wheel.bytes,
    hash: { value: wheel.sha256, of: (file) => fileHash(file) },
    missing: 'Check the network connection and that `python3 -m pip download` works here, then run the command again.',
    client: (part) => {
      const temporary = join(part, 'pip');
      mkdirSync(temporary, { recursive: true });
      const platforms = wheelTarget.platforms.flatMap((platform) => ['--platform', platform]);
      const args = [
        '-m',
        'pip',
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--no-cache-dir',
        '--progress-bar',
        'off',
      ];
      const what = [
        '--python-version',
        wheelTarget.python,
        ...platforms,
        '--dest',
        part,
        `${wheel.name}==${wheel.version}`,
      ];
      // pip writes to its temporary folder first; here it can be seen growing, and is on the same disk.
      return ['python3', [...args, ...what], { TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1' }];
    },
  });
}

/** An npm package's tarball, fetched by npm and checked by its SHA-512 integrity. */
export function fetchNpmTarball(context, step, { title, name, version, integrity, bytes }) {
  return fetchWithClient(context, {
    step,
    title,
    file: `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`,
    bytes,
    hash: { value: integrity, of: async (file) => `sha512-${await fileHash(file, 'sha512', 'base64')}` },
    missing:
      'Check the network connection and that `npm view electron version` works here, then run the command again.',
    client: (part) => {
      const [program, before] = npmCommand(context.env);
      return [
        program,
        [...before, 'pack', `${name}@${version}`, '--pack-destination', part, '--ignore-scripts', '--silent'],
        {},
      ];
    },
  });
}
