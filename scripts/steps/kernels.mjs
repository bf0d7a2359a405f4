import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readJson, shortHash, sizeOf, writeJson } from '../lib/cache.mjs';
import { run, tail } from '../lib/run.mjs';
import { compileAddon, nodeHeaders } from './compile-addon.mjs';
import { findCompiler, linkFile } from './tensorflow-tools.mjs';

const PLACE = join('lib', 'napi-v8', 'thaw_kernels.node');
const LIBRARIES = /^libtensorflow(?:_cc|_framework)?\.so(?:\.\d+)*$/;

/** Our own sources in a fixed order, and one hash over them and the compiler's options: a change gives another place in the cache. */
function sourcesOf(root) {
  const folder = join(root, 'native');
  const names = readdirSync(folder).filter((name) => /\.(cc|h|inc)$/.test(name));
  names.sort();
  return {
    units: names.filter((name) => name.endsWith('.cc')).map((name) => join(folder, name)),
    hash: shortHash([
      kernelArguments({ units: [], headers: '', libraries: [], output: '' }),
      names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    ]),
  };
}

/** TensorFlow's libraries in the package, each once: the newest name of those that are links to one file. */
function librariesOf(packageFolder) {
  const folder = join(packageFolder, 'deps', 'lib');
  if (!existsSync(folder)) return [];
  const bySize = new Map();
  for (const name of readdirSync(folder).filter((entry) => LIBRARIES.test(entry))) {
    bySize.set(statSync(join(folder, name)).size, join(folder, name));
  }
  return [...bySize.values()];
}

/** Arguments of the one compiler call; instruction sets are chosen inside the sources, so that one file runs anywhere. */
export function kernelArguments({ units, headers, libraries, output }) {
  return [
    ...['-O3', '-std=c++17', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-w'],
    ...['-fno-math-errno', '-fno-strict-aliasing'],
    ...[`-I${headers}`, ...units, ...libraries, '-lpthread'],
    // Node unloads an addon with the worker that loaded it; its threads and TensorFlow's registry would still point there.
    ...['-Wl,-z,nodelete', '-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', output],
  ];
}

/** Loads TensorFlow and the addon as the program does, and multiplies two matrices with it. */
const PROOF = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node-gpu');
const path = require('node:path');
const folder = path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
const facts = require(path.join(folder, 'lib', 'napi-v8', 'thaw_kernels.node')).configure(false, 0, '');
if (facts === null) { process.stdout.write('kernels=none;'); process.exit(0); }
const b = tf.backend().binding;
const make = (values) => b.createTensor([2, 2], b.TF_FLOAT, Float32Array.from(values));
const flag = (name) => ({ name, type: b.TF_ATTR_BOOL, value: false });
const flags = [flag('transpose_a'), flag('transpose_b')];
const [out] = b.executeOp('ThawProduct', flags, [make([1, 2, 3, 4]), make([5, 6, 7, 8])], 1);
const product = [...b.tensorDataSync(out.id)].join();
if (product !== '19,22,43,50') throw new Error('wrong product ' + product);
process.stdout.write('kernels=' + facts.name + ';');
`;

async function compile(context, compiler, { units }, libraries, addon) {
  const headers = nodeHeaders(context.root);
  const problem = await compileAddon(context, {
    step: 'kernels',
    doing: 'Thaw’s own with %, about half a minute',
    compiler,
    addon,
    argumentsFor: (output) => kernelArguments({ units, headers, libraries, output }),
  });
  return problem && `${basename(compiler)} could not compile them (g++ 11 or later can): ${tail(problem, 2)}`;
}

async function prove(context) {
  const env = { ...context.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const result = await run(process.execPath, ['-e', PROOF], { cwd: context.root, env });
  const name = /kernels=([^;]+);/.exec(result.output)?.[1];
  if (result.code !== 0 || !name) return { name: null, reason: `they do not run here: ${tail(result.output, 2)}` };
  if (name === 'none') return { name: null, reason: 'this processor has no AVX2' };
  return { name, reason: null };
}

async function install(context, packageFolder, version, sources) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { name: null, reason: `they are written for Linux on x64, and this is ${process.platform} ${process.arch}` };
  }
  const compiler = findCompiler(context.env);
  const addon = join(context.cache, 'kernels', `${version}-${sources.hash}`, 'thaw_kernels.node');
  if (sizeOf(addon) < 0) {
    if (compiler === null) return { name: null, reason: 'this machine has no C++ compiler (g++)' };
    const reason = await compile(context, compiler, sources, librariesOf(packageFolder), addon);
    if (reason !== null) return { name: null, reason };
  }
  linkFile(addon, join(packageFolder, PLACE));
  const proof = await prove(context);
  if (proof.name === null) rmSync(join(packageFolder, PLACE), { force: true });
  return proof;
}

/**
 * Thaw's own kernels (`native/`): one compiler call, kept in the cache by the hash of their sources. They only make
 * things faster, so what speaks against them is said and does not stop the set-up.
 */
export async function setUpKernels(context) {
  const packageFolder = join(context.root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  const { route, version } = context.facts.tensorflow;
  if (route === 'portable') {
    context.facts.kernels = { name: null, reason: 'TensorFlow itself is not there' };
    return;
  }
  const recordFile = join(packageFolder, 'thaw-kernels.json');
  const sources = sourcesOf(context.root);
  const key = `${version} ${sources.hash} ${findCompiler(context.env) ?? 'no compiler'}`;
  let record = readJson(recordFile);
  const isThere = record?.name === null || sizeOf(join(packageFolder, PLACE)) > 0;
  if (record?.key === key && isThere && !context.retry) {
    context.report.inPlace('kernels', record.name ?? `TensorFlow’s, since ${record.reason}`);
  } else {
    const started = Date.now();
    record = { ...(await install(context, packageFolder, version, sources)), key };
    writeJson(recordFile, record);
    if (record.name) context.report.done('kernels', `Thaw’s own run and compute right (${record.name})`, started);
    else context.report.note(`TensorFlow’s kernels instead of Thaw’s own (slower): ${record.reason}.`);
  }
  context.facts.kernels = { name: record.name, reason: record.reason };
}
