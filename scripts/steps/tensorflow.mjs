import { copyFileSync, linkSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson, sizeOf, writeJson } from '../lib/cache.mjs';
import { SetupError } from '../lib/report.mjs';
import { findProgram, run, succeeds, tail } from '../lib/run.mjs';
import { tensorflowCpu, tensorflowCuda } from '../sources.mjs';
import { installWithApt } from './system-packages.mjs';
import { tensorflowOfficial } from './tensorflow-official.mjs';
import { glibcVersion, hasNvidiaGpu, planTensorflow, shouldTryAgain } from './tensorflow-plan.mjs';
import { tensorflowFromWheels } from './tensorflow-wheel.mjs';

/** Loads TensorFlow as the program does and multiplies two matrices: only what computes right is called installed. */
const PROOF = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node-gpu');
const product = tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).arraySync();
if (JSON.stringify(product) !== '[[19,22],[43,50]]') throw new Error('wrong product ' + JSON.stringify(product));
process.stdout.write('version=' + tf.backend().binding.TF_Version);
`;

/** Links the files of the cache into the package: as hard links where both are on one disk, else as symbolic ones. */
function linkInto(packageFolder, files) {
  for (const [place, file] of Object.entries(files)) {
    const target = join(packageFolder, place);
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { force: true });
    try {
      linkSync(file, target);
    } catch {
      try {
        symlinkSync(file, target);
      } catch {
        copyFileSync(file, target);
      }
    }
  }
}

async function prove(context) {
  const result = await run(process.execPath, ['-e', PROOF], {
    cwd: context.root,
    env: { ...context.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  const version = /version=(\S+)/.exec(result.output)?.[1];
  if (result.code === 0 && version) return version;
  throw new SetupError(
    'TensorFlow was put in place but does not run here.',
    'Thaw uses the portable backend instead.',
    tail(result.output, 6),
  );
}

/** What the wheels need on the machine: a C++ compiler and a Python with pip. Installed where that is possible. */
async function requireTools(context) {
  const compiler = () =>
    findProgram('g++', context.env) ?? findProgram('c++', context.env) ?? findProgram('clang++', context.env);
  const hasPip = () => findProgram('python3', context.env) !== null && succeeds('python3', ['-m', 'pip', '--version']);
  const missing = [...(compiler() ? [] : ['g++']), ...(hasPip() ? [] : ['python3-pip'])];
  if (missing.length > 0) await installWithApt(context, 'tensorflow', missing);
  context.compiler = compiler();
  if (context.compiler && hasPip()) return;
  const names = [
    ...(context.compiler ? [] : ['a C++ compiler (g++)']),
    ...(hasPip() ? [] : ['Python 3 with pip']),
  ].join(' and ');
  throw new SetupError(
    `${names} ${names.includes(' and a') || names.includes(') and') ? 'are' : 'is'} missing.`,
    'Install g++ and python3-pip (Debian, Ubuntu: `sudo apt-get install g++ python3-pip`), then run `npm run setup -- --retry`.',
  );
}

/** What decides about another try, as one string. */
function conditionsOf(context, routes) {
  return [...routes, ...['g++', 'c++', 'clang++', 'python3'].filter((name) => findProgram(name, context.env))].join(
    ' ',
  );
}

async function tryRoute(context, packageFolder, route) {
  if (route === 'official') return tensorflowOfficial(context, packageFolder);
  await requireTools(context);
  return tensorflowFromWheels(context, packageFolder, route === 'cuda' ? tensorflowCuda : tensorflowCpu);
}

function isComplete(packageFolder, record) {
  return (
    record.route !== 'portable' &&
    Object.entries(record.files ?? {}).every(([place, size]) => sizeOf(join(packageFolder, place)) === size)
  );
}

async function install(context, packageFolder, routes) {
  const reasons = [];
  for (const route of routes) {
    if (route === 'portable') break;
    const started = Date.now();
    try {
      const { files, title } = await tryRoute(context, packageFolder, route);
      linkInto(packageFolder, files);
      const version = await prove(context);
      context.report.done('tensorflow', `${title} ready, computes right, version ${version}`, started);
      const sizes = Object.fromEntries(
        Object.keys(files).map((place) => [place, statSync(join(packageFolder, place)).size]),
      );
      return { route, title, version, files: sizes, reasons };
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      reasons.push(`${route}: ${error.message} ${error.toDo}`);
      context.report.line(
        `               not by way of ${describe(route)}: ${error.message} ${error.details ? `(${error.details.split('\n').at(-1)})` : ''}`,
      );
    }
  }
  return { route: 'portable', title: 'portable backend (WebAssembly)', version: null, files: {}, reasons };
}

function describe(route) {
  return { cuda: 'the CUDA wheels', official: 'the official libraries', wheel: 'the TensorFlow wheel' }[route] ?? route;
}

/** TensorFlow behind @tensorflow/tfjs-node-gpu, by the first way that works; never silent about which one that is. */
export async function setUpTensorflow(context) {
  const packageFolder = join(context.root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  const recordFile = join(packageFolder, 'thaw.json');
  const routes = planTensorflow({
    platform: process.platform,
    arch: process.arch,
    glibc: glibcVersion(),
    gpu: hasNvidiaGpu(),
    forced: context.env.THAW_BACKEND,
  });
  const conditions = conditionsOf(context, routes);
  let record = readJson(recordFile);
  const settled =
    record !== null &&
    (record.route === 'portable'
      ? !shouldTryAgain(record, conditions, Date.now(), context.retry)
      : isComplete(packageFolder, record));
  if (settled) {
    context.report.inPlace(
      'tensorflow',
      `${record.title}${record.route === 'portable' ? ` – ${record.reasons.at(-1) ?? 'as asked by THAW_BACKEND'}` : ''}`,
    );
  } else {
    record = { ...(await install(context, packageFolder, routes)), conditions, at: Date.now() };
    writeJson(recordFile, record);
    if (record.route === 'portable')
      context.report.line(
        `  tensorflow   portable backend (WebAssembly): right, but several times slower. ${record.reasons.at(-1) ?? ''}`,
      );
  }
  const { route, title, version, reasons } = record;
  context.facts.tensorflow = { route, title, version, reasons };
}
