import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A temporary folder that is gone after the test file. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-data-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files into a temporary folder: `write('a.csv', content)` gives the path. */
export function tempFiles(): (name: string, content: string | Uint8Array) => string {
  const folder = tempFolder();
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
}

/** The fixture files of the import tests. */
export const FIXTURES = join(__dirname, '../../fixtures/data');
