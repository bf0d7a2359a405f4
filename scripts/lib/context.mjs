import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.mjs';

/** The folder of the clone: two up from here. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/**
 * What every step is given: where things are, how to speak, and the facts the steps find for one another
 * (written at the end to `node_modules/.thaw-setup.json`, which `thaw doctor` reads).
 */
export function createContext(report, { env = process.env, retry = false } = {}) {
  const cache = resolve(cacheFolder(env));
  return { root, cache, report, env, retry, facts: { cacheFolder: cache }, scratch: join(cache, 'unfinished') };
}

/** Where the steps leave their facts. */
export function factsFile(folder = root) {
  return join(folder, 'node_modules', '.thaw-setup.json');
}
