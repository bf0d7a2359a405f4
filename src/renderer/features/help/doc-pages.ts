const sources = import.meta.glob<string>(
  ['../../../../docs/guide/*.md', '../../../../docs/formats/*.md', '../../../../LICENSE', '../../../../THIRD-PARTY.md'],
  { query: '?raw', import: 'default' },
);

/** The parts of the documentation. */
type DocGroup = 'guide' | 'formats';

/** A page of the documentation. */
export interface DocPage {
  /** Its path below `docs`, such as `guide/data.md`. */
  readonly id: string;
  readonly group: DocGroup;
  readonly title: string;
  readonly source: string;
}

/** What somebody new reads first; the others follow by name. */
const order = ['data', 'labelling', 'training', 'inspect', 'export', 'models', 'cli', 'walks', 'method', 'results'];

function place({ id }: DocPage): number {
  const found = order.indexOf(id.replace(/^.*\/|\.md$/g, ''));
  return found < 0 ? order.length : found;
}

/** Reads all pages that came with Thaw; nothing is fetched from a network. */
export async function readDocPages(): Promise<readonly DocPage[]> {
  const pages = await Promise.all(
    Object.entries(sources).flatMap(([path, read]) => {
      const named = /docs\/((guide|formats)\/[^/]+)$/.exec(path);
      if (named === null) return [];
      const [, id = '', group = ''] = named;
      return [
        read().then((source): DocPage => {
          const title = /^#\s+(.*)$/m.exec(source)?.[1]?.replaceAll('`', '') ?? id;
          return { id, group: group === 'formats' ? 'formats' : 'guide', title, source };
        }),
      ];
    }),
  );
  return pages.sort((a, b) => place(a) - place(b) || a.title.localeCompare(b.title, 'en'));
}

/** The licence of Thaw, and the list of what others have made. */
export async function readLicences(): Promise<{ readonly own: string; readonly others: string }> {
  const read = async (name: string): Promise<string> => {
    const found = Object.keys(sources).find((path) => path.endsWith(`/${name}`));
    return found === undefined ? '' : ((await sources[found]?.()) ?? '');
  };
  return { own: await read('LICENSE'), others: await read('THIRD-PARTY.md') };
}

/** The page that a link on another page leads to; null where it is none of these. */
export function linkedPage(from: string, to: string, pages: readonly DocPage[]): DocPage | null {
  const parts = [...from.split('/').slice(0, -1), ...to.replace(/#.*$/, '').split('/')];
  const path: string[] = [];
  for (const part of parts) {
    if (part === '..') path.pop();
    else if (part !== '.') path.push(part);
  }
  return pages.find(({ id }) => id === path.join('/')) ?? null;
}
