import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** What the files below a folder take together, in bytes; 0 for a folder that is not there. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += await folderBytes(inside);
    // A file may go while it is looked at: a run that is under way writes and deletes.
    else if (entry.isFile()) bytes += (await stat(inside).catch(() => null))?.size ?? 0;
  }
  return bytes;
}
