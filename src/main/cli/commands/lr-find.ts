import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../shared/errors';
import type { RateCurve } from '../../../shared/training-types';
import type { Run } from '../command';
import { table } from '../human';
import { count, positive } from '../options';
import { UsageError } from '../output';
import { watchJob, type Session } from '../session';
import {
  addRequestFlags,
  addRowFlags,
  openWithRows,
  requestOf,
  type RequestFlags,
  type RowFlags,
} from '../training-flags';

interface RateFlags extends RowFlags, RequestFlags {
  readonly project?: string;
  readonly what: 'language-model' | 'classifier';
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

/** `thaw lr-find`: which learning rates a run could take. */
export function addRateFinder(program: Command, run: Run): void {
  const command = program
    .command('lr-find')
    .description('Sweep the learning rate over a few steps and suggest rates; no model is changed.')
    .option('--project <folder>', 'a project with rows (default: a temporary one for --data)')
    .option('--what <part>', 'language-model or classifier', part, 'classifier')
    .option('--from <rate>', 'the first rate', positive, 1e-7)
    .option('--to <rate>', 'the last rate, unless the loss blows up before', positive, 10)
    .option('--steps <n>', 'steps of the sweep (from 20 on)', count, 100);
  addRequestFlags(addRowFlags(command), 'as for the run itself').action((flags: RateFlags) =>
    run((session) => rateCommand(session, flags)),
  );
}

function part(value: string): string {
  if (value === 'language-model' || value === 'classifier') return value;
  throw new UsageError(`--what is "${value}"; expected language-model or classifier.`);
}

async function rateCommand(session: Session, flags: RateFlags): Promise<void> {
  const request = requestOf(flags);
  if (flags.project === undefined && flags.data === undefined) throw new UsageError('Name --data or --project.');
  const temporary = flags.project === undefined ? await mkdtemp(path.join(os.tmpdir(), 'thaw-rate-')) : null;
  try {
    await openWithRows(session, flags.project ?? path.join(temporary ?? '', 'project'), flags);
    const { what, from, to, steps } = flags;
    const { jobId } = await session.host.handle('training.findRate', { ...request, part: what, from, to, steps });
    await watchJob(session, jobId, 'Nothing was kept.');
    const curve = await session.host.handle('training.rateCurve', { jobId });
    if (!curve) throw new AppError('internal', 'The sweep ended without a curve.');
    session.output.result(curve, words(curve));
  } finally {
    if (temporary !== null) {
      await session.host.handle('project.close', {});
      await rm(temporary, { recursive: true, force: true });
    }
  }
}

const meanings = {
  valley: 'in the longest fall of the loss; a good start',
  slide: 'just before the loss turns',
  minimum: 'a tenth of the rate with the lowest loss',
  steep: 'where the loss falls most steeply',
} as const;

function words({ points, diverged, suggestions }: RateCurve): string {
  const every = Math.max(1, Math.floor(points.length / 20));
  const shown = points.filter((_, i) => i % every === 0 || i === points.length - 1);
  const curve = shown.map(({ rate, loss, smoothed }) => [rate.toExponential(2), smoothed.toFixed(3), loss.toFixed(3)]);
  const names = Object.keys(meanings) as (keyof typeof meanings)[];
  const rates = names.map((name) => [
    `  ${name}`,
    suggestions[name]?.toExponential(2) ?? 'too few points',
    meanings[name],
  ]);
  return [
    table([['rate', 'smoothed loss', 'loss'], ...curve]),
    diverged ? 'The loss blew up; the sweep ended there.' : 'The sweep went to its end.',
    'Suggested greatest rates:',
    table(rates),
  ].join('\n');
}
