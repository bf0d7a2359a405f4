import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFileServer, type FileServer } from '../helpers/file-server';
import { multifitArchive } from '../helpers/multifit-archive';
import { startThaw, thaw } from './cli-process';

/** `thaw models`, `thaw export` and `thaw predict` as a person runs them, from the bundles in `out/`. */

const fixtures = path.resolve(__dirname, '../fixtures');
const oracle = (name: string): string => path.join(fixtures, 'parity/small/fastai-files', name);
const name = 'de_multifit_paper_version';
let folder: string;
let server: FileServer;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'thaw-cli-models-'));
  process.env['THAW_MODELS'] = path.join(folder, 'models');
  server = await startFileServer();
  process.env['THAW_MODEL_MIRROR'] = server.url;
  server.files.set(`/${name}.tgz`, await multifitArchive(name, 4_000_000));
});
afterAll(async () => {
  await server.close();
  delete process.env['THAW_MODELS'];
  delete process.env['THAW_MODEL_MIRROR'];
  rmSync(folder, { recursive: true, force: true });
});

describe('thaw models', () => {
  it('stops a download at Ctrl+C, says how to go on, and goes on where it stopped', async () => {
    server.breakAfter = 700_000;
    server.misbehave = (_request, response) => {
      if (server.asked.length < 2) return false;
      response.writeHead(503).end();
      return true;
    };
    const first = startThaw(['models', 'download', 'multifit-de']);
    await first.said('Downloading');
    for (let i = 0; i < 200 && server.asked.length < 3; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    first.child.kill('SIGINT');
    const stopped = await first.ended;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Fetching multifit-de from 127.0.0.1');
    expect(stopped.stderr).toContain('thaw models download multifit-de');
    server.breakAfter = null;
    server.misbehave = null;
    server.asked.length = 0;
    const done = await thaw('models', 'download', 'multifit-de', '--json');
    expect([done.code, done.stderr]).toEqual([0, expect.stringContaining('are here already')]);
    expect(server.asked.map(({ status }) => status)).toEqual([206]);
    expect(done.json()['model']).toMatchObject({
      installed: true,
      trustedOnFirstUse: true,
      tokens: 'sentencepiece',
      encoder: { kind: 'qrnn', embedding: 8, hidden: 12, layers: 4 },
    });
  }, 120_000);

  it('lists and shows it, and a run finds it by its name', async () => {
    const list = await thaw('models');
    expect(list.stdout).toMatch(/multifit-de +qrnn 8\/12\/4.*downloaded/);
    const shown = await thaw('models', 'show', 'multifit-de');
    expect(shown.stdout).toContain('(trusted on first use)');
    expect(shown.stdout).toContain('MIT; CC BY-SA 3.0');
    const data = path.join(folder, 'rows.csv');
    const rows = Array.from(
      { length: 40 },
      (_, i) => `"das ist der Text ${i} und nicht der ${i + 1}",${i % 2 ? 'a' : 'b'}`,
    );
    writeFileSync(data, `text,label\n${rows.join('\n')}\n`);
    const project = path.join(folder, 'project');
    const trained = await thaw(
      ...['train', '--project', project, '--data', data, '--preset', 'quick', '--pretrained', 'multifit-de'],
      ...['--option', 'lmEpochs=0.1', '--option', 'classifierEpochs=0.2', '--no-language-model', '--json'],
    );
    expect([trained.code, trained.stderr.slice(-800)]).toEqual([0, expect.any(String)]);
    expect(trained.stderr).not.toContain('has only read');
    const runs = (await thaw('runs', '--project', project, '--json')).json()['runs'] as { id: string; disk: object }[];
    expect(runs).toHaveLength(1);
    const [run] = runs;
    await thaw('runs', 'rename', '--project', project, run?.id ?? '', 'from MultiFiT');
    const out = path.join(folder, 'exported');
    const exported = await thaw('export', '--project', project, '--run', run?.id ?? '', '--out', out, '--json');
    expect(exported.json()['bytes']).toBeGreaterThan(1000);
    expect(readFileSync(path.join(out, 'README.md'), 'utf8')).toContain('n-waves');
    const pruned = await thaw('runs', 'prune', '--project', project, '--run', 'from MultiFiT', '--json');
    expect(pruned.json()['freed']).toBeGreaterThan(0);
    expect((await thaw('runs', 'show', '--project', project, 'from MultiFiT')).stdout).toContain('accuracy');
  }, 240_000);

  it('says what is missing where a name is not downloaded, and removes what is', async () => {
    expect((await thaw('models', 'remove', 'multifit-de')).stdout).toContain('free again');
    const missing = await thaw('lr-find', '--data', path.join(folder, 'rows.csv'), '--pretrained', 'multifit-de');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('Fetch it with: thaw models download multifit-de');
    const unknown = await thaw('models', 'download', 'multifit-xx');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('There are: en-forward')]);
    server.files.clear();
    const gone = await thaw('models', 'download', 'multifit-de', '--json');
    expect(gone.json()['error']).toMatchObject({ code: 'not-found' });
  }, 60_000);
});

describe('an imported classifier', () => {
  it('is exported and predicts as before', async () => {
    const model = path.join(folder, 'classifier');
    const weights = path.join(fixtures, 'fastai-files/classifier.pth');
    const vocab = path.join(fixtures, 'fastai-files/vocab_pair.pkl');
    expect((await thaw('import-weights', '--weights', weights, '--vocab', vocab, '--out', model)).code).toBe(0);
    const out = path.join(folder, 'exported-classifier');
    const exported = await thaw('export', '--model', model, '--out', out);
    expect([exported.code, exported.stdout]).toEqual([0, expect.stringContaining('4 files')]);
    expect(readFileSync(path.join(out, 'README.md'), 'utf8')).toContain('Nobody has measured it');
    const predict = (from: string) => thaw('predict', '--model', from, '--text', 'word3 word7 word12', '--json');
    const [before, after] = [await predict(model), await predict(out)];
    expect(after.json()).toEqual(before.json());
    const [prediction] = after.json()['predictions'] as { labels: { label: string; probability: number }[] }[];
    expect(prediction?.labels.map(({ label }) => label).sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(prediction?.labels.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  }, 120_000);

  it('stands among the models under a name', async () => {
    const args = ['--weights', oracle('model_v2.pth'), '--vocab', oracle('vocab_v2.pkl'), '--language', 'fr'];
    const made = await thaw('models', 'import', 'Le nôtre', ...args, '--json');
    expect(made.json()['model']).toMatchObject({ id: 'le-notre', origin: 'own', languages: ['fr'] });
    expect((await thaw('models', 'import', 'x')).code).toBe(2);
  }, 60_000);
});
