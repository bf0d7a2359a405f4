import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { applicationRoot, bundleFolder } from '../src/main/platform/paths';
import { cpuFlags, hasFastBf16 } from '../src/main/platform/environment';
import type { BenchOptions } from './arguments';
import { Contestant, inTurn, type Measurement } from './contestant';
import type { GemmPeak } from './report';

/** What the sections work with. */
export interface Bench {
  readonly options: BenchOptions;
  /** A Python that has the peers, or null. */
  readonly python: string | null;
  readonly gemmPeak: GemmPeak;
  /** Whether this processor multiplies bfloat16. */
  readonly bf16: boolean;
  /** A folder for large files that may be kept. */
  readonly work: string;
  /** Tells a person what goes on. */
  say(text: string): void;
}

/** Node's path of the process that measures the product. */
const productFile = (): string => join(bundleFolder(), '..', 'bench', 'product.cjs');
const peerFile = (name: string): string => join(applicationRoot(), 'bench', 'peers', `${name}.py`);

/** Where large files are kept between runs. */
export function workFolder(): string {
  const folder = join(applicationRoot(), 'bench', '.work');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Whether bf16 is measured too. */
export function processorHasBf16(): boolean {
  return hasFastBf16(cpuFlags());
}

/** A process that measures one task of the product. */
export function product(task: string, spec: object, precision: 'fp32' | 'bf16' = 'fp32'): Promise<Contestant> {
  return Contestant.start([process.execPath, productFile(), task, JSON.stringify(spec)], { THAW_PRECISION: precision });
}

/** A process that measures one of `bench/peers`, or null where there are no peers. */
export async function peer({ python }: Bench, name: string, spec: object): Promise<Contestant | null> {
  return python === null ? null : Contestant.start([python, peerFile(name), JSON.stringify(spec)]);
}

/** Starts contestants, lets them measure in turn, and ends them; those that are null are left out. */
export async function compare(
  starts: Readonly<Record<string, () => Promise<Contestant | null>>>,
  repeats: number,
): Promise<Readonly<Record<string, readonly Measurement[]>>> {
  const running: Record<string, Contestant> = {};
  try {
    for (const [name, start] of Object.entries(starts)) {
      const contestant = await start();
      if (contestant) running[name] = contestant;
    }
    return await inTurn(running, repeats);
  } finally {
    for (const contestant of Object.values(running)) await contestant.close();
  }
}

/** The values of one name out of measurements. */
export function valuesOf(measurements: readonly Measurement[] | undefined, name: string): readonly number[] {
  return measurements?.map((each) => each[name] ?? NaN) ?? [];
}
