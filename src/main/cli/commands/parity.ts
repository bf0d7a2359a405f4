import path from 'node:path';
import type { Command } from 'commander';
import { parityTolerance } from '../../../engine/parity/run-parity';
import { AppError } from '../../../shared/errors';
import type { Run } from '../command';
import { table } from '../human';
import type { Session } from '../session';

/** `thaw parity DIR`: the kernels against tensors made with PyTorch and fastai. */
export function addParity(program: Command, run: Run): void {
  program
    .command('parity')
    .description('Compare this engine with tensors made by PyTorch and fastai; prints the largest error of each case.')
    .argument('<folder>', 'folder of parity cases')
    .action((folder: string) => run((session) => parityCommand(session, path.resolve(folder))));
}

async function parityCommand({ host, output }: Session, folder: string): Promise<void> {
  // Rounded matrix products would differ from the reference by more than the tolerance.
  process.env.THAW_PRECISION ??= 'fp32';
  const results = await host.services.training.parity(folder);
  if (results.length === 0) throw new AppError('not-found', `${folder} holds no parity cases.`, { data: { folder } });
  const failed = results.filter((result) => !result.ok);
  const rows = results.map(({ name, largest, ok }) => [
    ok ? 'ok' : largest === null ? 'UNKNOWN' : 'FAILED',
    name,
    largest === null ? '' : largest.error.toExponential(2),
    largest === null ? 'no such kind of case is known' : largest.what,
  ]);
  const summary = {
    tolerance: parityTolerance,
    ok: failed.length === 0,
    cases: results.map(({ name, largest, ok }) => ({ name, ok, largest })),
  };
  if (failed.length > 0) {
    output.say(table(rows));
    const names = failed.map(({ name }) => name).join(', ');
    throw new AppError('internal', `${failed.length} of ${results.length} parity cases do not pass: ${names}.`, {
      data: summary,
    });
  }
  output.result(summary, `${table(rows)}\n${results.length} cases, all within ${parityTolerance}`);
}
