import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startThaw, thaw } from './cli-process';

/** The command line as people and scripts meet it: a process of its own in plain Node. */

const fixtures = path.resolve(__dirname, '../fixtures');
const messy = path.join(fixtures, 'e2e/banking77-cp1252.csv');
const subjectivity = path.join(fixtures, 'e2e/subj-400.csv');

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-cli-'))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

describe('thaw', () => {
  it('names its commands, and each of them explains itself', async () => {
    const help = await thaw('--help');
    expect(help.code).toBe(0);
    const commands = [
      'demo',
      'train',
      'evaluate',
      'predict',
      'import',
      'tokenize',
      'pretrain',
      'human-numbers',
      'lm evaluate',
      'models',
      'doctor',
      'parity',
    ];
    for (const command of commands) {
      const words = command.split(' ');
      expect(help.stdout).toContain(words[0]);
      const own = await thaw(...words, '--help');
      expect(own.code).toBe(0);
      expect(own.stdout).toContain(`Usage: thaw ${command}`);
      expect(own.stdout).toContain('--json');
    }
  }, 120_000);

  it('ends with 2 when it is called wrongly, with an object on standard output where --json asks for it', async () => {
    const calls = [
      ['nonsense'],
      ['train', '--json'],
      ['train', '--project', 'x', '--preset', 'huge'],
      ['train', '--project', 'x', '--minutes', 'soon'],
      ['predict', '--text', 'a text'],
      ['predict', '--model', 'x', '--data', 'y'],
      ['evaluate', '--project', 'x', '--model', 'y', '--data', 'z'],
    ];
    for (const call of calls) {
      const ended = await thaw(...call);
      expect([call, ended.code]).toEqual([call, 2]);
      expect(ended.stderr).not.toBe('');
    }
    expect((await thaw('train', '--json')).json()).toMatchObject({ error: { code: 'usage' } });
  }, 120_000);

  it('ends with 1 and says what was expected when it fails', async () => {
    const missing = await thaw('import', '--data', path.join(folder, 'not-there.csv'), '--json');
    expect(missing.code).toBe(1);
    expect(missing.json()).toMatchObject({ error: { code: 'file-not-found' } });
    const noModel = await thaw('predict', '--model', folder, '--text', 'a text');
    expect(noModel.code).toBe(1);
    expect(noModel.stderr).toContain('holds no trained classifier');
    const project = path.join(folder, 'columns');
    const column = await thaw('train', '--data', subjectivity, '--text', 'body', '--project', project);
    expect(column.code).toBe(1);
    expect(column.stderr).toMatch(/no column "body".*"text", "label"/);
  }, 60_000);

  it('never loads Electron', async () => {
    const hook = path.join(folder, 'watch-electron.cjs');
    await writeFile(
      hook,
      `const Module = require('node:module');
       const load = Module._load;
       Module._load = function (name, ...rest) {
         if (name === 'electron' || name.startsWith('electron/')) { process.stderr.write('LOADED ELECTRON'); process.exit(77); }
         return load.call(this, name, ...rest);
       };`,
    );
    // The hook itself is at work: a program that does load Electron is caught.
    const probe = startThaw([], ['--require', hook, '--eval', "require('electron')", '--']);
    expect((await probe.ended).code).toBe(77);
    const calls = [
      ['doctor', '--json'],
      ['import', '--data', messy, '--json'],
      ['tokenize', '--data', subjectivity, '--text', 'text', '--json'],
    ];
    for (const call of calls) {
      const ended = await startThaw(call, ['--require', hook]).ended;
      expect([call, ended.code]).toEqual([call, 0]);
      expect(ended.stderr).not.toContain('LOADED ELECTRON');
    }
  }, 60_000);
});

describe('thaw import', () => {
  it('prints what a file is and which rows cannot be read, as one object', async () => {
    const ended = await thaw('import', '--data', messy, '--json');
    expect(ended.code).toBe(0);
    expect(ended.stdout.trim().split('\n')).toHaveLength(1);
    expect(ended.json()).toMatchObject({
      encoding: 'windows-1252',
      dialect: { delimiter: ';' },
      header: true,
      columns: ['Message', 'Type'],
      rows: 72,
      rejected: [{ line: 23 }, { line: 44 }],
    });
  });

  it('takes what was chosen over what was guessed', async () => {
    const ended = await thaw('import', '--data', messy, '--no-header', '--encoding', 'latin1', '--json');
    expect(ended.json()).toMatchObject({ header: false, columns: ['column1', 'column2'], rows: 73 });
  });
});

describe('thaw tokenize', () => {
  it('counts tokens, shows them, and keeps the shards where it is told', async () => {
    const out = path.join(folder, 'shards');
    const ended = await thaw(
      'tokenize',
      '--data',
      subjectivity,
      '--text',
      'text',
      '--show',
      '1',
      '--out',
      out,
      '--json',
    );
    const value = ended.json();
    expect(value).toMatchObject({ documents: 400, out });
    expect((value['shown'] as string[][])[0]?.slice(0, 4)).toEqual(['xxbos', 'this', 'may', 'be']);
    const vocabulary = JSON.parse(await readFile(path.join(out, 'vocabulary.json'), 'utf8')) as string[];
    expect(vocabulary.length).toBe(value['vocabulary']);
    expect(vocabulary[0]).toBe('xxunk');
  });
});

describe('thaw doctor', () => {
  it('says what is in use', async () => {
    const ended = await thaw('doctor', '--json');
    expect(ended.code).toBe(0);
    const ids = (ended.json()['checks'] as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['node', 'tensorflow', 'kernels', 'precision', 'cores', 'memory']));
  });
});
