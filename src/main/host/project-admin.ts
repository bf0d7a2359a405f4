import { randomUUID } from 'node:crypto';
import { cp, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../shared/errors';
import type { DiskUse, TrashedProject } from '../../shared/project-types';
import { writeJsonAtomic } from '../../engine/weights/atomic-write';
import { projectFilePath, readProjectFile, writeProjectFile } from './project-file';

/** Beside the projects of a folder; what is in it can be restored. */
const TRASH = '.thaw-trash';
const NOTE = 'trashed.json';

/** How much room a project takes, by what takes it. @throws AppError `not-found` */
export async function diskUse(folder: string): Promise<DiskUse> {
  await readProjectFile(folder);
  const [file, log, texts, runs, models, all] = await Promise.all([
    bytesIn(path.join(folder, 'store.duckdb')),
    bytesIn(path.join(folder, 'store.duckdb.wal')), // there while it is open
    bytesIn(path.join(folder, 'text')),
    bytesIn(path.join(folder, 'runs')),
    bytesIn(path.join(folder, 'models')),
    bytesIn(folder),
  ]);
  const store = file + log;
  return { total: all, rows: store, texts, runs, models, other: Math.max(0, all - store - texts - runs - models) };
}

/** Gives a closed project another name; its folder stays where it is. @throws AppError `not-found` */
export async function renameProject(folder: string, name: string): Promise<void> {
  await writeProjectFile(folder, { ...(await readProjectFile(folder)), name });
}

/**
 * Copies a closed project into a new folder beside it, with an identity of its own.
 * @returns the folder of the copy
 * @throws AppError `not-found`
 */
export async function duplicateProject(folder: string, name: string): Promise<string> {
  const file = await readProjectFile(folder);
  const target = freeFolder(`${folder}-copy`);
  const part = `${target}.part`;
  try {
    // Until it is complete the copy is no project: what a killed process leaves behind is not taken for one.
    await cp(folder, part, {
      recursive: true,
      errorOnExist: true,
      force: false,
      filter: (from) => from !== projectFilePath(folder),
    });
    // The copy is a person's own: a click on the sample goes on opening the project that was made for it.
    const copy = { ...file, id: randomUUID(), name, createdAt: new Date().toISOString(), sample: undefined };
    await writeProjectFile(part, copy);
    await rename(part, target);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
  return target;
}

/** Moves a closed project into the trash beside it, from where it can be restored. @throws AppError `not-found` */
export async function trashProject(folder: string): Promise<void> {
  const { name } = await readProjectFile(folder);
  const trash = path.join(path.dirname(folder), TRASH);
  await mkdir(trash, { recursive: true });
  const target = path.join(trash, `${path.basename(folder)}-${randomUUID().slice(0, 8)}`);
  await writeJsonAtomic(path.join(folder, NOTE), { name, folder: path.basename(folder), at: new Date().toISOString() });
  await rename(folder, target);
}

/** The projects in the trash of some folders, newest first. */
export async function trashedProjects(parents: readonly string[]): Promise<TrashedProject[]> {
  const found: TrashedProject[] = [];
  for (const parent of new Set(parents)) {
    const trash = path.join(parent, TRASH);
    const names = await readdir(trash).catch(() => []);
    for (const name of names) {
      const folder = path.join(trash, name);
      const note = await noteIn(folder);
      if (note) found.push({ path: folder, name: note.name, at: note.at, bytes: await bytesIn(folder) });
    }
  }
  return found.sort((a, b) => b.at.localeCompare(a.at));
}

/** Puts a project back where it was, or beside what has taken its place. @returns its folder @throws AppError */
export async function restoreProject(trashed: string): Promise<string> {
  const note = await trashedNote(trashed);
  const target = freeFolder(path.join(path.dirname(path.dirname(trashed)), path.basename(note.folder)));
  await rename(trashed, target);
  await rm(path.join(target, NOTE), { force: true });
  return target;
}

/** Deletes a project in the trash for good. @throws AppError `bad-input` where it is not in the trash */
export async function deleteTrashed(trashed: string): Promise<void> {
  await trashedNote(trashed);
  await rm(trashed, { recursive: true, force: true });
}

/** Keeps pasted text as a file of the project, so that it can be looked at and imported as any other. */
export async function keepPasted(projectFolder: string, text: string): Promise<string> {
  if (text.trim() === '')
    throw new AppError('no-rows', 'Expected text on the clipboard, got none.', {
      hint: 'Copy some rows first.',
      says: { sentence: 'emptyClipboard' },
    });
  const folder = path.join(projectFolder, 'imports');
  await mkdir(folder, { recursive: true });
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const isTable = lines.filter((line) => line.includes('\t')).length >= lines.length / 2;
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-');
  const file = path.join(folder, `pasted-${stamp}.${isTable ? 'tsv' : 'txt'}`);
  await writeFile(file, text.endsWith('\n') ? text : `${text}\n`);
  return file;
}

interface Note {
  readonly name: string;
  readonly folder: string;
  readonly at: string;
}

async function noteIn(folder: string): Promise<Note | null> {
  try {
    const note: unknown = JSON.parse(await readFile(path.join(folder, NOTE), 'utf8'));
    const isNote = typeof note === 'object' && note !== null && 'name' in note && 'folder' in note && 'at' in note;
    return isNote ? { name: String(note.name), folder: String(note.folder), at: String(note.at) } : null;
  } catch {
    return null; // something else that lies in the folder
  }
}

async function trashedNote(folder: string): Promise<Note> {
  const note = path.basename(path.dirname(folder)) === TRASH ? await noteIn(folder) : null;
  if (note) return note;
  throw new AppError('bad-input', `${folder} is no project in the trash.`, { data: { folder } });
}

function freeFolder(wanted: string): string {
  for (let attempt = 1; ; attempt++) {
    const folder = attempt === 1 ? wanted : `${wanted}-${String(attempt)}`;
    if (!existsSync(folder)) return folder;
  }
}

/** Bytes of a file, or of all files in a folder; links are not followed, and what vanishes meanwhile counts nothing. */
async function bytesIn(place: string): Promise<number> {
  const found = await lstat(place).catch(() => null);
  if (!found) return 0;
  if (!found.isDirectory()) return found.size;
  const names = await readdir(place).catch(() => []);
  let bytes = 0;
  for (const name of names) bytes += await bytesIn(path.join(place, name));
  return bytes;
}
