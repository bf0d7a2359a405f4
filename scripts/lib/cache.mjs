import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * The folder that several clones share: $THAW_CACHE, else the place the platform has for caches.
 * `src/main/platform/paths.ts` says the same for the program; a test holds the two together.
 */
export function cacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  if (env.THAW_CACHE) return env.THAW_CACHE;
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'thaw', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'thaw');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'thaw');
}

/** Hash of a file as lower-case hex, read as a stream. */
export async function fileHash(file, algorithm = 'sha256', encoding = 'hex') {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest(encoding);
}

/** Short hash of any plain value: names folders after what they were made from. */
export function shortHash(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/** The parsed JSON of a file, or null where there is none or it is damaged (it is then made again). */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

export function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** An empty folder at this place; what an interrupted set-up left there is thrown away. */
export function freshFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function sizeOf(file) {
  return existsSync(file) ? statSync(file).size : -1;
}

/** Bytes of all files below a folder; 0 where there is none. Files may vanish while it looks. */
export function bytesBelow(folder) {
  let sum = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true })) {
      try {
        const stat = statSync(join(folder, String(entry)));
        if (stat.isFile()) sum += stat.size;
      } catch {
        // It was a temporary file of the client.
      }
    }
  } catch {
    return sum;
  }
  return sum;
}
