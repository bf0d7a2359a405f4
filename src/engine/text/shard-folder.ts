import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isAlive } from '../store/process-alive';
import { AppError } from '../../shared/errors';
import { fileError } from '../weights/file-error';
import {
  idWidth,
  OFFSET_BYTES,
  SHARD_FORMAT,
  SHARD_VERSION,
  shardPaths,
  type ShardHeader,
  type ShardPaths,
} from './shard-files';
import { vocabularyJson, type Vocabulary } from './vocabulary';

/**
 * A shard folder in the making: a folder beside the wanted one, which takes its name when all is written and on disk.
 * Whoever looks sees the old folder, none, or the new one whole.
 */
export class ShardFolder {
  /** The files in the folder in the making; more may be put beside them and must be gone before {@link finish}. */
  readonly paths: ShardPaths;
  /** The folder in the making. */
  readonly folder: string;
  private readonly target: string;

  private constructor(target: string, folder: string) {
    this.target = target;
    this.folder = folder;
    this.paths = shardPaths(folder);
  }

  /**
   * Makes the folder beside `dir` and clears away what processes that are gone left there.
   * @throws AppError `bad-input` where `dir` holds something other than token shards; errors of the disk
   */
  static async begin(dir: string): Promise<ShardFolder> {
    const target = resolve(dir);
    const folder = join(dirname(target), temporaryName(target, 'partial'));
    try {
      await mkdir(dirname(target), { recursive: true });
      await refuseOtherContent(target);
      await removeLeftOvers(target);
      await mkdir(folder);
    } catch (error) {
      throw fileError(folder, 'write', error);
    }
    return new ShardFolder(target, folder);
  }

  /** Writes what is beside the ids, which must be in ids.bin already, and gives the folder its name. */
  async finish(lengths: Iterable<ArrayLike<number>>, vocabulary: Vocabulary): Promise<ShardHeader> {
    try {
      const { documents, tokens } = await writeOffsets(this.paths.offsets, lengths);
      const width = idWidth(vocabulary.size);
      const header: ShardHeader = { format: SHARD_FORMAT, version: SHARD_VERSION, documents, tokens, width };
      await writeFile(this.paths.vocabulary, vocabularyJson(vocabulary));
      await writeFile(this.paths.header, `${JSON.stringify(header, null, 2)}\n`);
      for (const file of Object.values(this.paths)) await syncFile(file as string);
      await this.moveIntoPlace();
      return header;
    } catch (error) {
      throw fileError(this.target, 'write', error);
    }
  }

  /** Removes the folder in the making. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  private async moveIntoPlace(): Promise<void> {
    const old = join(dirname(this.target), temporaryName(this.target, 'old'));
    const replaced = existsSync(this.target);
    if (replaced) await rename(this.target, old);
    try {
      await rename(this.folder, this.target);
    } catch (error) {
      if (replaced) await rename(old, this.target);
      throw error;
    }
    if (replaced) await rm(old, { recursive: true, force: true, maxRetries: 3 });
  }
}

function temporaryName(target: string, kind: 'partial' | 'old'): string {
  return `.${basename(target)}.${kind}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

async function refuseOtherContent(target: string): Promise<void> {
  if (!existsSync(target)) return;
  const content = await readdir(target);
  if (content.length === 0 || content.includes('shards.json')) return;
  throw new AppError('bad-input', `${target} is not empty and holds no token shards.`, {
    hint: 'Name another folder, or empty this one.',
    data: { folder: target },
    says: { sentence: 'folderInUse', folder: target },
  });
}

async function removeLeftOvers(target: string): Promise<void> {
  const prefix = `.${basename(target)}.`;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(?:partial|old)-(\d+)-[0-9a-f]{8}$/.exec(name.slice(prefix.length))?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(dirname(target), name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Writes where each document begins, and last where the last one ends. */
async function writeOffsets(
  file: string,
  lengths: Iterable<ArrayLike<number>>,
): Promise<{ documents: number; tokens: number }> {
  let documents = 0;
  let tokens = 0;
  const handle = await open(file, 'w');
  try {
    const first = new DataView(new ArrayBuffer(OFFSET_BYTES));
    await writeAll(handle, first);
    for (const batch of lengths) {
      const offsets = new DataView(new ArrayBuffer(batch.length * OFFSET_BYTES));
      for (let i = 0; i < batch.length; i++) {
        tokens += batch[i] ?? 0;
        offsets.setBigUint64(i * OFFSET_BYTES, BigInt(tokens), true);
      }
      await writeAll(handle, offsets);
      documents += batch.length;
    }
  } finally {
    await handle.close();
  }
  return { documents, tokens };
}

async function writeAll(handle: FileHandle, view: DataView): Promise<void> {
  for (let done = 0; done < view.byteLength;) {
    done += (await handle.write(view, done, view.byteLength - done)).bytesWritten;
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
