import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from '../lib/cache.mjs';
import { SetupError } from '../lib/report.mjs';
import { run, tail } from '../lib/run.mjs';

const INPUTS = [
  'src',
  'electron.vite.config.ts',
  'runtime.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.node.json',
  'tsconfig.web.json',
];
const OUTPUTS = [
  'out/main/cli.cjs',
  'out/main/index.cjs',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'out/runtime/thaw-classifier.mjs',
];
/** The bundlers, with what they are told. */
const BUNDLES = [
  [join('electron-vite', 'bin', 'electron-vite.js'), 'build'],
  [join('vite', 'bin', 'vite.js'), 'build', '-c', 'runtime.vite.config.ts'],
];

function filesOf(root, input) {
  if (input !== 'src') return [input];
  const entries = readdirSync(join(root, input), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));
}

/** Hash of everything the build is made from: contents and names, not dates, so that a fresh clone of the same is the same. */
export function sourceStamp(root) {
  const hash = createHash('sha256');
  const files = INPUTS.flatMap((input) => filesOf(root, input)).sort();
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/** True when `out/` was built from the sources as they are. */
export function isBuilt(root) {
  return (
    OUTPUTS.every((file) => existsSync(join(root, file))) &&
    readJson(join(root, 'out', 'built.json'))?.stamp === sourceStamp(root)
  );
}

/** `out/`: main, preload, renderer and the command line, bundled. Left alone when the sources did not change. */
export async function setUpBuild(context) {
  if (isBuilt(context.root)) return context.report.inPlace('build', 'out/ is as new as the sources');
  const started = Date.now();
  const stamp = sourceStamp(context.root);
  context.report.start('build', 'bundling the sources');
  for (const [script, ...words] of BUNDLES) {
    const file = join(context.root, 'node_modules', script);
    const result = await run(process.execPath, [file, ...words], { cwd: context.root, env: context.env });
    if (result.code === 0) continue;
    throw new SetupError(
      'The sources could not be bundled.',
      'This is a fault in the sources; the lines below say where.',
      tail(result.output, 20),
    );
  }
  writeJson(join(context.root, 'out', 'built.json'), { stamp });
  context.report.done('build', 'out/ built', started);
}
