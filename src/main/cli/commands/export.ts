import path from 'node:path';
import type { Command } from 'commander';
import { exportModel } from '../../host/export-model';
import { OpenProject } from '../../host/open-project';
import type { Run } from '../command';
import { classifierFolder } from '../model-folder';
import { UsageError } from '../output';
import type { Session } from '../session';
import { size } from './models-words';

interface ExportFlags {
  readonly project?: string;
  readonly model?: string;
  readonly run?: string;
  readonly onnx?: boolean;
  readonly out: string;
}

/** `thaw export`: a classifier as a folder that stands on its own. */
export function addExport(program: Command, run: Run): void {
  program
    .command('export')
    .description('Copy a trained or imported classifier to a folder that stands on its own, with a README.')
    .option('--project <folder>', 'the classifier of this project')
    .option('--run <id>', 'of the project, the classifier of this run (thaw runs lists them)')
    .option('--model <folder>', 'a classifier in a folder: exported before, averaged, or imported')
    .option('--onnx', 'with an ONNX model, JavaScript that uses it in Node and browsers, and examples')
    .requiredOption('--out <folder>', 'new, empty, or with an older export that is replaced')
    .action((flags: ExportFlags) => run((session) => exportCommand(session, flags)));
}

async function exportCommand({ host, output }: Session, flags: ExportFlags): Promise<void> {
  const from = flags.run === undefined ? classifierFolder(flags) : await classifierOfRun(flags.run, flags);
  const { folder, files } = await exportModel(host.scoring, from, path.resolve(flags.out), {
    onnx: flags.onnx === true,
  });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  output.result({ folder, files, bytes }, `Exported to ${folder}: ${files.length} files, ${size(bytes)}.`);
}

async function classifierOfRun(run: string, { project, model }: ExportFlags): Promise<string> {
  if (project === undefined || model !== undefined)
    throw new UsageError('--run needs --project FOLDER, and no --model.');
  const open = await OpenProject.open(path.resolve(project));
  try {
    await open.runs.get(run);
    return path.join(open.runs.folder(run), 'models', 'classifier');
  } finally {
    await open.close();
  }
}
