import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors';

let knownRoot: string | undefined;

/**
 * The folder of the application: where Thaw's package.json is (the clone, or the packed application).
 * Found by walking up from this file, so that it is the same for a bundle, one of its chunks and the sources.
 * @throws AppError `internal` when no folder above has it
 */
export function applicationRoot(): string {
  if (knownRoot !== undefined) return knownRoot;
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (isThaw(join(folder, 'package.json'))) return (knownRoot = folder);
    if (dirname(folder) === folder) {
      throw new AppError('internal', `No package.json of Thaw in ${__dirname} or a folder above it.`);
    }
  }
}

function isThaw(file: string): boolean {
  if (!existsSync(file)) return false;
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof content === 'object' && content !== null && 'name' in content && content.name === 'thaw';
}

/** The folder of the built entry files (`training-worker.cjs` …); also right when the caller runs from the sources. */
export function bundleFolder(): string {
  return join(applicationRoot(), 'out', 'main');
}

/** The folder of what ships with Thaw: icons, the starter language model, the sample data. */
export function resourcesFolder(): string {
  return join(applicationRoot(), 'resources');
}

/** Where set-up wrote what it found and did; absent in a packed application. */
export function setupFactsFile(): string {
  return join(applicationRoot(), 'node_modules', '.thaw-setup.json');
}

/** What of the machine decides about the cache folder. */
export interface CacheSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * The folder for what can be fetched or made again; several clones share it.
 * `scripts/lib/cache.mjs` (which must run without a build) says the same, and a test holds the two together.
 */
export function cacheFolder(where: Partial<CacheSurroundings> = {}): string {
  const { env = process.env, platform = process.platform, home = homedir() } = where;
  if (env.THAW_CACHE) return env.THAW_CACHE;
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'thaw', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'thaw');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'thaw');
}

/**
 * The folder of the language models that were downloaded or imported; all projects share it. Unlike the cache it holds
 * what a person has asked for and may not be able to fetch again.
 */
export function modelsFolder(where: Partial<CacheSurroundings> = {}): string {
  const { env = process.env, platform = process.platform, home = homedir() } = where;
  if (env.THAW_MODELS) return env.THAW_MODELS;
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'thaw', 'models');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'thaw', 'models');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'thaw', 'models');
}
