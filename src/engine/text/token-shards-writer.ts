import { open, type FileHandle } from 'node:fs/promises';
import { fileError } from '../weights/file-error';
import { idWidth, type ShardHeader } from './shard-files';
import { ShardFolder } from './shard-folder';
import type { Vocabulary } from './vocabulary';

const BUFFERED_BYTES = 1 << 20;

/** Writes token shards document by document, for ids that are final already; the folder appears with {@link finish}. */
export class TokenShardsWriter {
  private readonly folder: ShardFolder;
  private readonly vocabulary: Vocabulary;
  private readonly handle: FileHandle;
  private readonly width: 2 | 4;
  private readonly buffer = Buffer.alloc(BUFFERED_BYTES);
  private readonly lengths: number[] = [];
  private used = 0;

  private constructor(folder: ShardFolder, vocabulary: Vocabulary, handle: FileHandle) {
    this.folder = folder;
    this.vocabulary = vocabulary;
    this.handle = handle;
    this.width = idWidth(vocabulary.size);
  }

  /** Begins a folder `dir`. @throws AppError as {@link ShardFolder.begin} */
  static async create(dir: string, vocabulary: Vocabulary): Promise<TokenShardsWriter> {
    const folder = await ShardFolder.begin(dir);
    return new TokenShardsWriter(folder, vocabulary, await open(folder.paths.ids, 'w'));
  }

  /** Appends a document. */
  async append(ids: ArrayLike<number>): Promise<void> {
    for (let i = 0; i < ids.length; i++) {
      if (this.used + this.width > this.buffer.length) await this.flush();
      this.used =
        this.width === 2
          ? this.buffer.writeUInt16LE(ids[i] ?? 0, this.used)
          : this.buffer.writeUInt32LE(ids[i] ?? 0, this.used);
    }
    this.lengths.push(ids.length);
  }

  /** Puts the folder in its place. */
  async finish(): Promise<ShardHeader> {
    await this.flush();
    await this.handle.close();
    return this.folder.finish([this.lengths], this.vocabulary);
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.handle.close();
    await this.folder.discard();
  }

  private async flush(): Promise<void> {
    try {
      for (let done = 0; done < this.used;) {
        done += (await this.handle.write(this.buffer, done, this.used - done)).bytesWritten;
      }
    } catch (error) {
      throw fileError(this.folder.paths.ids, 'write', error);
    }
    this.used = 0;
  }
}
