import { copyFile, link, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a copy of a folder that takes no space where the file system can link files. Model files are never changed in
 * place (they are written anew and renamed), so the two folders stay apart. `to` must not exist yet.
 */
export async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await linkFolder(source, target);
    // Some file systems, and two different ones, cannot link.
    else if (entry.isFile()) await link(source, target).catch(() => copyFile(source, target));
  }
}
