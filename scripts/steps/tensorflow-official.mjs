import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../lib/report.mjs';
import { run, tail } from '../lib/run.mjs';
import { hasNvidiaGpu } from './tensorflow-plan.mjs';

const STALL_MS = 20_000;

/** All files below a folder by their path in it, with links followed. */
function filesBelow(folder, prefix) {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true }).map(String);
  const files = names.filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile());
  return Object.fromEntries(files.map((name) => [join(prefix, name), join(folder, name)]));
}

function bytesOf(folder) {
  let sum = 0;
  for (const file of Object.values(filesBelow(folder, ''))) sum += lstatSync(file).size;
  return sum;
}

/**
 * The install script of @tensorflow/tfjs-node-gpu: it downloads libtensorflow and the built binding from TensorFlow's
 * storage host. Where the host is out of reach the script fails at once or hangs: after 20 s without a byte it is ended.
 * TensorFlow publishes no hashes for these files; what came is proved by loading it and computing with it.
 */
export async function tensorflowOfficial(context, packageFolder) {
  const deps = join(packageFolder, 'deps');
  mkdirSync(deps, { recursive: true });
  context.report.start('tensorflow', 'asking for the official libraries');
  const type = hasNvidiaGpu() ? 'gpu' : 'cpu';
  const path = [join(context.root, 'node_modules', '.bin'), context.env.PATH].join(
    process.platform === 'win32' ? ';' : ':',
  );
  const result = await run(process.execPath, [join(packageFolder, 'scripts', 'install.js'), type, 'download'], {
    cwd: packageFolder,
    env: { ...context.env, PATH: path },
    stallMs: STALL_MS,
    alive: () => bytesOf(deps),
  });
  const files = { ...filesBelow(deps, 'deps'), ...filesBelow(join(packageFolder, 'lib'), 'lib') };
  if (result.code === 0 && Object.keys(files).some((name) => name.endsWith('tfjs_binding.node'))) {
    return { files: {}, installed: files, title: 'TensorFlow, official libraries', version: '2.9.1' };
  }
  rmSync(deps, { recursive: true, force: true });
  rmSync(join(packageFolder, 'lib'), { recursive: true, force: true });
  const unreachable = /ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|CERT/.exec(result.output)?.[0];
  const why = unreachable
    ? `their host is not reachable (${unreachable})`
    : result.stalled
      ? 'their host does not answer'
      : 'their install script failed';
  throw new SetupError(`${why}.`, '', unreachable ? '' : tail(result.output, 3));
}
