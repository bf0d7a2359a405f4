import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { root, type ThawApp } from '../e2e/thaw-app';

/** What a walk has done so far: each step with its seconds, and pictures. */
export class Diary {
  readonly #name: string;
  readonly #folder: string;
  readonly #lines: string[] = [];
  #pictures = 0;

  constructor(name: string) {
    this.#name = name;
    this.#folder = path.join(process.env['THAW_WALKS'] ?? path.join(root, 'artifacts/walks'), name);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Does a step, times it, and keeps its figure. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const result = await work();
    this.note(`${what}: ${((performance.now() - begun) / 1000).toFixed(1)} s (load ${(loadavg()[0] ?? 0).toFixed(1)})`);
    return result;
  }

  /** Keeps a line. */
  note(line: string): void {
    this.#lines.push(line);
    process.stdout.write(`  ${this.#name}: ${line}\n`);
    writeFileSync(path.join(this.#folder, 'diary.txt'), `${this.#lines.join('\n')}\n`);
  }

  /** Keeps a picture of the window as it stands. */
  async look(app: ThawApp, what: string): Promise<void> {
    this.#pictures += 1;
    const number = String(this.#pictures).padStart(2, '0');
    await app.page.screenshot({ path: path.join(this.#folder, `${number}-${what}.png`) });
  }
}
