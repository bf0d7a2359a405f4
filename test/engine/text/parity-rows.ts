import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** One row of the oracle: a text, fastai's text after each rule (or only the last), and spaCy's tokens. */
export interface ParityRow {
  readonly source: string;
  readonly text: string;
  readonly after: Readonly<Record<string, string>>;
  readonly spacy: readonly string[];
}

const root = resolve(__dirname, '../../..');

/** The rows that are free to be in this repository (hand-made, banking77, subj, germeval2018_de). */
export function committedRows(): ParityRow[] {
  return JSON.parse(readFileSync(resolve(root, 'test/fixtures/text/parity-text.json'), 'utf8')) as ParityRow[];
}

/** A file of the folder `shared` beside the repository, or null where there is none. */
export function sharedFile(name: string): string | null {
  const file = resolve(root, '../shared', name);
  return existsSync(file) ? file : null;
}

/** All 350 rows when the oracle lies next to the repository, else null. */
export function allRows(): ParityRow[] | null {
  const file = sharedFile('parity/text.json');
  return file === null ? null : (JSON.parse(readFileSync(file, 'utf8')) as ParityRow[]);
}
