import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { AppError } from '../../../shared/errors';
import { trainingRequestSchema } from '../../../shared/training-types';
import { resourcesFolder } from '../../platform/paths';
import type { Run } from '../command';
import { duration } from '../human';
import { positive, whole } from '../options';
import type { Session } from '../session';
import { importSources, openOrCreate, runFacts, runWords, train } from '../train-project';

/** Minutes for the whole demo, so that it is over within six on two cores. */
const demoMinutes = 5;

const samplesSchema = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    file: z.string(),
    text: z.array(z.string()),
    label: z.array(z.string()),
  }),
);

interface DemoFlags {
  readonly project?: string;
  readonly minutes: number;
  readonly seed: number;
}

/** `thaw demo`: the whole job on the sample data that ships with Thaw. */
export function addDemo(program: Command, run: Run): void {
  program
    .command('demo')
    .description('Train a classifier on the sample data that ships with Thaw, within a few minutes.')
    .option('--project <folder>', 'folder of the project (default: a new one in Documents/Thaw or your home folder)')
    .option('--minutes <n>', 'minutes that the whole job may take', positive, demoMinutes)
    .option('--seed <n>', 'the same seed gives the same splits', whole, 0)
    .action((flags: DemoFlags) => run((session) => demoCommand(session, flags)));
}

async function demoCommand(session: Session, flags: DemoFlags): Promise<void> {
  const begun = performance.now();
  const { output } = session;
  const sample = await labelledSample();
  output.say(`Thaw demo. ${sample.title}`);
  await openOrCreate(session, flags.project ?? freshFolder());
  const columns = { text: sample.text, label: sample.label };
  await importSources(session, [{ path: sample.file, role: 'data' }], columns, {});
  const request = trainingRequestSchema.parse({ preset: 'standard', minutes: flags.minutes, seed: flags.seed });
  const folder = session.host.services.project.path;
  const trained = await train(session, request, null, `thaw train --project "${folder}" --resume`);
  const seconds = (performance.now() - begun) / 1000;
  const tryIt = `Try it: thaw predict --project "${folder}" --text "a text of your own"`;
  const words = [runWords(session, trained), `The demo took ${duration(seconds)}.`, tryIt];
  output.result({ ...runFacts(session, trained), sample: sample.id, seconds }, words.join('\n'));
}

/** The first sample that has labels. */
async function labelledSample(): Promise<z.infer<typeof samplesSchema>[number]> {
  const folder = path.join(resourcesFolder(), 'samples');
  const samples = samplesSchema.parse(JSON.parse(await readFile(path.join(folder, 'samples.json'), 'utf8')));
  const sample = samples.find((each) => each.label.length > 0);
  if (!sample) throw new AppError('not-found', `${folder} holds no sample with labels.`);
  return { ...sample, file: path.join(folder, sample.file) };
}

/** A folder that does not exist yet, in Documents/Thaw where there is a Documents folder, else in the home folder. */
function freshFolder(): string {
  const documents = path.join(os.homedir(), 'Documents');
  const parent = path.join(existsSync(documents) ? documents : os.homedir(), 'Thaw');
  for (let n = 1; ; n++) {
    const folder = path.join(parent, n === 1 ? 'Demo' : `Demo ${n}`);
    if (!existsSync(folder)) return folder;
  }
}
