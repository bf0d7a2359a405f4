import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './statistics';

/** What a result is of; `minutes` 0 for what has no time given. */
export interface ResultKey {
  readonly set: string;
  readonly method: string;
  readonly minutes: number;
  readonly seed: number;
}

/** One accuracy, 0 to 1. */
export interface Result extends ResultKey {
  readonly accuracy: number;
}

const columns = 'set,method,minutes,seed,accuracy';

/** Results in a CSV file, one line each as they come: what is there is not measured again. */
export class ResultBook {
  private readonly file: string;
  private readonly results: Result[];

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, 'results.csv');
    if (!existsSync(this.file)) writeFileSync(this.file, `${columns}\n`);
    const text = readFileSync(this.file, 'utf8');
    // A line that was cut off has fewer cells and is measured again; the next one must not be written behind it.
    if (!text.endsWith('\n')) appendFileSync(this.file, '\n');
    const lines = text.split('\n').slice(1);
    this.results = lines
      .map((line) => line.split(','))
      .flatMap((cells) => (cells.length === 5 ? [resultOf(cells)] : []));
  }

  /** Measures what is not in the book yet and writes it down; null is not written. */
  async once(key: ResultKey, measure: () => Promise<number | null>): Promise<void> {
    if (this.results.some((each) => idOf(each) === idOf(key))) return;
    const accuracy = await measure();
    if (accuracy === null) return;
    this.results.push({ ...key, accuracy });
    appendFileSync(this.file, `${idOf(key)},${accuracy}\n`);
  }

  /** All results of a set. */
  of(set: string): readonly Result[] {
    return this.results.filter((each) => each.set === set);
  }

  /** Writes a Markdown table, a line a set, a column a method; returns its path. */
  write(): string {
    const methods = [...new Set(this.results.map(methodOf))];
    const cell = (set: string, method: string): string => {
      const found = this.of(set).filter((each) => methodOf(each) === method);
      if (found.length === 0) return '–';
      const percent = (value: number): string => (100 * value).toFixed(2);
      const all = found.map((each) => percent(each.accuracy)).join(' ');
      return found.length === 1 ? all : `${percent(median(found.map((each) => each.accuracy)))} (${all})`;
    };
    const lines = [...new Set(this.results.map(({ set }) => set))].map(
      (set) => `| ${[set, ...methods.map((method) => cell(set, method))].join(' | ')} |`,
    );
    const file = join(this.folder, 'results.md');
    const head = `| set | ${methods.join(' | ')} |\n|${' --- |'.repeat(methods.length + 1)}`;
    writeFileSync(file, `${head}\n${lines.join('\n')}\n`);
    return file;
  }
}

function idOf({ set, method, minutes, seed }: ResultKey): string {
  return [set, method, minutes, seed].join(',');
}

function methodOf({ method, minutes }: ResultKey): string {
  return minutes === 0 ? method : `${method}, ${minutes} min`;
}

function resultOf([set = '', method = '', minutes, seed, accuracy]: readonly string[]): Result {
  return { set, method, minutes: Number(minutes), seed: Number(seed), accuracy: Number(accuracy) };
}
