import path from 'node:path';
import type { Command } from 'commander';
import { reportLanguageSchema } from '../../../shared/inspect-types';
import type { Run } from '../command';
import { UsageError } from '../output';
import type { Session } from '../session';

interface ReportFlags {
  readonly project: string;
  readonly run?: string;
  readonly out: string;
  readonly language: string;
}

/** `thaw report`: everything about a run in one HTML file. */
export function addReport(program: Command, run: Run): void {
  program
    .command('report')
    .description('Write everything about a run into one HTML file that can be printed.')
    .requiredOption('--project <folder>', 'folder of the project')
    .option('--run <id>', "a run of it (default: the one that the project's classifier came from)")
    .requiredOption('--out <file>', 'the HTML file to write')
    .option('--language <code>', 'language of its words: en, de or fr', 'en')
    .action((flags: ReportFlags) => run((session) => reportCommand(session, flags)));
}

async function reportCommand({ host, output }: Session, flags: ReportFlags): Promise<void> {
  const language = reportLanguageSchema.safeParse(flags.language);
  if (!language.success) throw new UsageError(`--language is "${flags.language}"; expected en, de or fr.`);
  await host.handle('project.open', { path: path.resolve(flags.project) });
  const request = { runId: flags.run ?? null, out: path.resolve(flags.out), language: language.data };
  const { file, bytes } = await host.handle('inspect.report', request);
  output.result({ file, bytes }, `${file} (${Math.ceil(bytes / 1000)} kB)`);
}
