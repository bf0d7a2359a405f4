import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readBatches } from '../../src/engine/data/read-batches';
import { resourcesFolder } from '../../src/main/platform/paths';
import { writeRows } from '../write-rows';

/** A sentence of the samples; those of one sample have a label. */
interface Sentence {
  readonly words: readonly string[];
  readonly label: string;
}

/** One in so many rows has a label in the file. */
const LABELLED_EVERY = 5;
const FOREIGN = [
  'Ich möchte die Adresse für meine Bestellung ändern, weil sie nicht stimmt und ich umgezogen bin',
  'Die Lieferung ist noch nicht da und ich weiß nicht, wann sie bei mir ankommen wird',
  'Wann wird das Geld auf meinem Konto sein, das ich vor einer Woche zurückgeschickt habe',
];

/**
 * Writes a CSV of short texts (about as long as a tweet), always the same: the first half of one sentence of the samples
 * and the second half of another, so that nearly all are different. A fifth is labelled. Some rows are what people's files
 * have: copies, near copies, copies with another label, empty texts, damaged letters, HTML, another language.
 *
 * @returns the file
 */
export async function millionRows(folder: string, rows: number, say: (text: string) => void): Promise<string> {
  const file = join(folder, `million-${String(rows)}.csv`);
  if (existsSync(file)) return file;
  say(`writing ${file}`);
  const labelled = await sentences('subjectivity');
  const others = [...labelled, ...(await sentences('film-reviews'))];
  await writeRows(file, 'id,text,label', rows, (row) => {
    const { text, label } = oddRow(row, labelled, others) ?? plainRow(row, labelled, others);
    return `${String(row)},"${text.replaceAll('"', '""')}",${row % LABELLED_EVERY === 0 ? label : ''}`;
  });
  return file;
}

interface Row {
  readonly text: string;
  readonly label: string;
}

function plainRow(row: number, labelled: readonly Sentence[], others: readonly Sentence[]): Row {
  const first = labelled[mixed(row) % labelled.length] ?? { words: [], label: '' };
  const second = others[mixed(row + 0x51ed2701) % others.length] ?? first;
  const head = first.words.slice(0, Math.ceil(first.words.length / 2));
  const tail = second.words.slice(Math.ceil(second.words.length / 2));
  return { text: [...head, ...tail].join(' '), label: first.label };
}

/** What is odd about some rows; null for the others. */
function oddRow(row: number, labelled: readonly Sentence[], others: readonly Sentence[]): Row | null {
  const earlier = (): Row => plainRow(mixed(row) % Math.max(1, row), labelled, others);
  const odd = row % 1000;
  if (odd % 50 === 7) return earlier();
  if (odd % 100 === 13) return { ...earlier(), text: `${earlier().text} indeed !!` };
  if (odd === 205 || odd === 605) {
    // A labelled copy of a labelled row, with the other label.
    const copied = plainRow(row - LABELLED_EVERY, labelled, others);
    return { ...copied, label: copied.label === 'objective' ? 'subjective' : 'objective' };
  }
  if (odd === 121) return { text: '', label: '' };
  if (odd === 233) return { ...earlier(), text: `${earlier().text} crÃ¨me brÃ»lÃ©e` };
  if (odd === 341) return { ...earlier(), text: `<p>${earlier().text}<br />&amp; more</p>` };
  if (odd % 250 === 77) return { text: `${FOREIGN[row % 3] ?? ''} ${String(row)}`, label: '' };
  return null;
}

async function sentences(sample: string): Promise<Sentence[]> {
  const file = join(resourcesFolder(), 'samples', sample, 'data.csv');
  const found: Sentence[] = [];
  const columns = sample === 'subjectivity' ? ['text', 'label'] : ['text'];
  for await (const { rows, wanted } of readBatches(file, {}, columns, 1024)) {
    for (const cells of rows)
      found.push({ words: (cells[wanted[0] ?? 0] ?? '').split(/\s+/), label: cells[wanted[1] ?? -1] ?? '' });
  }
  return found;
}

/** The finaliser of MurmurHash3: numbers that look random and are always the same. */
function mixed(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
