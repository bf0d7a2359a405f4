import path from 'node:path';
import type { Command } from 'commander';
import { ablationMarkdown } from '../../../engine/evaluate/ablation-table';
import { ablationNames, ablationVariants } from '../../../engine/tasks/ablation-variants';
import { AppError } from '../../../shared/errors';
import type { Run } from '../command';
import { count, nameList } from '../options';
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

interface AblateFlags extends RowFlags, RequestFlags {
  readonly project?: string;
  readonly what: readonly string[];
  readonly seeds: number;
  readonly out: string;
}

/** `thaw ablate`: what each part of the method is worth on these rows. */
export function addAblate(program: Command, run: Run): void {
  const command = program
    .command('ablate')
    .description('Train variants of a run, each without one part of the method, and compare them in a table.')
    .requiredOption(
      '--what <names>',
      `parted by commas: ${ablationNames.join(', ')}, or options as name=value`,
      nameList,
    )
    .requiredOption('--out <folder>', 'gets the table (CSV, Markdown, JSON); a folder that was begun goes on')
    .option('--project <folder>', 'a project with rows (default: one in the --out folder)')
    .option('--seeds <n>', 'runs of each variant', count, 1);
  addRequestFlags(addRowFlags(command), 'minutes that all runs together may take').action((flags: AblateFlags) =>
    run((session) => ablateCommand(session, flags)),
  );
}

async function ablateCommand(session: Session, flags: AblateFlags): Promise<void> {
  const { host, output } = session;
  const request = { request: requestOf(flags), what: [...flags.what], seeds: flags.seeds };
  checkNames(request.request, flags.what);
  const folder = path.resolve(flags.out);
  await openWithRows(session, flags.project ?? path.join(folder, 'project'), flags);
  const { jobId } = await host.handle('ablation.start', { ...request, folder });
  await watchJob(session, jobId, 'Finished runs are kept; the same command goes on.');
  const table = await host.handle('ablation.table', { folder });
  if (!table) throw new AppError('internal', `${folder} holds no table.`);
  output.result({ folder, ...table }, `${ablationMarkdown(table)}\nWritten to ${folder}`);
}

/** @throws UsageError before anything is read */
function checkNames(request: ReturnType<typeof requestOf>, what: readonly string[]): void {
  try {
    ablationVariants(request, what);
  } catch (error) {
    if (error instanceof AppError) throw new UsageError(`${error.message} ${error.hint ?? ''}`.trim());
    throw error;
  }
}
