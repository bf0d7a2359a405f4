import { randomBytes } from 'node:crypto';
import { open, mkdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileError } from './file-error';

/**
 * Writes `file` so that after a crash or a kill either the old or the whole new content is there, never a part:
 * temporary file in the same folder, fsync, rename over the old one, fsync of the folder. Makes the folder if needed.
 *
 * @param write puts the content into the open temporary file
 * @throws AppError `disk-full` or `file-unreadable`; the temporary file is gone then and the old file untouched
 */
export async function writeAtomic(file: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(temporary, file);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(file, 'write', error);
  }
}

/** {@link writeAtomic} for content that is in memory already. */
export async function writeBytesAtomic(file: string, content: Uint8Array | string): Promise<void> {
  await writeAtomic(file, (handle) => handle.writeFile(content));
}

/** {@link writeAtomic} of a value as indented JSON with a line end. */
export async function writeJsonAtomic(file: string, value: unknown): Promise<void> {
  await writeBytesAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** On Windows a virus scanner or an indexer may hold the target for a moment: try again for about a second. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (process.platform !== 'win32' || attempt === 8 || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
      await sleep(10 * 2 ** attempt);
    }
  }
}

/** The rename itself survives a power cut only once the folder is on disk; Windows cannot open folders and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network and FUSE file systems refuse to sync a folder; the file itself is synced, nothing better exists there.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}
