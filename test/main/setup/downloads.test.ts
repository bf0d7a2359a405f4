import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Writable } from 'node:stream';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../scripts/lib/lock.mjs';
import { fetchWheel } from '../../../scripts/lib/registry.mjs';
import { Report } from '../../../scripts/lib/report.mjs';
import { unzip } from '../../../scripts/lib/zip.mjs';
import { sourceStamp } from '../../../scripts/steps/build.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thaw-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// The stand-in for pip is a shell script.
describe.skipIf(process.platform === 'win32')('a download', () => {
  const content = 'what the wheel holds';
  const wheel = {
    name: 'some-wheel',
    version: '1.0',
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };

  /** A registry client that puts `text` where pip would, and notes that it was called. */
  function context(text: string) {
    const calls = join(folder, 'calls');
    const client = join(folder, 'python3');
    writeFileSync(
      client,
      `#!/bin/sh\necho call >> '${calls}'\nprintf '%s' '${text}' > some_wheel-1.0-py3-none-any.whl\n`,
    );
    chmodSync(client, 0o755);
    const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
    const report = new Report(new Writable({ write: (_chunk, _encoding, done) => done() }));
    return {
      calls: () => readFileSync(calls, 'utf8').split('\n').length - 1,
      value: { cache: join(folder, 'cache'), env, report },
    };
  }

  it('is checked, kept, and not fetched a second time', async () => {
    const { value, calls } = context(content);
    const file = await fetchWheel(value, 'test', wheel);
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(await fetchWheel(value, 'test', wheel)).toBe(file);
    expect(calls()).toBe(1);
  });

  it('that does not have the expected hash is refused and nothing of it stays', async () => {
    const { value } = context('something else');
    await expect(fetchWheel(value, 'test', wheel)).rejects.toMatchObject({ name: 'SetupError', again: true });
    const left = readdirSync(join(folder, 'cache', 'downloads'), { recursive: true }).filter((name) =>
      String(name).endsWith('.whl'),
    );
    expect(left).toEqual([]);
  });

  it('that was damaged on the disk afterwards is noticed and fetched again', async () => {
    const { value, calls } = context(content);
    const file = await fetchWheel(value, 'test', wheel);
    truncateSync(file, 5);
    expect(readFileSync(await fetchWheel(value, 'test', wheel), 'utf8')).toBe(content);
    expect(calls()).toBe(2);
  });

  it('that fails says what to do, with the last words of the client', async () => {
    const { value } = context(content);
    writeFileSync(join(folder, 'python3'), '#!/bin/sh\necho no route to host >&2\nexit 1\n');
    const failure = {
      message: 'some-wheel 1.0 could not be fetched.',
      toDo: expect.stringContaining('network') as unknown,
      details: 'no route to host',
    };
    await expect(fetchWheel(value, 'test', wheel)).rejects.toMatchObject(failure);
  });
});

describe('unpacking', () => {
  function archive(entries: Record<string, string>): string {
    const file = join(folder, 'a.zip');
    writeFileSync(
      file,
      zipSync(Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, strToU8(text)]))),
    );
    return file;
  }

  it('writes the files that have a place, and only those', async () => {
    const text = 'long text '.repeat(1000);
    const file = archive({ 'in/a.txt': text, 'in/empty': '', 'out/b.txt': 'b' });
    const place = (name: string) => (name.startsWith('in/') ? name.slice(3) : null);
    expect(await unzip(file, join(folder, 'x'), place)).toEqual({ files: 2, bytes: text.length });
    expect(readFileSync(join(folder, 'x', 'a.txt'), 'utf8')).toBe(text);
    expect(readdirSync(join(folder, 'x')).sort()).toEqual(['a.txt', 'empty']);
  });

  it('refuses a name that leads out of the folder', async () => {
    await expect(unzip(archive({ '../evil': 'x' }), join(folder, 'x'), (name: string) => name)).rejects.toThrow(
      'points outside',
    );
    expect(existsSync(join(folder, 'evil'))).toBe(false);
  });

  it('says so when the archive is cut off', async () => {
    const file = archive({ 'a.txt': 'long text '.repeat(1000) });
    truncateSync(file, 60);
    await expect(unzip(file, join(folder, 'x'), (name: string) => name)).rejects.toThrow('zip: no directory');
  });
});

describe('the lock', () => {
  it('lets one set-up work after the other', async () => {
    const order: string[] = [];
    const work = (name: string) =>
      withLock(
        folder,
        () => undefined,
        async () => {
          order.push(`${name} begins`);
          await new Promise((resolve) => setTimeout(resolve, 100));
          order.push(`${name} ends`);
        },
      );
    await Promise.all([work('a'), work('b')]);
    expect(order).toHaveLength(4);
    expect(order[0]?.[0]).toBe(order[1]?.[0]);
    expect(order[2]?.[0]).toBe(order[3]?.[0]);
  });

  it('of a process that is gone is taken over', async () => {
    // Far above the largest number that systems give to processes.
    writeFileSync(join(folder, 'setup.lock'), '99999999');
    expect(
      await withLock(
        folder,
        () => undefined,
        () => Promise.resolve('done'),
      ),
    ).toBe('done');
    expect(existsSync(join(folder, 'setup.lock'))).toBe(false);
  });
});

it('the stamp of the sources changes with a letter or a name, and not with a date', () => {
  const inputs = [
    'electron.vite.config.ts',
    'runtime.vite.config.ts',
    'package.json',
    'package-lock.json',
    'tsconfig.base.json',
    'tsconfig.node.json',
    'tsconfig.web.json',
  ];
  for (const name of inputs) writeFileSync(join(folder, name), name);
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
  const file = join(folder, 'src', 'deep', 'a.ts');
  writeFileSync(file, 'one');
  const first = sourceStamp(folder);
  utimesSync(file, 1, 1);
  expect(sourceStamp(folder)).toBe(first);
  writeFileSync(file, 'two');
  const second = sourceStamp(folder);
  renameSync(file, join(folder, 'src', 'deep', 'b.ts'));
  expect(new Set([first, second, sourceStamp(folder)]).size).toBe(3);
});
