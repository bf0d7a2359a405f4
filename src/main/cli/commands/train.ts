import type { Command } from 'commander';
import type { Run } from '../../../shared/training-types';
import type { Run as RunCommand } from '../command';
import { positive } from '../options';
import type { Session } from '../session';
import { runFacts, runWords, train, type TrainedRun } from '../train-project';
import {
  addRequestFlags,
  addRowFlags,
  openWithRows,
  requestOf,
  type RequestFlags,
  type RowFlags,
} from '../training-flags';

interface TrainFlags extends RowFlags, RequestFlags {
  readonly project: string;
  readonly checkpointSeconds?: number;
  readonly resume?: boolean;
}

/** `thaw train`: the whole job, from a file to a classifier in a project folder. */
export function addTrain(program: Command, run: RunCommand): void {
  const command = program
    .command('train')
    .description('Train a classifier: read the rows, fine-tune a language model, train, measure.')
    .requiredOption('--project <folder>', 'folder of the project; it is made where it is missing');
  addRequestFlags(addRowFlags(command), 'minutes that the whole job may take; training is cut to fit')
    .option('--checkpoint-seconds <n>', 'seconds between two checkpoints (default: 20)', positive)
    .option('--resume', 'go on with the run that was interrupted in this project')
    .action((flags: TrainFlags) => run((session) => trainCommand(session, flags)));
}

async function trainCommand(session: Session, flags: TrainFlags): Promise<void> {
  const request = requestOf(flags); // a wrong option is said before anything is read
  session.host.services.checkpointSeconds = flags.checkpointSeconds;
  await openWithRows(session, flags.project, flags);
  const resumable = flags.resume ? await runToResume(session) : null;
  if (resumable?.state === 'done') {
    session.output.say('The last run is complete; there is nothing to go on with.');
    return report(session, { run: resumable, seconds: 0 });
  }
  if (resumable) session.output.say(`Going on with the run ${resumable.id}.`);
  else if (flags.resume) session.output.say('No run was interrupted in this project: starting one.');
  const resumeCommand = `thaw train --project ${flags.project} --resume`;
  report(session, await train(session, request, resumable?.id ?? null, resumeCommand));
}

/** The newest run, where it can go on or is complete. */
async function runToResume({ host }: Session): Promise<Run | null> {
  const [newest] = await host.handle('runs.list', { figures: false });
  return newest?.state === 'done' ? host.handle('runs.get', { runId: newest.id }) : (newest ?? null);
}

function report(session: Session, trained: TrainedRun): void {
  session.output.result(runFacts(session, trained), runWords(session, trained));
}
