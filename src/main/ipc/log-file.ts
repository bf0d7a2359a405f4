import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const largest = 1_000_000; // bytes; one older file is kept beside it

/**
 * A log file in the profile folder, for finding out later what went wrong. It stays on the machine.
 * @returns how a text is added; a log that cannot be written is given up silently, never the app with it
 */
export function openLogFile(folder: string, name: string): (text: string) => void {
  const file = path.join(folder, name);
  return (text) => {
    try {
      mkdirSync(folder, { recursive: true });
      if (sizeOf(file) > largest) renameSync(file, `${file}.1`);
      appendFileSync(file, text.endsWith('\n') ? text : `${text}\n`);
    } catch {
      // A full disk must not stop the app.
    }
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
