import { readFileSync, writeFileSync } from 'node:fs';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Method, Request, Response } from '../../src/shared/contract';
import { applicationRoot } from '../../src/main/platform/paths';

/** An answer of the engine, and how long the window waited for it. */
export interface Timed<T> {
  readonly value: T;
  readonly ms: number;
}

/** Memory of one process in megabytes. */
export interface ProcessMemory {
  readonly name: string;
  readonly pid: number;
  readonly peak: number;
}

const CALL = `async ([method, request]) => {
  const begun = performance.now();
  const answer = await window.thaw.invoke(method, request);
  return { answer, ms: performance.now() - begun };
}`;

/** The real window, driven from outside: calls of the contract as the page makes them, keys, and memory. */
export class BenchWindow {
  private constructor(
    readonly electron: ElectronApplication,
    readonly page: Page,
  ) {}

  /** Starts the app in a profile of its own. */
  static async start(executablePath: string, profile: string): Promise<BenchWindow> {
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const electron = await _electron.launch({
      executablePath,
      args: [...asRoot, applicationRoot(), `--user-data-dir=${profile}`],
    });
    const page = await electron.firstWindow();
    await page.locator('main button:not([disabled])').first().waitFor();
    await page.evaluate("window.thaw.invoke('jobs.list', {})");
    return new BenchWindow(electron, page);
  }

  /** Runs a function, given as words of JavaScript, in the page. */
  run(code: string, argument: unknown = null): Promise<unknown> {
    return this.page.evaluate(`(${code})(${JSON.stringify(argument)})`);
  }

  /** A call of the contract, timed in the page. @throws Error with what the engine says */
  async call<M extends Method>(method: M, request: Request<M>): Promise<Timed<Response<M>>> {
    const { answer, ms } = (await this.run(CALL, [method, request])) as {
      answer: { ok: boolean; value: unknown; error?: { message: string } };
      ms: number;
    };
    if (!answer.ok) throw new Error(`${method}: ${answer.error?.message ?? 'failed'}`);
    // The engine has made it by the contract's own schema.
    return { value: answer.value as Response<M>, ms };
  }

  /** Waits for the end of a job. @returns milliseconds from `begun` on @throws Error where it did not end well */
  async jobEnded(jobId: string, begun: number): Promise<number> {
    for (;;) {
      const { value: jobs } = await this.call('jobs.list', {});
      const job = jobs.find(({ id }) => id === jobId);
      if (job?.state === 'done') return performance.now() - begun;
      if (job && !['queued', 'running'].includes(job.state)) throw new Error(job.error?.message ?? job.state);
      await pause(100);
    }
  }

  /** The most memory that each process has had; what several of a kind have had is told one by one. */
  async memory(): Promise<readonly ProcessMemory[]> {
    const processes = await this.electron.evaluate(({ app }) =>
      app.getAppMetrics().map(({ pid, type, name, memory }) => ({
        pid,
        name: name === undefined || name === '' ? type : name,
        kilobytes: memory.peakWorkingSetSize,
      })),
    );
    return processes.map(({ pid, name, kilobytes }) => ({ pid, name, peak: (linuxPeak(pid) ?? kilobytes) / 1024 }));
  }

  /** Counts the peak of a process from now on, where the system can (Linux). */
  forgetPeak(pid: number): void {
    try {
      writeFileSync(`/proc/${String(pid)}/clear_refs`, '5');
    } catch {
      // Elsewhere the peak stays that of the whole life.
    }
  }

  async close(): Promise<void> {
    await this.electron.close();
  }
}

/** The high-water mark of a process's memory in kilobytes; null where the system does not say. */
function linuxPeak(pid: number): number | null {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return found ? Number(found[1]) : null;
  } catch {
    return null;
  }
}

/** Milliseconds of processor time that a process has had; null where the system does not say (other than Linux). */
export function processorTime(pid: number): number | null {
  try {
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    // utime and stime, in hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
