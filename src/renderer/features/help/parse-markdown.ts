/** A run of text within a line. */
export interface Inline {
  readonly kind: 'text' | 'code' | 'strong' | 'emphasis' | 'link';
  readonly text: string;
  /** Of a link: where it leads. */
  readonly to?: string;
}

/** A part of a page. */
type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] };

const marks =
  /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|(?<![\p{L}\p{N}])[_*]([^_*\s][^_*]*)[_*](?![\p{L}\p{N}])/gu;
const bullet = /^(?:[-*]|\d+\.)\s+/;

/** The runs of a line of Markdown: code, bold, italic, links, and the rest. */
export function parseInline(line: string): readonly Inline[] {
  const runs: Inline[] = [];
  let at = 0;
  for (const match of line.matchAll(marks)) {
    if (match.index > at) runs.push({ kind: 'text', text: line.slice(at, match.index) });
    const [whole, code, strong, linked, to, emphasis] = match;
    if (code !== undefined) runs.push({ kind: 'code', text: code });
    else if (strong !== undefined) runs.push({ kind: 'strong', text: strong });
    else if (linked !== undefined) runs.push({ kind: 'link', text: linked.replaceAll('`', ''), to: to ?? '' });
    else runs.push({ kind: 'emphasis', text: emphasis ?? '' });
    at = match.index + whole.length;
  }
  if (at < line.length) runs.push({ kind: 'text', text: line.slice(at) });
  return runs;
}

function cells(line: string): readonly (readonly Inline[])[] {
  const inner = line.trim().replace(/^\||\|$/g, '');
  return inner.split(/(?<!\\)\|/).map((cell) => parseInline(cell.trim().replaceAll('\\|', '|')));
}

/** The blocks of the Markdown that Thaw's own pages are written in: no nesting, no HTML, no images. */
export function parseMarkdown(source: string): readonly Block[] {
  const lines = source.split(/\r?\n/);
  const blocks: Block[] = [];
  let at = 0;
  const take = (fits: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && fits(lines[at] ?? '')) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === '') at += 1;
    else if (heading) {
      at += 1;
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, content: parseInline(heading[2] ?? '') });
    } else if (line.startsWith('```')) {
      at += 1;
      blocks.push({ kind: 'code', text: take((one) => !one.startsWith('```')).join('\n') });
      at += 1;
    } else if (line.startsWith('|')) {
      const rows = take((one) => one.startsWith('|')).filter((one) => !/^[|\s:-]+$/.test(one));
      blocks.push({ kind: 'table', rows: rows.map(cells) });
    } else if (bullet.test(line)) {
      const ordered = /^\d/.test(line);
      // A line that is indented goes on with the item before it.
      const items = take((one) => bullet.test(one) || /^\s+\S/.test(one)).reduce<string[]>((list, one) => {
        if (bullet.test(one)) return [...list, one.replace(bullet, '')];
        return [...list.slice(0, -1), `${list.at(-1) ?? ''} ${one.trim()}`];
      }, []);
      blocks.push({ kind: 'list', ordered, items: items.map(parseInline) });
    } else {
      const text = take((one) => one.trim() !== '' && !/^(#{1,6}\s|```|\|)/.test(one) && !bullet.test(one));
      blocks.push({ kind: 'paragraph', content: parseInline(text.map((one) => one.trim()).join(' ')) });
    }
  }
  return blocks;
}
