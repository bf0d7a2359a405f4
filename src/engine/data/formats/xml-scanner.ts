/** What is called for each part of an XML text. */
export interface XmlListener {
  /** `attributes` as they stand in the tag, see {@link attribute}. */
  readonly open: (name: string, attributes: string) => void;
  readonly close: (name: string) => void;
  readonly text: (text: string) => void;
}

/**
 * Reads XML piece by piece, as far as spreadsheets need it: elements, attributes, text, CDATA; no DTD and thus no
 * entities but the five and numbers. Names are given without their prefix.
 */
export class XmlScanner {
  private rest = '';

  constructor(private readonly listener: XmlListener) {}

  write(piece: string): void {
    const text = this.rest + piece;
    let at = 0;
    for (;;) {
      const open = text.indexOf('<', at);
      if (open < 0) break;
      if (open > at) this.listener.text(unescapeXml(text.slice(at, open)));
      const end = this.markupEnd(text, open);
      if (end < 0) {
        this.rest = text.slice(open);
        return;
      }
      this.markup(text.slice(open, end));
      at = end;
    }
    // Text at the end may go on in the next piece, and so may a reference in it.
    this.rest = text.slice(at);
  }

  private markupEnd(text: string, open: number): number {
    const [opening, closing] = text.startsWith('<![CDATA[', open)
      ? ['<![CDATA[', ']]>']
      : text.startsWith('<!--', open)
        ? ['<!--', '-->']
        : ['<', '>'];
    const end = text.indexOf(closing, open + opening.length);
    return end < 0 ? -1 : end + closing.length;
  }

  private markup(tag: string): void {
    const { listener } = this;
    if (tag.startsWith('<![CDATA[')) listener.text(tag.slice(9, -3));
    else if (tag.startsWith('<!') || tag.startsWith('<?')) return;
    else if (tag.startsWith('</')) listener.close(localName(tag.slice(2, -1).trim()));
    else {
      const isEmpty = tag.endsWith('/>');
      const inside = tag.slice(1, isEmpty ? -2 : -1);
      const space = inside.search(/\s/);
      const name = localName(space < 0 ? inside : inside.slice(0, space));
      listener.open(name, space < 0 ? '' : inside.slice(space));
      if (isEmpty) listener.close(name);
    }
  }
}

/** The value of an attribute, or null. */
export function attribute(attributes: string, name: string): string | null {
  const at = attributes.search(new RegExp(`\\s(?:[\\w.-]+:)?${name}\\s*=`));
  if (at < 0) return null;
  const found = /=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes.slice(at));
  return found ? unescapeXml(found[1] ?? found[2] ?? '') : null;
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (match, hex, decimal, name) => {
    if (typeof name === 'string') return NAMED[name.toLowerCase()] ?? match;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : match;
  });
}
