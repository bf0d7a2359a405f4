import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '../../../engine/store/process-alive';
import { AppError } from '../../../shared/errors';

/**
 * Keeps two programs (the window and the command line) from fetching the same model at once.
 * @returns lets go
 * @throws AppError `busy` while another program that is alive holds it
 */
export async function lockDownload(file: string): Promise<() => Promise<void>> {
  await mkdir(path.dirname(file), { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (attempt > 0 || (holder > 0 && holder !== process.pid && isAlive(holder))) {
      throw new AppError('busy', `This model is being downloaded already (by process ${holder}).`, {
        hint: 'Wait for it to end, or cancel it there.',
        data: { holder },
        says: { sentence: 'downloading', model: path.parse(file).name },
      });
    }
    await rm(file, { force: true }); // its holder ended without letting go
  }
}
