import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../weights/file-error';

const FLUSH_CHARACTERS = 1 << 18;

/** A name beside `path`, hidden, that no other writing takes: what is not finished stands there. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
}

/**
 * A text file (UTF-8) that is written piece by piece. What was written becomes the wanted file only with {@link close};
 * before that it stands beside it under another name, so that nobody takes half a file for a whole one.
 */
export class TextFile {
  private pending: string[] = [];
  private pendingLength = 0;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  /** Begins a file. @throws AppError of the file system */
  static async create(path: string): Promise<TextFile> {
    const temporary = temporaryBeside(path);
    const handle = await open(temporary, 'wx').catch((error: unknown) => {
      throw fileError(path, 'write', error);
    });
    return new TextFile(path, temporary, handle);
  }

  /** Adds text in memory. */
  add(text: string): void {
    this.pending.push(text);
    this.pendingLength += text.length;
  }

  /** Whether so much waits in memory that it should go to the disk. */
  get isFull(): boolean {
    return this.pendingLength >= FLUSH_CHARACTERS;
  }

  /** Puts what waits on the disk. Await it: that is the back-pressure. @throws AppError of the file system */
  async flush(): Promise<void> {
    if (this.pendingLength === 0) return;
    const text = this.pending.join('');
    this.pending = [];
    this.pendingLength = 0;
    try {
      await this.handle.appendFile(text, 'utf8');
    } catch (error) {
      throw fileError(this.path, 'write', error);
    }
  }

  /** Ends the file and puts it in its place, over an older one. @throws AppError of the file system */
  async close(): Promise<void> {
    try {
      await this.flush();
      await this.handle.sync();
      await this.handle.close();
      await rename(this.temporary, this.path);
    } catch (error) {
      await this.abort();
      throw fileError(this.path, 'write', error);
    }
  }

  /** Gives the file up: nothing is left of it. */
  async abort(): Promise<void> {
    await this.handle.close().catch(() => undefined); // closed already where close() has failed after it
    await rm(this.temporary, { force: true });
  }
}
