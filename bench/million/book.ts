import { loadavg } from 'node:os';
import { median } from '../statistics';
import { processorTime, type BenchWindow } from './window';

/** One line of the session: what was done, how long it took, and the most memory of the engine meanwhile. */
export interface Step {
  readonly part: string;
  readonly what: string;
  readonly ms: number;
  /** The slowest of several; equal to `ms` where it was done once. */
  readonly most: number;
  readonly times: number;
  /** Processor time of the engine for one of them: what a busy machine makes little longer. Null where it is not told. */
  readonly engineMs: number | null;
  readonly engineMegabytes: number;
}

/** Writes down what a session does. */
export class SessionBook {
  readonly steps: Step[] = [];
  private part = '';

  constructor(
    private readonly window: BenchWindow,
    private readonly enginePid: number,
    private readonly say: (text: string) => void,
  ) {}

  /** What comes next belongs together. */
  begin(part: string): void {
    this.part = part;
    this.say(part);
  }

  /** Does something as often as it gives times, and notes the median and the slowest. */
  async note(what: string, work: () => Promise<number | readonly number[]>): Promise<void> {
    this.window.forgetPeak(this.enginePid);
    const before = processorTime(this.enginePid);
    const measured = await work();
    const after = processorTime(this.enginePid);
    const times = typeof measured === 'number' ? [measured] : measured;
    const engine = (await this.window.memory()).find(({ pid }) => pid === this.enginePid);
    const step = {
      part: this.part,
      what,
      ms: median(times),
      most: Math.max(...times),
      times: times.length,
      engineMs: before === null || after === null ? null : (after - before) / times.length,
      engineMegabytes: Math.round(engine?.peak ?? 0),
    };
    this.steps.push(step);
    this.say(`  ${lineOf(step)}`);
  }
}

function lineOf({ what, ms, most, times, engineMs, engineMegabytes }: Step): string {
  const slowest = times > 1 ? ` (slowest of ${String(times)}: ${human(most)})` : '';
  const work = engineMs === null ? '' : `, ${human(engineMs)} of processor time`;
  return `${what}: ${human(ms)}${slowest}; engine ${String(engineMegabytes)} MB${work}; load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

/** Milliseconds below a second, seconds from there on. */
export function human(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  return ms < 995 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** The session as a table of Markdown. */
export function tableOf(steps: readonly Step[]): string {
  const lines = steps.map(({ part, what, ms, most, times, engineMs, engineMegabytes }) => {
    const slowest = times > 1 ? `${human(most)} of ${String(times)}` : '–';
    const work = engineMs === null ? '–' : human(engineMs);
    return `| ${part} | ${what} | ${human(ms)} | ${slowest} | ${work} | ${engineMegabytes.toLocaleString('en')} |`;
  });
  const head = '| part | what | time | slowest | processor time of the engine | engine, MB |';
  return [head, '| --- | --- | --- | --- | --- | --- |', ...lines].join('\n');
}
