import { once } from 'node:events';
import { createWriteStream, existsSync, statSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { readBatches } from '../src/engine/data/read-batches';
import { resourcesFolder } from '../src/main/platform/paths';
import type { Bench } from './bench';
import { writeRows } from './write-rows';

/** Texts to measure with, and what they are. */
export interface Corpus {
  readonly name: string;
  readonly texts: readonly string[];
}

/** Reviews of imdb where the data folder has them, else the texts of the samples. */
export async function corpus({ options }: Pick<Bench, 'options'>, most: number): Promise<Corpus> {
  const imdb = options.dataDir === null ? '' : join(options.dataDir, 'imdb', 'train.csv');
  if (existsSync(imdb)) return { name: 'imdb', texts: await textsOf(imdb, most) };
  const sample = (name: string): string => join(resourcesFolder(), 'samples', name, 'data.csv');
  const short = [...(await textsOf(sample('film-reviews'), 4000)), ...(await textsOf(sample('subjectivity'), 4000))];
  // Samples are single sentences: put together they have lengths like those of reviews, from 1 to 40 sentences.
  const texts: string[] = [];
  for (let at = 0, i = 0; texts.length < most; i++) {
    const length = 1 + ((i * 7) % 40);
    texts.push(Array.from({ length }, (_, j) => short[(at + j) % short.length] ?? '').join(' '));
    at = (at + length + 1) % short.length;
  }
  return { name: 'samples', texts };
}

async function textsOf(file: string, most: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const { rows, wanted } of readBatches(file, {}, ['text'], 1024)) {
    for (const row of rows) if (texts.length < most) texts.push(row[wanted[0] ?? 0] ?? '');
    if (texts.length >= most) break;
  }
  return texts;
}

/** A file with one JSON string a line, which Python reads too. */
export function writeLines(file: string, texts: readonly string[]): void {
  writeFileSync(file, texts.map((text) => JSON.stringify(text)).join('\n'));
}

/** A CSV file of `text,label,id` of about `bytes` bytes; kept, and made only where it is not there. */
export async function csvOf(bench: Bench, { name, texts }: Corpus, bytes: number): Promise<string> {
  const file = join(bench.work, `${name}-${Math.round(bytes / 1e6)}mb.csv`);
  if (existsSync(file) && statSync(file).size >= bytes) return file;
  bench.say(`writing ${file}`);
  const stream = createWriteStream(`${file}.part`);
  stream.write('text,label,id\n');
  for (let written = 0, id = 0; written < bytes;) {
    const rows = texts.slice(id % texts.length, (id % texts.length) + 500).map((text) => {
      return `"${text.replaceAll('"', '""')}",${id % 3 === 0 ? 'neg' : 'pos'},${id++}\n`;
    });
    const part = Buffer.from(rows.join(''));
    written += part.length;
    if (!stream.write(part)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
  await rename(`${file}.part`, file);
  return file;
}

/** A CSV file of `rows` short texts (of 3 to 20 words), for prediction from file to file and for pages of many rows. */
export async function shortRows(bench: Bench, texts: readonly string[], rows: number): Promise<string> {
  const file = join(bench.work, `short-${rows}.csv`);
  if (existsSync(file)) return file;
  bench.say(`writing ${file}`);
  const words = texts.slice(0, 2000).join(' ').replaceAll('"', '').split(/\s+/);
  let at = 0;
  await writeRows(file, 'text,label', rows, (row) => {
    const length = 3 + ((row * 5) % 18);
    if (at + length > words.length) at = row % 97;
    const text = words.slice(at, at + length).join(' ');
    at += length;
    return `"${text}",${row % 2 === 0 ? 'pos' : 'neg'}`;
  });
  return file;
}
