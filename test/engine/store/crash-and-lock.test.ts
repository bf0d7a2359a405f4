import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../src/engine/store/database';
import { migrateProject, PROJECT_VERSION } from '../../../src/engine/store/project-format';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { bundleLabeller } from './store-bundle';
import { csv, projectFolder, storeWith, TEXT_ONLY } from './project-folder';

interface Said {
  readonly opened?: number;
  readonly row?: number;
  readonly label?: string;
  readonly read?: boolean; // the file to the end
  readonly error?: { readonly code: string; readonly message: string };
}

let labeller = '';
beforeAll(async () => {
  labeller = await bundleLabeller();
});

/** Runs the labelling process on a folder until `enough` says so. */
async function runUntil(
  folder: string,
  enough: (said: readonly Said[]) => boolean,
  file?: string,
): Promise<{ child: ChildProcess; said: Said[] }> {
  const child = fork(labeller, file === undefined ? [folder] : [folder, file]);
  const said: Said[] = [];
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      said.push(message as Said);
      if (enough(said)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`The labelling process ended with ${String(code)}`)));
  });
  return { child, said };
}

async function kill(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  // An import that was quick has ended by itself, and an exit is told only once.
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** A project with 200 unlabelled rows and the labels x and y, closed. */
async function readyFolder(): Promise<string> {
  const { store, folder } = await storeWith(
    Array.from({ length: 200 }, (_, i) => `t${String(i)}`),
    TEXT_ONLY,
  );
  await store.addLabel('x');
  await store.addLabel('y');
  await store.close();
  return folder;
}

describe('a project that is in use', () => {
  it('killed in the middle of labelling: everything that was confirmed is there, and the lock is gone', async () => {
    const folder = await readyFolder();
    const expected = new Map<number, string>();
    let actions = 2;
    for (const amount of [40, 90]) {
      const { child, said } = await runUntil(folder, (all) => all.length > amount);
      await kill(child);
      for (const { row, label } of said) if (row !== undefined && label !== undefined) expected.set(row, label);
      const confirmed = said.filter(({ row }) => row !== undefined).length;
      const store = await ProjectStore.open(folder);
      const rows = (await store.page({}, 0, 200)).rows;
      // The one change that was under way may have landed too.
      const different = rows.filter(({ id, labels }) => (labels[0] ?? '') !== (expected.get(id) ?? ''));
      expect(different.length).toBeLessThanOrEqual(1);
      expect(confirmed).toBeGreaterThan(30);
      for (const { id, labels } of different) expected.set(id, labels[0] ?? '');
      let undone = 0;
      while (store.labelState().canUndo) {
        await store.undo();
        undone++;
      }
      expect(undone).toBeGreaterThanOrEqual(actions);
      for (let i = 0; i < undone; i++) await store.redo();
      expect((await store.page({}, 0, 200)).rows.map(({ labels }) => labels)).toEqual(rows.map(({ labels }) => labels));
      actions = undone;
      await store.close();
    }
  });

  it('killed in the middle of an import: all of the file is there or nothing, and the rest is as it was', async () => {
    const folder = await readyFolder();
    const lines = Array.from(
      { length: 60_000 },
      (_, i) => `some text of row ${String(i)},${i % 2 === 0 ? 'x' : 'new'}`,
    );
    const file = csv(folder, 'more.csv', ['text,label', ...lines]);
    let landed = 0;
    for (const wait of [0, 150, 400]) {
      const { child } = await runUntil(folder, (said) => said.some(({ read }) => read === true), file);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await kill(child);
      const store = await ProjectStore.open(folder);
      const { rows, labelled } = store.counts();
      expect([landed, landed + 60_000]).toContain(labelled);
      expect(rows).toBe(200 + labelled);
      landed = labelled;
      expect(store.labels().map(({ count }) => count)).toEqual(landed === 0 ? [0, 0] : [landed / 2, 0, landed / 2]);
      expect((await store.page({ search: 'row 59999' }, 0, 9)).total).toBe(landed / 60_000);
      await store.close();
    }
  });

  it('is refused to a second process, by name, until the first has ended', async () => {
    const folder = await readyFolder();
    const { child } = await runUntil(folder, ([first]) => first?.opened === 200);
    const error: unknown = await ProjectStore.open(folder).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'project-locked', hint: 'Close it there, then open it here.' });
    expect((error as Error).message).toContain(String(child.pid));
    await kill(child);
    const store = await ProjectStore.open(folder);
    const { child: second, said } = await runUntil(folder, ([first]) => first?.error !== undefined);
    expect(said[0]?.error?.code).toBe('project-locked');
    await kill(second);
    await store.close();
  });

  it('is refused to a second opening in the same process', async () => {
    const folder = await readyFolder();
    const store = await ProjectStore.open(folder);
    await expect(ProjectStore.open(folder)).rejects.toMatchObject({ code: 'project-locked' });
    await store.close();
    await (await ProjectStore.open(folder)).close();
  });
});

describe('the version of a project', () => {
  it('a newer one is refused with what to do, and not touched', async () => {
    const folder = projectFolder(PROJECT_VERSION + 1);
    const before = readFileSync(join(folder, 'project.json'), 'utf8');
    await expect(ProjectStore.open(folder)).rejects.toMatchObject({
      code: 'project-format',
      message: expect.stringContaining('got version 2') as string,
      hint: expect.stringContaining('newer Thaw') as string,
    });
    expect(readFileSync(join(folder, 'project.json'), 'utf8')).toBe(before);
  });

  it('an older one goes through each step, and the rest of project.json stays', async () => {
    const folder = projectFolder(1);
    const database = await Database.open(join(folder, 'store.duckdb'));
    const ran: number[] = [];
    const step = (from: number) => [from, () => Promise.resolve(void ran.push(from))] as const;
    await migrateProject(folder, database, new Map([step(1), step(2)]), 3);
    expect(ran).toEqual([1, 2]);
    expect(JSON.parse(readFileSync(join(folder, 'project.json'), 'utf8'))).toMatchObject({
      version: 3,
      name: 'Test',
      kept: 'as it is',
    });
    await expect(migrateProject(folder, database, new Map(), 4)).rejects.toMatchObject({ code: 'project-format' });
    await database.close();
  });

  it.each([
    ['no project.json', null, 'not-found'],
    ['a damaged one', '{"format":', 'project-format'],
    ["another program's", '{"format":"other","version":1}', 'project-format'],
  ])('%s is a clear error', async (_, content, code) => {
    const folder = projectFolder();
    if (content !== null) writeFileSync(join(folder, 'project.json'), content);
    const open = ProjectStore.open(content === null ? join(folder, 'nothing') : folder);
    await expect(open).rejects.toMatchObject({ code });
  });

  it('a store file that is damaged is a clear error', async () => {
    const folder = projectFolder();
    writeFileSync(join(folder, 'store.duckdb'), 'this is no database'.repeat(1000));
    await expect(ProjectStore.open(folder)).rejects.toMatchObject({ code: 'project-format' });
  });
});
