import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { writeAbstainBelow } from '../../src/main/host/classifier-folder';
import { EngineHost } from '../../src/main/host/engine-host';
import { exportModel } from '../../src/main/host/export-model';
import type { GivenLabels } from '../../src/main/host/scoring';
import { ModelServer } from '../../src/main/host/serve/model-server';
import { exportSnippets, type ExportFacts, type Snippet, type SnippetKind } from '../../src/shared/export-snippets';
import { giveOnnxRuntime } from '../helpers/run-exported';
import { writeChanceFolder } from '../helpers/served-classifier';
import { startThaw, type Running } from './cli-process';
import { cells } from './whole-job-files';

/** Every snippet that an export shows is run as it stands, against the exported model; what it has learned does not matter. */

const mailColumns = ["Ada's subject", 'the "body"\n\\ part'];
const texts = [['The first text.'], ['Another text.']];
const mails = ['The text', 'Another text'].map((words) => [
  `${words} of Ada's subject`,
  `${words} of the "body" \\ part`,
]);
const labels = ["it's billing", 'délivery "fast"'];

/** An exported folder with its snippets, and what the engine itself says about their texts. */
interface Exported {
  readonly folder: string;
  readonly snippets: ReadonlyMap<SnippetKind, Snippet>;
  readonly said: readonly GivenLabels[];
  readonly facts: ExportFacts;
}

let folder: string;
let host: EngineHost;
let films: Exported;
let teams: Exported;
let served: Running;
let teamServer: ModelServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "thaw's snippets "));
  host = new EngineHost();
  await giveCommands(path.join(folder, 'bin'));
  const own = path.join(folder, 'own films');
  await writeChanceFolder(own, { labels: ['good', 'bad'], columns: ['text'], texts: texts.flat() });
  const [first, second] = await host.scoring.predictFields(own, texts);
  const [a, b] = [first?.labels[0]?.probability ?? 0, second?.labels[0]?.probability ?? 0];
  await writeAbstainBelow(own, (a + b) / 2); // one of the two texts gets no label
  const port = await freePort();
  films = await exported(own, 'films', texts, port);

  const both = path.join(folder, 'own teams');
  await writeChanceFolder(both, { labels, columns: mailColumns, thresholds: [0.0001, 0.0001], texts: mails.flat() });
  teamServer = await ModelServer.start(host.scoring, both, { port: 0, allowOrigins: [] });
  teams = await exported(both, 'teams', mails, teamServer.port);

  const before = films.snippets.get('curl')?.before ?? '';
  expect(before).toMatch(/^thaw serve --model /);
  served = startThaw(await wordsOf(before));
  const said = await new Promise((resolve) =>
    served.child.stdout?.once('data', (chunk: Buffer) => resolve(`${chunk}`)),
  );
  expect(said).toContain(`at http://127.0.0.1:${port}, for this machine only`);
}, 180_000);
afterAll(async () => {
  served.child.kill('SIGINT');
  await served.ended;
  await teamServer.close();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the snippets of an exported model', () => {
  it('give labels to one text, in a terminal', async () => {
    // Of the mails: their columns' names are the harder ones for a shell. The films' file follows.
    expect(await inShell(teams.snippets.get('text'))).toContain(teams.said[0]?.labels[0]?.label);
  }, 120_000);

  it('give labels to a file, in a terminal', async () => {
    const file = ['text', ...texts.flat()].map((text) => JSON.stringify(text)).join('\n');
    await writeFile(path.join(folder, 'texts.csv'), `${file}\n`);
    await inShell(films.snippets.get('file'));
    const { rows } = await cells(path.join(folder, 'labelled.csv'));
    expect(rows.map(([text, given]) => [text, given])).toEqual(
      texts.map(([text], i) => [text, films.said[i]?.label ?? '']),
    );
  }, 120_000);

  it('ask thaw serve with Python, which needs nothing besides', async (test) => {
    needs('python3', test);
    await checkProgram(films, 'python', 'None');
    await checkProgram(teams, 'python', '');
  });

  it('ask thaw serve with JavaScript', async () => {
    await checkProgram(films, 'javascript', 'null');
    await checkProgram(teams, 'javascript', '');
  });

  it('ask thaw serve with curl', async (test) => {
    needs('curl', test);
    for (const { snippets, said } of [films, teams]) {
      const answer = JSON.parse(await inShell(snippets.get('curl'))) as { predictions: GivenLabels[] };
      expect(answer.predictions.map(({ given }) => given)).toEqual(said.map(({ given }) => given));
      const best = (all: readonly GivenLabels[]): (number | undefined)[] =>
        all.map((one) => one.labels[0]?.probability);
      best(answer.predictions).forEach((got, i) => expect(got).toBeCloseTo(best(said)[i] ?? -1, 4));
    }
  });

  it('need no Thaw with ONNX, in the folder', async () => {
    for (const one of [films, teams]) {
      await giveOnnxRuntime(one.folder);
      await checkProgram(one, 'onnx', one === films ? 'null' : '', one.folder);
    }
  });

  it('stand in the README of the folder, for whoever is in it', async () => {
    for (const { folder: where, facts } of [films, teams]) {
      const readme = await readFile(path.join(where, 'README.md'), 'utf8');
      for (const { code } of exportSnippets('.', facts)) expect(readme).toContain(`${code}\n`);
    }
  });

  it('have all ways, but none that a folder does not hold or a shell would misread', () => {
    const kinds = (where: string, facts: ExportFacts): SnippetKind[] =>
      exportSnippets(where, facts).map(({ kind }) => kind);
    expect(kinds('/models/a', films.facts)).toEqual(['text', 'file', 'python', 'javascript', 'curl', 'onnx']);
    expect(kinds('/models/a', { ...films.facts, onnx: false })).not.toContain('onnx');
    expect(kinds('C:\\My models\\a', films.facts)).not.toContain('curl');
    const [onWindows] = exportSnippets('C:\\My models\\a', films.facts);
    expect(onWindows?.code).toBe('thaw predict --model "C:\\My models\\a" --text "The first text."');
    const many = { ...films.facts, labels: Array.from({ length: 40 }, (_, i) => `label ${i}`) };
    expect(exportSnippets('.', many)[2]?.code).toContain('"label 5" and 34 more');
  });
});

async function exported(own: string, name: string, fields: string[][], port: number): Promise<Exported> {
  const { folder: where, facts } = await exportModel(host.scoring, own, path.join(folder, name), { onnx: true });
  const snippets = new Map(exportSnippets(where, facts, port).map((snippet) => [snippet.kind, snippet] as const));
  return { folder: where, facts, snippets, said: await host.scoring.predictFields(where, fields) };
}

/** Runs a program as its snippet says, and holds what it prints against the engine. @param none how it writes no label */
async function checkProgram(one: Exported, kind: SnippetKind, none: string, where = folder): Promise<void> {
  const { code, saveAs, run } = one.snippets.get(kind) ?? { code: '', saveAs: null, run: null };
  expect([saveAs, run]).not.toContain(null);
  await writeFile(path.join(where, saveAs ?? ''), `${code}\n`);
  const lines = (await shell(run ?? '', where)).trim().split('\n');
  expect(lines).toHaveLength(one.said.length);
  lines.forEach((line, i) => {
    const { label = null, given = [], labels: all = [] } = one.said[i] ?? {};
    const words = line.split(' ');
    expect(Number(words.pop())).toBeCloseTo(all[0]?.probability ?? -1, 4);
    if (one.facts.multiLabel) for (const name of [...given, all[0]?.label]) expect(line).toContain(name);
    else expect(words.join(' ')).toBe(`${label ?? none} ${all[0]?.label}`);
  });
}

/** Puts `thaw` and `node` where the shell finds them, as an installed Thaw would be found. */
async function giveCommands(bin: string): Promise<void> {
  await mkdir(bin);
  await symlink(process.execPath, path.join(bin, 'node'));
  const program = path.resolve(__dirname, '../../bin/thaw.cjs');
  await writeFile(path.join(bin, 'thaw'), `#!/bin/sh\nexec node '${program}' "$@"\n`);
  await chmod(path.join(bin, 'thaw'), 0o755);
}

/** A line for a terminal, which needs nothing but the terminal. */
function inShell(snippet: Snippet | undefined): Promise<string> {
  expect([snippet?.saveAs, snippet?.run]).toEqual([null, null]);
  return shell(snippet?.code ?? '', folder);
}

async function shell(command: string, cwd: string): Promise<string> {
  const PATH = [path.join(folder, 'bin'), process.env['PATH']].join(path.delimiter);
  // A proxy must not get between a program and this machine.
  const env = { ...process.env, PATH, http_proxy: 'http://127.0.0.1:9', TF_CPP_MIN_LOG_LEVEL: '2' };
  return (await promisify(execFile)('sh', ['-c', command], { cwd, env })).stdout;
}

/** The words of a command behind its first, as the shell takes them. */
async function wordsOf(command: string): Promise<string[]> {
  const out = await shell(`set -- ${command}; shift; printf '%s\\n' "$@"`, folder);
  return out.trimEnd().split('\n');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Skips a test plainly where a program is not there. */
function needs(program: string, { skip }: TestContext): void {
  if (spawnSync(program, ['--version']).error) skip(`${program} is not installed here: its snippet was not run.`);
}
