import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fileError } from '../weights/file-error';

/** Reads stretches of a file through a cache of its last used blocks, so that memory stays bounded however long it is. */
export class BlockFile {
  /** Bytes in the file when it was opened. */
  readonly size: number;
  private readonly file: string;
  private readonly blockSize: number;
  private readonly mostBlocks: number;
  private descriptor: number;
  /** In order of last use: a Map keeps the order in which keys were put in. */
  private readonly blocks = new Map<number, Uint8Array>();

  /** @throws AppError `file-not-found` or `file-unreadable` */
  constructor(file: string, blockSize: number, mostBlocks: number) {
    this.file = file;
    this.blockSize = blockSize;
    this.mostBlocks = mostBlocks;
    try {
      this.descriptor = openSync(file, 'r');
      this.size = fstatSync(this.descriptor).size;
    } catch (error) {
      throw fileError(file, 'read', error);
    }
  }

  /** Fills `target` with the bytes from `position` on. @throws AppError `file-unreadable` where the file ends before */
  read(target: Uint8Array, position: number): void {
    if (target.length >= this.blockSize) {
      this.readInto(target, position);
      return;
    }
    for (let done = 0; done < target.length;) {
      const at = position + done;
      const number = Math.floor(at / this.blockSize);
      const block = this.block(number);
      const from = at - number * this.blockSize;
      const part = block.subarray(from, from + target.length - done);
      if (part.length === 0) throw this.tooShort(at);
      target.set(part, done);
      done += part.length;
    }
  }

  /** Closes the file; reading afterwards is an error. */
  close(): void {
    if (this.descriptor >= 0) closeSync(this.descriptor);
    this.descriptor = -1;
    this.blocks.clear();
  }

  private block(number: number): Uint8Array {
    const known = this.blocks.get(number);
    if (known !== undefined) {
      this.blocks.delete(number);
      this.blocks.set(number, known);
      return known;
    }
    const start = number * this.blockSize;
    const block = new Uint8Array(Math.max(0, Math.min(this.blockSize, this.size - start)));
    this.readInto(block, start);
    this.blocks.set(number, block);
    if (this.blocks.size > this.mostBlocks) {
      for (const oldest of this.blocks.keys()) {
        this.blocks.delete(oldest);
        break;
      }
    }
    return block;
  }

  private readInto(target: Uint8Array, position: number): void {
    for (let done = 0; done < target.length;) {
      let count: number;
      try {
        count = readSync(this.descriptor, target, done, target.length - done, position + done);
      } catch (error) {
        throw fileError(this.file, 'read', error);
      }
      if (count === 0) throw this.tooShort(position + done);
      done += count;
    }
  }

  private tooShort(position: number): Error {
    return fileError(this.file, 'read', new Error(`the file ends at byte ${position}, more was expected`));
  }
}
