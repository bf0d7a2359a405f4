import type { ModelFiles } from './runtime-types';

/** There is a page in a browser, and in a worker of one at least an address. */
const page = (globalThis as { readonly document?: { readonly baseURI: string } }).document;

/**
 * The files of an exported folder.
 * @param folder a URL, or in Node a path
 */
export function filesIn(folder: string | URL): ModelFiles {
  const base = typeof folder === 'string' ? folder : folder.href;
  const isPath = !/^[a-z][a-z0-9+.-]+:\/\//i.test(base) && page === undefined;
  return base.startsWith('file:') || isPath ? onDisk(folder) : overHttp(base);
}

function onDisk(folder: string | URL): ModelFiles {
  // Hidden from bundlers, which would look for a package of that name for the browser.
  const [fs, path] = ['node:fs/promises', 'node:path'];
  return {
    async read(name) {
      const { readFile } = (await import(/* @vite-ignore */ fs)) as {
        readFile(file: string | URL): Promise<Uint8Array>;
      };
      const { join } = (await import(/* @vite-ignore */ path)) as { join(...parts: string[]): string };
      const file = typeof folder === 'string' && !folder.startsWith('file:') ? join(folder, name) : below(folder, name);
      return readFile(file).catch((error: unknown) => {
        if ((error as { code?: unknown }).code === 'ENOENT') return null;
        throw error;
      });
    },
  };
}

function overHttp(base: string): ModelFiles {
  return {
    async read(name) {
      const whole = page ? new URL(base, page.baseURI).href : base;
      const answer = await fetch(below(whole, name));
      if (answer.status === 404) return null;
      if (!answer.ok) throw new Error(`${answer.url}: the server answers ${answer.status} ${answer.statusText}.`);
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
}

function below(folder: string | URL, name: string): URL {
  const href = typeof folder === 'string' ? folder : folder.href;
  return new URL(name, href.endsWith('/') ? href : `${href}/`);
}
