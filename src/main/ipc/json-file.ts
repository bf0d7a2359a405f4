import { mkdirSync, readFileSync, renameSync, openSync, writeSync, fsyncSync, closeSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';

/**
 * A small JSON file that outlives a crash: written beside its place, flushed, then renamed over it, and parsed with a
 * schema when read. For settings and what the shell remembers, never for data of a project.
 */
export class JsonFile<T> {
  private current: T;

  /** @param initial the content where there is no file yet, or none that can be read */
  constructor(
    private readonly file: string,
    private readonly schema: z.ZodType<T>,
    initial: T,
  ) {
    this.current = this.read() ?? initial;
  }

  /** What the file holds. */
  get value(): T {
    return this.current;
  }

  /** Keeps a new content at once. @throws the system's error where it cannot be written */
  set(value: T): void {
    this.current = value;
    mkdirSync(path.dirname(this.file), { recursive: true });
    const temporary = `${this.file}.${process.pid}.tmp`;
    const handle = openSync(temporary, 'w', 0o600);
    try {
      writeSync(handle, `${JSON.stringify(value, null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, this.file);
  }

  private read(): T | null {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch {
      return null; // the first start
    }
    try {
      return this.schema.parse(JSON.parse(text));
    } catch {
      this.putAside();
      return null;
    }
  }

  /** A file that cannot be read is kept beside its place, so that nothing is lost without a trace. */
  private putAside(): void {
    try {
      renameSync(this.file, `${this.file}.unreadable`);
    } catch {
      // Not even that: it will be overwritten by the next `set`.
    }
  }
}
