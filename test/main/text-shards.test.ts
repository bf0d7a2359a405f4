import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenShards } from '../../src/engine/text/token-shards';
import { Vocabulary } from '../../src/engine/text/vocabulary';
import { JobControl } from '../../src/main/host/job-control';
import { OpenProject } from '../../src/main/host/open-project';
import { ensureShards } from '../../src/main/host/pipelines/text-shards';
import { TokenizationPool } from '../../src/main/workers/tokenization-pool';
import { parseRunOptions, type RunOptions } from '../../src/shared/run-options';
import { bundleTokenizationWorker } from './tokenization-worker-bundle';

const folder = mkdtempSync(join(tmpdir(), 'thaw-text-shards-'));
/** More than are read at a time, so that an edit falls between two readings. */
const ROWS = 4500;
const file = join(folder, 'texts.csv');
let workerFile = '';
let pool = new TokenizationPool({ workers: 1 });

beforeAll(async () => {
  workerFile = await bundleTokenizationWorker();
  pool = new TokenizationPool({ workers: 1, workerFile });
  const lines = Array.from({ length: ROWS }, (_, i) => `the parcel ${String(i % 50)} came late,${i % 2 ? 'a' : 'b'}`);
  writeFileSync(file, `text,label\n${lines.join('\n')}\n`);
}, 60_000);
afterAll(async () => {
  await pool.close();
  for (const each of [dirname(workerFile), folder]) rmSync(each, { recursive: true, force: true });
});

/** A project whose texts change as soon as a run has read the first of them: every "parcel" becomes a "letter". */
async function editedMeanwhile(
  name: string,
): Promise<{ project: OpenProject; control: JobControl; edits: () => number }> {
  const project = await OpenProject.create(join(folder, name), name);
  const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };
  await project.store.importFile(file, { header: true }, columns, 'data');
  let [asked, edited] = [0, 0];
  const control = new (class extends JobControl {
    override async checkpoint(): Promise<void> {
      if (++asked !== 2) return;
      const rows = Int32Array.from({ length: ROWS }, (_, i) => i);
      const edit = (text: string): string => text.replace('parcel', 'letter');
      edited = await project.store.health.apply('markup', 'strip-markup', { kind: 'edit', rows, edit });
    }
  })(() => undefined);
  return { project, control, edits: () => edited };
}

/** How many documents hold a word. */
async function withWord(shards: string, word: string): Promise<number> {
  const id = (await Vocabulary.load(join(shards, 'vocabulary.json'))).itos.findIndex((token) => token.endsWith(word));
  if (id < 0) return 0;
  const open = TokenShards.open(shards);
  const found = Array.from({ length: open.documents }, (_, i) => open.read(i).includes(id)).filter(Boolean).length;
  open.close();
  return found;
}

describe('the texts of a run', () => {
  it.each([
    ['words', {}],
    ['sub-words', parseRunOptions(['tokenizer=sentencepiece'])],
  ] as readonly (readonly [string, RunOptions])[])(
    'are those of one moment, as %s: what is edited while it reads is for the next run',
    async (name, options) => {
      const { project, control, edits } = await editedMeanwhile(name);
      const first = await ensureShards({ pool }, project, [], options, control);
      expect(edits()).toBe(ROWS);
      expect(first.documents).toBe(ROWS);
      expect(await withWord(first.folder, 'parcel')).toBe(ROWS);
      expect(await withWord(first.folder, 'letter')).toBe(0);
      // The stamp tells the edit, so the next run reads again.
      const second = await ensureShards({ pool }, project, [], options, control);
      expect(second.stamp.texts).toBe(first.stamp.texts + 1);
      expect(await withWord(second.folder, 'letter')).toBe(ROWS);
      expect(await withWord(second.folder, 'parcel')).toBe(0);
      await project.store.close();
    },
  );
});
