import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSetupFacts } from '../../src/main/platform/setup-facts';
import type { Bench } from '../bench';
import { SessionBook, tableOf, type Step } from '../million/book';
import { health, importRows, splits, table, type Session } from '../million/data-steps';
import { bulkLabels, labelQueues, singleLabels } from '../million/label-steps';
import { millionRows } from '../million/rows';
import { screens } from '../million/screen-steps';
import { BenchWindow, type ProcessMemory } from '../million/window';
import { row, type DetailedRow } from '../report';

/**
 * A scripted session in the real window with a million rows: import, health report, table, splits, labelling one by one
 * and many at once, every queue. Each step is timed as the window waits for it, with the most memory of the engine.
 */
export async function million(bench: Bench): Promise<DetailedRow[]> {
  const executable = readSetupFacts().electron?.executable;
  const display = process.platform !== 'linux' || (process.env['DISPLAY'] ?? '') !== '';
  if (executable === undefined || !existsSync(executable) || !display) {
    const note = display ? 'no Electron is set up' : 'no display: run it under xvfb-run';
    return [row('million', 'a session with a million rows', 's', { product: null, note })];
  }
  const rows = bench.options.smoke ? 20_000 : 1_000_000;
  const file = await millionRows(bench.work, rows, bench.say);
  const folder = await mkdtemp(join(tmpdir(), 'thaw-million-'));
  const window = await BenchWindow.start(executable, join(folder, 'profile'));
  try {
    const enginePid = (await window.memory()).find(({ name }) => name === 'Thaw engine')?.pid ?? -1;
    const book = new SessionBook(window, enginePid, bench.say);
    const session: Session = { window, book, file, rows, project: join(folder, 'project') };
    for (const part of [importRows, health, table, splits, singleLabels, labelQueues, bulkLabels, screens])
      await part(session);
    const memory = await window.memory();
    write(bench, rows, book.steps, memory);
    return [...book.steps.map(rowOf), ...memory.map(memoryRow)];
  } finally {
    await window.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function rowOf({ part, what, ms, most, times, engineMegabytes }: Step): DetailedRow {
  const slowest = times > 1 ? `slowest of ${String(times)}: ${most.toFixed(0)} ms; ` : '';
  return row('million', `${part}: ${what}`, 'ms', {
    product: ms,
    note: `${slowest}engine ${String(engineMegabytes)} MB`,
  });
}

function memoryRow({ name, peak }: ProcessMemory): DetailedRow {
  return row('million', `most memory: ${name}`, 'MB', { product: Math.round(peak) });
}

/** The session as a page of Markdown, beside the results. */
function write(bench: Bench, rows: number, steps: readonly Step[], memory: readonly ProcessMemory[]): void {
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${String(cpus().length)} cores`;
  const load = loadavg().map((each) => each.toFixed(1));
  const file = join(bench.work, 'million.md');
  const peaks = memory.map(({ name, peak }) => `| ${name} | ${Math.round(peak).toLocaleString('en')} |`);
  const text = [
    `${rows.toLocaleString('en')} rows; ${machine}; load of the last minutes at the end: ${load.join(', ')}`,
    tableOf(steps),
    ['| process | most memory, MB |', '| --- | --- |', ...peaks].join('\n'),
  ];
  writeFileSync(file, `${text.join('\n\n')}\n`);
  bench.say(`written to ${file}`);
}
