import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import * as os from 'node:os';
import { dirname, join } from 'node:path';

/** What the machine has, in bytes and counts. */
export interface SystemFacts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  /** Free bytes on the disk of a folder; null where the system does not say. */
  readonly freeDiskBytes: number | null;
  readonly nvidiaGpu: boolean;
}

/** Looks at the machine. `folder` names the disk; it need not exist yet. */
export function systemFacts(folder: string): SystemFacts {
  return {
    platform: process.platform,
    arch: process.arch,
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: usableCores(),
    memoryBytes: usableMemory(),
    freeMemoryBytes: freemem(),
    freeDiskBytes: freeDisk(folder),
    nvidiaGpu: hasNvidiaGpu(),
  };
}

/** Cores this process may use; Node counts a container's limits in newer versions only, so it may say more. */
export function usableCores(): number {
  return typeof os.availableParallelism === 'function' ? os.availableParallelism() : cpus().length;
}

/** Memory this process may use, in bytes: the container's limit where there is a lower one. */
function usableMemory(): number {
  const limit = (process as { constrainedMemory?: () => number | undefined }).constrainedMemory?.() ?? 0;
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

function freeDisk(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(existingParent(folder));
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** The folder itself or the nearest one above it that exists. */
export function existingParent(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existingParent(dirname(folder));
}

/** True when files can be written to a folder, or the folder can be made. */
export function isWritable(folder: string): boolean {
  try {
    accessSync(existingParent(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Bytes of all files below a folder; 0 where there is none. */
export function folderBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += folderBytes(path);
    else if (entry.isFile()) sum += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return sum;
}

function hasNvidiaGpu(): boolean {
  try {
    return readdirSync('/proc/driver/nvidia/gpus').length > 0;
  } catch {
    return false;
  }
}
