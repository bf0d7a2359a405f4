import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What one measurement gave: numbers by name. */
export type Measurement = Readonly<Record<string, number>>;

/** A process that gets ready once and then measures whenever it is asked: product and peer take turns like this. */
export class Contestant {
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private readonly errors: string[] = [];
  private wake: () => void = () => undefined;
  private ended = false;

  private constructor(command: readonly string[], env: NodeJS.ProcessEnv) {
    const [program = '', ...args] = command;
    this.child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdout, stderr } = this.child;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.heard(line));
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors.push(text);
      if (this.errors.length > 200) this.errors.shift();
    });
    // A process that ends while it is written to is told by `close`; the pipe need not throw as well.
    this.child.stdin?.on('error', () => undefined);
    this.child.on('error', (error) => this.errors.push(error.message));
    this.child.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  /**
   * Starts a process and waits until it can measure.
   * @throws Error with the end of what it wrote to its standard error
   */
  static async start(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Contestant> {
    const contestant = new Contestant(command, env);
    await contestant.answer();
    return contestant;
  }

  /** Measures once. */
  async measure(): Promise<Measurement> {
    this.child.stdin?.write('measure\n');
    return (await this.answer()) as Measurement;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    if (this.ended) return;
    this.child.stdin?.end();
    const force = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    while (!this.ended) await this.more();
    clearTimeout(force);
  }

  private heard(line: string): void {
    if (line.startsWith('@@')) this.lines.push(line.slice(2));
    else if (line.trim() !== '') this.errors.push(`${line}\n`);
    this.wake();
  }

  private async answer(): Promise<unknown> {
    for (;;) {
      const line = this.lines.shift();
      if (line !== undefined) return JSON.parse(line);
      if (this.ended) throw new Error(this.errors.join('').trim().split('\n').slice(-12).join('\n'));
      await this.more();
    }
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

/** Lets contestants measure in turn, `repeats` times each; by name, in order. */
export async function inTurn(
  contestants: Readonly<Record<string, Contestant>>,
  repeats: number,
): Promise<Readonly<Record<string, readonly Measurement[]>>> {
  const all = Object.entries(contestants);
  const results: Record<string, Measurement[]> = Object.fromEntries(all.map(([name]) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [name, contestant] of all) results[name]?.push(await contestant.measure());
  }
  return results;
}
