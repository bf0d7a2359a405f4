import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { ColumnChoice } from '../../../src/shared/data-types';
import { ProjectStore } from '../../../src/engine/store/project-store';

/** One text column, one label each. */
export const TEXT_LABEL: ColumnChoice = {
  textColumns: ['text'],
  labelColumns: ['label'],
  multiLabel: false,
  labelSeparator: null,
};
/** Texts only. */
export const TEXT_ONLY: ColumnChoice = { ...TEXT_LABEL, labelColumns: [] };

/** A new empty project folder, gone after the test file. */
export function projectFolder(version = 1): string {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-store-'));
  const head = {
    format: 'thaw-project',
    version,
    id: 'p',
    name: 'Test',
    createdAt: '2026-01-01T00:00:00Z',
    kept: 'as it is',
  };
  writeFileSync(join(folder, 'project.json'), JSON.stringify(head));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a CSV into a project's folder and gives its path. */
export function csv(folder: string, name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** A store with these rows (`text,label`). */
export async function storeWith(
  rows: readonly string[],
  columns: ColumnChoice = TEXT_LABEL,
): Promise<{ store: ProjectStore; folder: string }> {
  const folder = projectFolder();
  const store = await ProjectStore.open(folder);
  await store.importFile(
    csv(folder, 'data.csv', [`text${columns.labelColumns.length > 0 ? ',label' : ''}`, ...rows]),
    { header: true, delimiter: ',' },
    columns,
    'data',
  );
  return { store, folder };
}

/** The number of rows per label name. */
export function counts(store: ProjectStore): Record<string, number> {
  return Object.fromEntries(store.labels().map(({ name, count }) => [name, count]));
}
