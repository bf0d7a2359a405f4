import type { Command } from 'commander';
import type { DoctorReport } from '../../../shared/doctor-types';
import type { Run } from '../command';
import type { Session } from '../session';

/** `thaw doctor`: what Thaw runs on here, and what to do where something is missing. */
export function addDoctor(program: Command, run: Run): void {
  program
    .command('doctor')
    .description('Say what Thaw runs on here (TensorFlow, kernels, memory …) and what to do about problems.')
    .action(() => run(doctorCommand));
}

async function doctorCommand({ host, output }: Session): Promise<void> {
  const report = await host.handle('doctor.report', {});
  output.result(report, doctorWords(report));
}

function doctorWords({ ok, checks }: DoctorReport): string {
  const width = Math.max(...checks.map((check) => check.title.length));
  const lines = checks.flatMap(({ state, title, value, why, toDo }) => [
    `${state === 'ok' ? '  ok     ' : '  PROBLEM'}  ${title.padEnd(width)}  ${value}`,
    ...(why === null ? [] : [`${' '.repeat(width + 13)}${why}`]),
    ...(toDo === null ? [] : [`${' '.repeat(width + 13)}→ ${toDo}`]),
  ]);
  return [...lines, ok ? 'Everything is as it should be.' : 'Thaw runs, with the problems above.'].join('\n');
}
