import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bytesBelow, freshFolder, readJson, writeJson } from '../lib/cache.mjs';
import { megabytes, SetupError } from '../lib/report.mjs';
import { run, tail } from '../lib/run.mjs';
import { hasNvidiaGpu } from './tensorflow-plan.mjs';
import { linkFile, removeNative } from './tensorflow-tools.mjs';

const STALL_MS = 20_000;
const TITLE = 'TensorFlow (official libraries)';

/** The files of the given folders by their path in the package; links give the file they lead to. */
function filesOf(packageFolder, folders) {
  const files = {};
  for (const folder of folders.filter((name) => existsSync(join(packageFolder, name)))) {
    for (const entry of readdirSync(join(packageFolder, folder), { recursive: true }).map(String)) {
      const place = join(folder, entry);
      const path = join(packageFolder, place);
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) files[place] = realpathSync(path);
    }
  }
  return files;
}

function whyNot(result) {
  const unreachable = /ENOTFOUND|ECONN\w+|ETIMEDOUT|EAI_AGAIN|ENETUNREACH/.exec(result.output)?.[0];
  if (unreachable) return new SetupError(`their host is not reachable (${unreachable}).`, '');
  if (result.stalled) return new SetupError('their host does not answer.', '');
  return new SetupError('their install script failed.', '', tail(result.output, 3));
}

async function runInstallScript(context, packageFolder) {
  removeNative(packageFolder);
  const deps = join(packageFolder, 'deps');
  mkdirSync(deps);
  const separator = process.platform === 'win32' ? ';' : ':';
  const result = await run(
    process.execPath,
    [join('scripts', 'install.js'), hasNvidiaGpu() ? 'gpu' : 'cpu', 'download'],
    {
      cwd: packageFolder,
      // The script calls node-pre-gyp by name.
      env: { ...context.env, PATH: [join(context.root, 'node_modules', '.bin'), context.env.PATH].join(separator) },
      stallMs: STALL_MS,
      alive: () => bytesBelow(packageFolder),
      onTick: (bytes) => context.report.progress('tensorflow', megabytes(bytes)),
    },
  );
  const files = filesOf(packageFolder, ['deps', 'lib']);
  if (result.code !== 0 || !Object.keys(files).some((place) => place.endsWith('tfjs_binding.node')))
    throw whyNot(result);
  return files;
}

/** Keeps what came in the cache, for the next clone. */
function keep(context, folder, files) {
  const temporary = freshFolder(join(context.scratch, `official-${process.pid}`));
  for (const [place, file] of Object.entries(files)) linkFile(file, join(temporary, place));
  writeJson(join(temporary, 'complete.json'), { places: Object.keys(files) });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(temporary, folder);
}

/**
 * The install script of @tensorflow/tfjs-node-gpu: it downloads libtensorflow and the built binding from TensorFlow's
 * storage host. Where that is out of reach the script fails at once or hangs: after 20 s without a byte it is ended.
 * No hashes are published for these files; what came is proved by loading it and computing with it.
 * @returns place in the package → file
 */
export async function tensorflowOfficial(context, packageFolder) {
  const { version } = readJson(join(packageFolder, 'package.json'));
  const type = hasNvidiaGpu() ? 'gpu' : 'cpu';
  const folder = join(context.cache, 'tensorflow', `official-${version}-${type}-${process.platform}-${process.arch}`);
  const kept = readJson(join(folder, 'complete.json'));
  if (kept !== null)
    return { files: Object.fromEntries(kept.places.map((place) => [place, join(folder, place)])), title: TITLE };
  context.report.start('tensorflow', 'asking for the official libraries');
  const started = Date.now();
  const files = await runInstallScript(context, packageFolder);
  const bytes = Object.keys(files).reduce((sum, place) => sum + statSync(join(packageFolder, place)).size, 0);
  context.report.done('tensorflow', `official libraries fetched, ${megabytes(bytes)}`, started);
  keep(context, folder, files);
  return { files: Object.fromEntries(Object.keys(files).map((place) => [place, join(folder, place)])), title: TITLE };
}
