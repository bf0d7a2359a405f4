import type { MenuItemConstructorOptions } from 'electron';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { JsonFile } from '../../src/main/ipc/json-file';
import { RecentProjects } from '../../src/main/ipc/recent-projects';
import { route, type ShellHandlers } from '../../src/main/ipc/router';
import { languageOf, openSettings } from '../../src/main/ipc/settings';
import { menuTemplate, type MenuParts } from '../../src/main/window/menu';
import { placeOnScreens, type WindowState } from '../../src/main/window/window-state';
import { words } from '../../src/main/window/words';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'thaw-shell-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what the shell keeps on disk', () => {
  it('is there again after a new start', () => {
    const settings = openSettings(folder);
    expect(settings.value).toEqual({ theme: 'system', language: '' });
    settings.set({ theme: 'dark', language: 'de' });
    expect(openSettings(folder).value).toEqual({ theme: 'dark', language: 'de' });
    expect(readdirSync(folder)).toEqual(['settings.json']); // no temporary file is left
  });

  it('is put aside, not lost, where it cannot be read', () => {
    const file = path.join(folder, 'a.json');
    writeFileSync(file, '{"n": ');
    const opened = new JsonFile(file, z.object({ n: z.number() }), { n: 1 });
    expect(opened.value).toEqual({ n: 1 });
    expect(readFileSync(`${file}.unreadable`, 'utf8')).toBe('{"n": ');
  });

  it('lists projects newest first, each once, and says which are still there', () => {
    const one = path.join(folder, 'one');
    mkdirSync(one);
    writeFileSync(path.join(one, 'project.json'), '{}');
    const recent = new RecentProjects(folder);
    recent.opened({ path: one, name: 'one' }, new Date(1000));
    recent.opened({ path: '/nowhere/two', name: 'two' }, new Date(2000));
    recent.opened({ path: one, name: 'one, renamed' }, new Date(3000));
    const again = new RecentProjects(folder);
    expect(again.last).toBe(one);
    expect(again.list().map(({ name, exists }) => ({ name, exists }))).toEqual([
      { name: 'one, renamed', exists: true },
      { name: 'two', exists: false },
    ]);
    again.forget(one);
    expect(again.last).toBeNull();
    expect(again.list()).toHaveLength(1);
    // Their trash is still there, also where no project is any more.
    expect(new RecentProjects(folder).places().sort()).toEqual([folder, '/nowhere'].sort());
  });

  it('opens no project at the next start after one was closed', () => {
    const recent = new RecentProjects(folder);
    recent.opened({ path: '/p', name: 'p' }, new Date(0));
    recent.closed();
    expect(new RecentProjects(folder).last).toBeNull();
    expect(recent.list()).toHaveLength(1);
  });
});

describe("the window's place", () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1040 };
  const state: WindowState = { x: 100, y: 50, width: 1280, height: 800, maximized: false };

  it('is kept where its screen is still there', () => {
    expect(placeOnScreens(state, [screen])).toEqual(state);
  });

  it('is left to the system where the screen is gone', () => {
    expect(placeOnScreens({ ...state, x: 2500 }, [screen])).toMatchObject({ x: null, y: null, width: 1280 });
  });

  it('is never larger than the screen nor smaller than 900 x 600', () => {
    expect(placeOnScreens({ ...state, width: 4000, x: -1000 }, [screen])).toMatchObject({ width: 1920 });
    expect(placeOnScreens({ ...state, width: 10, height: 10 }, [screen])).toMatchObject({ width: 900, height: 600 });
  });
});

describe('the menu', () => {
  const nothing: MenuParts = {
    development: false,
    history: { undo: '', redo: '', choose: () => undefined },
    offered: [],
    run: () => undefined,
    recent: [],
    openProject: () => undefined,
  };
  const itemsOf = (parts: Partial<MenuParts>): MenuItemConstructorOptions[] =>
    menuTemplate(words.de, 'linux', { ...nothing, ...parts }).flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu : [],
    );
  const click = (item: MenuItemConstructorOptions | undefined): void => (item?.click as (() => void) | undefined)?.();
  const roles = (development: boolean): string[] =>
    itemsOf({ development }).flatMap((item) => (item.role === undefined ? [] : [item.role]));

  it('names what undo and redo would do, and tells the window which was chosen', () => {
    const chosen: string[] = [];
    const history = { undo: 'Undo: “R&D” added', redo: '', choose: (what: string) => chosen.push(what) };
    const [undo, redo] = ['undo', 'redo'].map((id) => itemsOf({ history }).find((item) => item.id === id));
    expect([undo?.label, redo?.label]).toEqual(['Undo: “R&&D” added', words.de.redo]);
    // The page hears the keys: it knows whether a field is meant.
    expect([undo?.registerAccelerator, redo?.registerAccelerator]).toEqual([false, false]);
    for (const item of [redo, undo]) click(item);
    expect(chosen).toEqual(['redo', 'undo']);
  });

  it('offers what can be done now, and tells the window what was chosen', () => {
    const ran: string[] = [];
    const items = itemsOf({ offered: ['project-new', 'about'], run: (command) => ran.push(command) });
    const state = (id: string) => items.find((item) => item.id === id)?.enabled;
    expect([state('project-new'), state('about'), state('import-file'), state('go-export')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    click(items.find(({ id }) => id === 'about'));
    expect(ran).toEqual(['about']);
  });

  it('lists at most ten recent projects by name, or says that there are none', () => {
    const opened: string[] = [];
    const openProject = (folder: string) => opened.push(folder);
    const recent = Array.from({ length: 12 }, (_, i) => ({ path: `/p/${String(i)}`, name: `R&D ${String(i)}` }));
    const listOf = (parts: Partial<MenuParts>) =>
      itemsOf(parts).find(({ label }) => label === words.de.openRecent)?.submenu as MenuItemConstructorOptions[];
    const list = listOf({ recent, openProject });
    expect(list.map(({ label }) => label)).toEqual(recent.slice(0, 10).map(({ name }) => name.replace('&', '&&')));
    click(list[3]);
    expect(opened).toEqual(['/p/3']);
    expect(listOf({})).toMatchObject([{ label: words.de.noRecent, enabled: false }]);
  });

  it('has no developer tools and no reload outside development', () => {
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(false)).not.toContain('reload');
    expect(roles(true)).toContain('toggleDevTools');
  });

  it('has every word in every language', () => {
    const keys = Object.keys(words.en);
    for (const language of ['de', 'fr'] as const) {
      expect(Object.keys(words[language])).toEqual(keys);
      for (const word of Object.values(words[language])) expect(word).not.toBe('');
    }
  });

  it("speaks the locale's language where Thaw knows it, else English", () => {
    expect([languageOf('de-AT'), languageOf('fr_CA'), languageOf('EN'), languageOf('pt-BR')]).toEqual([
      'de',
      'fr',
      'en',
      'en',
    ]);
  });
});

describe('the router', () => {
  const shell = {
    'shell.settings': () => ({ theme: 'dark', language: 'fr' }),
    'shell.forgetProject': () => ({}),
  } as unknown as ShellHandlers;
  const asked: unknown[] = [];
  const engine = (method: string, request: unknown): Promise<unknown> => {
    asked.push({ method, request });
    return Promise.resolve('answered');
  };

  it('sends a parsed request to the engine, with its defaults', async () => {
    expect(await route({ shell, engine }, 'training.start', { minutes: 2, extra: 'x' })).toBe('answered');
    expect(asked.at(-1)).toEqual({
      method: 'training.start',
      request: {
        preset: 'standard',
        minutes: 2,
        seed: 0,
        fineTuneLanguageModel: true,
        classWeights: false,
        options: {},
      },
    });
  });

  it("answers the shell's own methods", async () => {
    expect(await route({ shell, engine }, 'shell.settings', {})).toEqual({ theme: 'dark', language: 'fr' });
  });

  it.each([
    ['no.such.method', {}],
    ['constructor', {}],
    ['__proto__', {}],
    [17, {}],
    ['project.open', { path: 3 }],
    ['project.open', null],
    ['rows.page', { offset: 0, limit: 1_000_000, filter: {} }],
    ['shell.forgetProject', {}],
  ])('refuses %s with %j', async (method, request) => {
    const before = asked.length;
    await expect(route({ shell, engine }, method, request)).rejects.toMatchObject({ code: 'bad-input' });
    expect(asked.length).toBe(before);
  });
});
