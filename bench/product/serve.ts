import { createInterface } from 'node:readline';
import type { Measurement } from '../contestant';

/** Gets a task ready; what it gives measures once. */
export type Prepare = (spec: unknown) => Promise<() => Promise<Measurement>>;

function say(value: object): void {
  process.stdout.write(`@@${JSON.stringify(value)}\n`);
}

/** Measures whenever a line comes in, until the input ends. */
export async function serve(prepare: Prepare, spec: unknown): Promise<void> {
  const measure = await prepare(spec);
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) if (line !== '') say(await measure());
}

/** Seconds that `work` takes, with what it gives. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly seconds: number; readonly value: T }> {
  const begun = performance.now();
  const value = await work();
  return { seconds: (performance.now() - begun) / 1000, value };
}

/** Lets `work` run and looks at the memory of this process meanwhile: the most that was resident, in MB. */
export async function withPeakMemory<T>(
  work: () => Promise<T>,
): Promise<{ readonly megabytes: number; readonly value: T }> {
  let most = process.memoryUsage.rss();
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
  try {
    const value = await work();
    return { megabytes: Math.max(most, process.memoryUsage.rss()) / 2 ** 20, value };
  } finally {
    clearInterval(timer);
  }
}
