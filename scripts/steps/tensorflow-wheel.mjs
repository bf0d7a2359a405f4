import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { freshFolder, readJson, shortHash, sizeOf, writeJson } from '../lib/cache.mjs';
import { fetchWheel } from '../lib/registry.mjs';
import { megabytes, SetupError } from '../lib/report.mjs';
import { tail } from '../lib/run.mjs';
import { unzip } from '../lib/zip.mjs';
import { compileAddon, nodeHeaders } from './compile-addon.mjs';
import { requireTools } from './tensorflow-tools.mjs';

/** Only these headers are read by the binding; the wheel has 13,000. */
const HEADERS = /^tensorflow\/include\/(tensorflow\/(c|core\/platform)|tsl\/platform|xla\/tsl\/c)\//;
const LIBRARY = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;
const NOTICE = /^tensorflow\/(THIRD_PARTY_NOTICES\.txt|include\/LICENSE)$/;
/** NVIDIA's wheels: their shared libraries keep their places beside each other, as their own search paths expect. */
const NVIDIA = /^(nvidia\/[a-z_]+\/lib\/[^/]+\.so[.\d]*)$/;

/** Where a file of a wheel goes in our folder, or null when it is not needed at run time. */
export function placeOf(name) {
  const library = LIBRARY.exec(name);
  if (library) return `deps/lib/${library[1]}`;
  if (HEADERS.test(name)) return name.replace(/^tensorflow\/include/, 'include');
  const notice = NOTICE.exec(name);
  if (notice) return `licenses/tensorflow/${basename(notice[1])}`;
  const nvidia = NVIDIA.exec(name);
  if (nvidia) return `deps/${nvidia[1]}`;
  const license = /^([\w.-]+)\.dist-info\/(?:licenses\/)?(License\.txt|LICENSE[^/]*)$/i.exec(name);
  return license ? `licenses/${license[1]}/${license[2]}` : null;
}

async function unpack(context, source, folder) {
  const files = [];
  for (const wheel of source.wheels) files.push(await fetchWheel(context, 'tensorflow', wheel));
  const started = Date.now();
  context.report.start('tensorflow', `unpacking ${source.title}`);
  const temporary = freshFolder(join(context.scratch, `${basename(folder)}-${process.pid}`));
  let bytes = 0;
  for (const file of files) bytes += (await unzip(file, temporary, placeOf)).bytes;
  writeJson(join(temporary, 'unpacked.json'), { title: source.title, wheels: source.wheels, bytes });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(temporary, folder);
  for (const file of files) rmSync(file, { force: true });
  context.report.done('tensorflow', `${source.title} unpacked, ${megabytes(bytes)}`, started);
}

/** All shared libraries of NVIDIA below a folder, as paths. */
function cudaLibraries(folder) {
  const nvidia = join(folder, 'deps', 'nvidia');
  if (!existsSync(nvidia)) return [];
  return readdirSync(nvidia, { recursive: true })
    .map(String)
    .filter((name) => /\.so[.\d]*$/.test(name))
    .map((name) => join(nvidia, name));
}

/**
 * Arguments of the one compiler call. The addon finds TensorFlow by its own place in the package ($ORIGIN). With CUDA
 * its libraries are named as needed ones, so that they are loaded before TensorFlow looks for them by name: no
 * LD_LIBRARY_PATH, no CUDA installed on the system.
 * @param {{package: string, headers: string, folder: string, output: string, cuda?: string[]}} where
 */
export function compilerArguments({ package: packageFolder, headers, folder, output, cuda = [] }) {
  const libraries = join(folder, 'deps', 'lib');
  const searchPaths = [
    '$ORIGIN/../../deps/lib',
    ...new Set(cuda.map((file) => `$ORIGIN/../../deps/${dirname(file.slice(file.indexOf('nvidia/')))}`)),
  ];
  return [
    ...['-O2', '-std=c++17', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
    ...[`-I${packageFolder}`, `-I${join(folder, 'include')}`, `-I${headers}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(packageFolder, 'binding', name)),
    join(libraries, 'libtensorflow_cc.so.2'),
    join(libraries, 'libtensorflow_framework.so.2'),
    ...(cuda.length > 0 ? ['-Wl,--no-as-needed', ...cuda] : []),
    ...searchPaths.map((path) => `-Wl,-rpath,${path}`),
    ...['-o', output],
  ];
}

async function compile(context, compiler, packageFolder, folder, addon) {
  const headers = nodeHeaders(context.root);
  const cuda = cudaLibraries(folder);
  const problem = await compileAddon(context, {
    step: 'tensorflow',
    doing: 'its Node binding with %',
    compiler,
    addon,
    argumentsFor: (output) => compilerArguments({ package: packageFolder, headers, folder, output, cuda }),
  });
  if (problem === null) return;
  throw new SetupError(
    'The C++ compiler could not build TensorFlow’s Node binding.',
    'It has to know C++17 (g++ 8 or later, or clang 7 or later).',
    tail(problem, 6),
  );
}

/**
 * TensorFlow from its wheels: unpacked once a machine, the binding compiled once for each version of the npm package.
 * @returns place in the package → file in the cache
 */
export async function tensorflowFromWheels(context, packageFolder, source) {
  const folder = join(context.cache, 'tensorflow', `${source.version}-${source.kind}-linux-x64-${shortHash(source)}`);
  const { version: binding } = readJson(join(packageFolder, 'package.json'));
  const addon = join(folder, `binding-${binding}`, 'tfjs_binding.node');
  const isUnpacked = readJson(join(folder, 'unpacked.json')) !== null;
  const isCompiled = isUnpacked && sizeOf(addon) >= 0;
  // Asked before the long download: without a compiler it would be for nothing.
  const compiler = isCompiled ? null : await requireTools(context, { pip: !isUnpacked, compiler: true });
  if (!isUnpacked) await unpack(context, source, folder);
  if (!isCompiled) await compile(context, compiler, packageFolder, folder, addon);
  const files = { 'lib/napi-v8/tfjs_binding.node': addon };
  for (const name of readdirSync(join(folder, 'deps'), { recursive: true }).map(String)) {
    const file = join(folder, 'deps', name);
    if (statSync(file).isFile()) files[join('deps', name)] = file;
  }
  return { files, title: source.title };
}
