import { AppError } from '../../../shared/errors';
import { attribute, XmlScanner } from './xml-scanner';
import type { ZipFile } from './zip-file';

/** What is said of a workbook before its cells are read. */
export interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  readonly shared: readonly string[]; // texts that cells point to
  readonly isDate: readonly boolean[]; // by style
  readonly from1904: boolean;
}

/** Number formats of Excel that are dates or times. */
const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);
/** Characters of shared texts that are kept in memory at most. */
const MOST_SHARED = 1 << 29;

/** Reads all of a workbook but its sheets. @throws AppError `file-format` */
export async function readWorkbook(zip: ZipFile): Promise<Workbook> {
  const targets = new Map<string, string>();
  await scan(zip, 'xl/_rels/workbook.xml.rels', (name, attributes) => {
    if (name !== 'Relationship') return;
    const target = attribute(attributes, 'Target') ?? '';
    targets.set(attribute(attributes, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  });
  const sheets: { name: string; part: string }[] = [];
  let from1904 = false;
  await scan(zip, 'xl/workbook.xml', (name, attributes) => {
    if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attribute(attributes, 'date1904') ?? '');
    if (name !== 'sheet') return;
    const part = targets.get(attribute(attributes, 'id') ?? '');
    if (part !== undefined && zip.has(part) && part.includes('worksheets/'))
      sheets.push({ name: attribute(attributes, 'name') ?? '', part });
  });
  return { sheets, from1904, shared: await sharedTexts(zip), isDate: await dateStyles(zip) };
}

async function scan(zip: ZipFile, part: string, open: (name: string, attributes: string) => void): Promise<void> {
  if (!zip.has(part)) return;
  const scanner = new XmlScanner({ open, close: () => undefined, text: () => undefined });
  scanner.write(await zip.text(part));
}

async function sharedTexts(zip: ZipFile): Promise<string[]> {
  const part = 'xl/sharedStrings.xml';
  if (!zip.has(part)) return [];
  const texts: string[] = [];
  let current = '';
  let total = 0;
  let inText = false;
  let phonetic = 0;
  const scanner = new XmlScanner({
    open: (name) => {
      if (name === 'si') current = '';
      else if (name === 'rPh') phonetic++;
      else if (name === 't') inText = phonetic === 0;
    },
    close: (name) => {
      if (name === 't') inText = false;
      else if (name === 'rPh') phonetic--;
      else if (name === 'si') total += texts[texts.push(plainText(current)) - 1]?.length ?? 0;
    },
    text: (text) => {
      if (inText) current += text;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of zip.read(part)) {
    scanner.write(decoder.decode(chunk, { stream: true }));
    if (total > MOST_SHARED) {
      throw new AppError('out-of-memory', `${zip.path} holds more text than fits into memory.`, {
        hint: 'Save the sheet as CSV; a CSV can have any size.',
        data: { file: zip.path },
        says: { sentence: 'tooLarge', path: zip.path },
      });
    }
  }
  return texts;
}

/** Excel writes control characters as `_x000D_`. */
export function plainText(text: string): string {
  if (!text.includes('_x')) return text;
  return text
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\r\n?/g, '\n');
}

async function dateStyles(zip: ZipFile): Promise<boolean[]> {
  const own = new Set<number>();
  const styles: boolean[] = [];
  let inStyles = false;
  if (!zip.has('xl/styles.xml')) return [];
  const scanner = new XmlScanner({
    open: (name, attributes) => {
      const format = Number(attribute(attributes, 'numFmtId') ?? 0);
      if (name === 'numFmt' && isDateFormat(attribute(attributes, 'formatCode') ?? '')) own.add(format);
      if (name === 'cellXfs') inStyles = true;
      if (name === 'xf' && inStyles) styles.push(DATE_FORMATS.has(format) || own.has(format));
    },
    close: (name) => {
      if (name === 'cellXfs') inStyles = false;
    },
    text: () => undefined,
  });
  scanner.write(await zip.text('xl/styles.xml'));
  return styles;
}

function isDateFormat(code: string): boolean {
  return /[ymdhs]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '')) && !/general/i.test(code);
}
