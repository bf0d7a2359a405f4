import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, sizeOf, writeJson } from '../lib/cache.mjs';
import { SetupError } from '../lib/report.mjs';
import { tensorflowCpu, tensorflowCuda } from '../sources.mjs';
import { tensorflowOfficial } from './tensorflow-official.mjs';
import { glibcVersion, hasNvidiaGpu, planTensorflow, shouldTryAgain } from './tensorflow-plan.mjs';
import { conditionsOf, linkFile, proveTensorflow, removeNative } from './tensorflow-tools.mjs';
import { tensorflowFromWheels } from './tensorflow-wheel.mjs';

const ROUTES = {
  cuda: { name: 'the CUDA wheels', get: (context, folder) => tensorflowFromWheels(context, folder, tensorflowCuda) },
  official: { name: 'the official libraries', get: tensorflowOfficial },
  wheel: {
    name: 'the TensorFlow wheel',
    get: (context, folder) => tensorflowFromWheels(context, folder, tensorflowCpu),
  },
};

function isComplete(packageFolder, files) {
  return Object.entries(files).every(([place, size]) => sizeOf(join(packageFolder, place)) === size);
}

function isSettled(context, packageFolder, record, conditions) {
  if (record === null) return false;
  if (record.route === 'portable') return !shouldTryAgain(record, conditions, Date.now(), context.retry);
  return isComplete(packageFolder, record.files);
}

async function installByRoute(context, packageFolder, route) {
  const started = Date.now();
  const { files, title } = await ROUTES[route].get(context, packageFolder);
  for (const [place, file] of Object.entries(files)) linkFile(file, join(packageFolder, place));
  const version = await proveTensorflow(context);
  context.report.done('tensorflow', `${title} ready: version ${version}, computes right`, started);
  const sizes = Object.keys(files).map((place) => [place, statSync(join(packageFolder, place)).size]);
  return { route, title, version, files: Object.fromEntries(sizes) };
}

/** Tries one way after the other. @returns the record of the first that works, or of the portable backend */
async function install(context, packageFolder, routes) {
  const reasons = [];
  let again = false;
  for (const route of routes.filter((name) => name !== 'portable')) {
    try {
      return { ...(await installByRoute(context, packageFolder, route)), reasons };
    } catch (error) {
      // A full disk or a folder that cannot be written ends the set-up; only what speaks against this way is passed over.
      if (!(error instanceof SetupError)) throw error;
      removeNative(packageFolder);
      again ||= error.again;
      reasons.push(`Not by way of ${ROUTES[route].name}: ${error.message} ${error.toDo}`.trim());
      context.report.note(`not by way of ${ROUTES[route].name}: ${error.message} ${error.details}`.trim());
    }
  }
  if (reasons.length === 0)
    reasons.push(`There is no TensorFlow for ${process.platform} ${process.arch} (or THAW_BACKEND asked for none).`);
  const record = {
    route: 'portable',
    title: 'portable backend (WebAssembly)',
    version: null,
    files: {},
    reasons,
    again,
  };
  context.report.note(`${record.title} instead: right, but slower. ${reasons.at(-1)}`);
  return record;
}

/** TensorFlow behind @tensorflow/tfjs-node-gpu, by the first way that works; never silent about which one that is. */
export async function setUpTensorflow(context) {
  const packageFolder = join(context.root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  const recordFile = join(packageFolder, 'thaw.json');
  const machine = { platform: process.platform, arch: process.arch, glibc: glibcVersion(), gpu: hasNvidiaGpu() };
  const routes = planTensorflow({ ...machine, forced: context.env.THAW_BACKEND });
  const conditions = conditionsOf(context.env, routes);
  let record = readJson(recordFile);
  if (isSettled(context, packageFolder, record, conditions)) {
    const why = record.route === 'portable' ? `. ${record.reasons.at(-1)}` : '';
    context.report.inPlace('tensorflow', `${record.title}${why}`);
  } else {
    record = { ...(await install(context, packageFolder, routes)), conditions, at: Date.now() };
    writeJson(recordFile, record);
  }
  const { route, title, version, reasons } = record;
  context.facts.tensorflow = { route, title, version, reasons };
}
