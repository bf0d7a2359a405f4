import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startThaw, thaw } from './cli-process';

/** Training by the command line on real rows: killed, taken up again, used, and stopped with Ctrl+C. */

const data = path.resolve(__dirname, '../fixtures/e2e/subj-400.csv');
const quickly = [
  '--preset',
  'quick',
  '--scratch',
  '--no-language-model',
  '--minutes',
  '0.3',
  '--checkpoint-seconds',
  '0.3',
];

const probeEvent = '{"type":"stage","stage":"probe"';

let folder: string;
let project: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-cli-training-'));
  project = path.join(folder, 'project');
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

interface StoredRun {
  readonly id: string;
  readonly state: string;
}

async function runs(): Promise<StoredRun[]> {
  const ids = (await readdir(path.join(project, 'runs'))).sort();
  return Promise.all(
    ids.map(async (id) => JSON.parse(await readFile(path.join(project, 'runs', id, 'run.json'), 'utf8')) as StoredRun),
  );
}

async function fileAppears(file: () => string, while_: Promise<unknown>): Promise<void> {
  let over = false;
  void while_.then(() => (over = true));
  while (!existsSync(file())) {
    if (over) throw new Error(`The program ended before ${file()} was there.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run that is killed', () => {
  it('goes on from its checkpoint with --resume, to a measured model', async () => {
    const killed = startThaw(['train', '--data', data, '--project', project, ...quickly]);
    await killed.said('Classifier: ');
    const [run] = await runs();
    const checkpoint = path.join(project, 'runs', run?.id ?? '', 'classifier.safetensors');
    await fileAppears(() => checkpoint, killed.ended);
    // Events are written once a second: the first checkpoint can be there before that of the probe.
    const eventsFile = path.join(project, 'runs', run?.id ?? '', 'events.jsonl');
    await expect.poll(() => readFile(eventsFile, 'utf8').catch(() => ''), { timeout: 5000 }).toContain(probeEvent);
    killed.child.kill('SIGKILL');
    expect((await killed.ended).signal).toBe('SIGKILL');
    expect((await runs()).map(({ state }) => state)).toEqual(['running']);

    const resumed = await thaw('train', '--project', project, '--resume', '--json');
    expect(resumed.stderr).toContain(`Going on with the run ${run?.id}`);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout.trim().split('\n')).toHaveLength(1);
    expect(resumed.json()).toMatchObject({ run: run?.id, rows: 400, labelled: 400, split: 'test', n: 40 });
    expect(await runs()).toMatchObject([{ id: run?.id, state: 'done' }]);
    // The speed was measured and the plan made before the kill: the plan stands.
    const events = (await readFile(eventsFile, 'utf8')).split('\n');
    expect(events.filter((line) => line.startsWith(probeEvent))).toHaveLength(1);
  }, 240_000);

  it('then says that there is nothing to go on with', async () => {
    const again = await thaw('train', '--project', project, '--resume', '--json');
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('nothing to go on with');
    expect(again.json()).toMatchObject({ n: 40 });
  }, 60_000);
});

describe('the trained classifier', () => {
  it('is measured on a file, with the figures that scripts read', async () => {
    const ended = await thaw('evaluate', '--project', project, '--data', data, '--json');
    expect(ended.code).toBe(0);
    const value = ended.json();
    for (const figure of ['n', 'accuracy', 'macroF1', 'microF1', 'ece', 'documentsPerSecond']) {
      expect([figure, typeof value[figure]]).toEqual([figure, 'number']);
    }
    expect(value['n']).toBe(400);
  }, 60_000);

  it('labels a text, and a file in its order', async () => {
    const one = await thaw('predict', '--project', project, '--text', 'a thief and his brother flee .', '--json');
    const [prediction] = one.json()['predictions'] as { labels: { label: string; probability: number }[] }[];
    expect(prediction?.labels.map(({ label }) => label).sort()).toEqual(['objective', 'subjective']);
    const out = path.join(folder, 'out.csv');
    const file = await thaw('predict', '--project', project, '--data', data, '--out', out, '--json');
    expect(file.json()).toMatchObject({ rows: 400, rejected: 0, out });
    const sure = await thaw('predict', '--project', project, '--data', data, '--out', `${out}.sure.csv`, '--min-confidence', '1', '--json'); // prettier-ignore
    expect(sure.json()).toMatchObject({ rows: 400, unanswered: 400 });
    const before = (await readFile(data, 'utf8')).trim().split('\n');
    const after = (await readFile(out, 'utf8')).trim().split('\n');
    expect(after[0]).toBe('text,label,predicted,p:objective,p:subjective');
    expect(after.map((line) => line.replace(/,(predicted|objective|subjective),[^,]*,[^,]*$/, ''))).toEqual(before);
  }, 60_000);

  it('is not trained over by another file in the same project', async () => {
    const other = path.join(folder, 'other.csv');
    await writeFile(other, 'text,label\none,a\ntwo,b\n');
    const ended = await thaw('train', '--data', other, '--project', project);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('holds other rows already');
  }, 60_000);

  it('is not trained over with other columns of its own file than it was read with', async () => {
    for (const [flag, column, read] of [
      ['--label', 'text', '"label"'],
      ['--text', 'label', '"text"'],
    ] as const) {
      const ended = await thaw('train', '--data', data, '--project', project, flag, column);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(`read with ${read} for ${flag}; expected the same, got "${column}"`);
    }
  }, 60_000);
});

describe('Ctrl+C', () => {
  it('saves and stops with 130, the old model untouched, and the run can go on', async () => {
    const model = path.join(project, 'models', 'classifier', 'weights.safetensors');
    const before = await readFile(model);
    const stopped = startThaw(['train', '--data', data, '--project', project, ...quickly, '--seed', '5', '--json']);
    await stopped.said('Classifier: ');
    stopped.child.kill('SIGINT');
    const ended = await stopped.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('--resume');
    expect(ended.json()).toMatchObject({ error: { code: 'cancelled' } });
    expect((await runs()).at(-1)?.state).toBe('cancelled');
    expect((await readFile(model)).equals(before)).toBe(true);
  }, 120_000);
});
