import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/**
 * The JavaScript that goes with an exported ONNX model: text rules, tokenizer, word counts and blend of the engine in one
 * file without any dependency, for Node and for browsers.
 */
export default defineConfig({
  logLevel: 'warn',
  publicDir: false,
  plugins: [withoutNode()],
  build: {
    target: 'es2022',
    outDir: 'out/runtime',
    minify: false, // it is read by people who want to know what it does with their texts
    lib: {
      entry: resolve('src/engine/export/runtime/index.ts'),
      formats: ['es'],
      fileName: () => 'thaw-classifier.mjs',
    },
  },
});

/** What of Node the engine's modules import, for parts of them that the runtime never calls. */
const nodeNames: Readonly<Record<string, readonly string[]>> = {
  'node:fs': [
    'readFileSync',
    'openSync',
    'closeSync',
    'readSync',
    'fstatSync',
    'statSync',
    'existsSync',
    'createReadStream',
  ],
  'node:fs/promises': ['readFile', 'open', 'rename', 'rm', 'writeFile', 'mkdir', 'stat', 'unlink'],
  'node:path': ['join', 'dirname', 'basename', 'resolve'],
  'node:crypto': ['createHash', 'randomBytes', 'randomUUID'],
  'node:timers/promises': ['setImmediate', 'setTimeout'],
};

/** Puts functions that only complain in the place of Node's modules. */
function withoutNode(): Plugin {
  const mark = '\0without-node:';
  return {
    name: 'without-node',
    enforce: 'pre',
    resolveId: (source) => (source.startsWith('node:') ? mark + source : null),
    load(id) {
      if (!id.startsWith(mark)) return null;
      const source = id.slice(mark.length);
      const names = nodeNames[source];
      if (!names) this.error(`${source} is imported by the runtime of exported models; it must run in browsers too.`);
      const missing = `const missing = () => { throw new Error(${JSON.stringify(`${source} is not there.`)}); };`;
      return [missing, ...names.map((name) => `export const ${name} = missing;`), 'export default {};'].join('\n');
    },
  };
}
