import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import { fileError } from '../weights/file-error';
import { lineBlocks } from './text-lines';
import { detokenizeWikiText, wikiTextHeading } from './wikitext';

/**
 * How a plain text file is cut into documents. `articles`: each begins with a line `= Title =`. `wikitext`: the same with
 * the text cut into tokens, as WikiText comes. `plain`: at blank lines, or without those at line ends.
 */
export type CorpusFormat = 'articles' | 'wikitext' | 'plain';

/** A document, as the one field that it has. */
export type CorpusDocument = readonly [string];

/** How {@link corpusDocuments} reads. */
export interface CorpusOptions {
  /** Left out, each file is looked at. */
  readonly format?: CorpusFormat;
  /** Documents in one batch at most; 256 where left out. */
  readonly batchSize?: number;
  /** Stops behind the document with which this many characters were read. */
  readonly maxCharacters?: number;
}

/** A plain text without titles is cut at a line end when a document has become this long. */
const LONGEST_PLAIN = 1 << 16;
const ARTICLE_TITLE = /^= \S.* =$/;

/**
 * The documents of text files for language modelling, file by file, in batches that fit the tokenization pool. Streams:
 * one document and a megabyte of the file are in memory. Lines stay lines, so line ends become tokens.
 * @throws AppError of the disk, `encoding` where a file is not UTF-8
 */
export async function* corpusDocuments(
  files: readonly string[],
  options: CorpusOptions = {},
): AsyncGenerator<readonly CorpusDocument[]> {
  const { batchSize = 256, maxCharacters = Infinity } = options;
  let batch: CorpusDocument[] = [];
  let characters = 0;
  for (const file of files) {
    for await (const document of documentsOf(file, options.format ?? (await corpusFormat(file)))) {
      batch.push([document]);
      characters += document.length;
      if (batch.length >= batchSize || characters >= maxCharacters) {
        yield batch;
        batch = [];
      }
      if (characters >= maxCharacters) return;
    }
  }
  if (batch.length > 0) yield batch;
}

/** The text files of a corpus: the file itself, or the `.txt` files of a folder in the order of their names. */
export async function corpusFiles(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => name.endsWith('.txt')).sort();
    if (names.length === 0) throw new AppError('no-rows', `${path} holds no .txt files.`, { data: { path } });
    return names.map((name) => join(path, name));
  } catch (error) {
    throw fileError(path, 'read', error);
  }
}

/** Guesses from the first megabyte how a file is cut into documents. */
export async function corpusFormat(file: string): Promise<CorpusFormat> {
  for await (const lines of lineBlocks(file)) {
    if (lines.some((line) => ARTICLE_TITLE.test(line))) return 'articles';
    const titled = lines.some((line) => wikiTextHeading(line)?.level === 1);
    return titled && lines.some((line) => line.includes('<unk>') || /@[-.,]@/.test(line)) ? 'wikitext' : 'plain';
  }
  return 'plain';
}

function documentsOf(file: string, format: CorpusFormat): AsyncGenerator<string> {
  switch (format) {
    case 'articles':
      return articles(
        file,
        (line) => (ARTICLE_TITLE.test(line) ? { level: 1, title: line.slice(2, -2) } : null),
        (line) => line,
      );
    case 'wikitext':
      return articles(file, wikiTextHeading, detokenizeWikiText);
    case 'plain':
      return plainDocuments(file);
  }
}

/** Articles with their title as first line; empty lines are left out. */
async function* articles(
  file: string,
  headingOf: (line: string) => { readonly level: number; readonly title: string } | null,
  textOf: (line: string) => string,
): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const block of lineBlocks(file)) {
    for (const line of block) {
      if (line.trim() === '') continue;
      const heading = headingOf(line);
      if (heading?.level === 1 && lines.length > 0) {
        yield lines.join('\n');
        lines = [];
      }
      lines.push(textOf(heading?.title ?? line));
    }
  }
  if (lines.length > 0) yield lines.join('\n');
}

async function* plainDocuments(file: string): AsyncGenerator<string> {
  let lines: string[] = [];
  let length = 0;
  for await (const block of lineBlocks(file)) {
    for (const line of block) {
      const blank = line.trim() === '';
      if (!blank) {
        lines.push(line);
        length += line.length + 1;
      }
      if (lines.length > 0 && (blank || length >= LONGEST_PLAIN)) {
        yield lines.join('\n');
        lines = [];
        length = 0;
      }
    }
  }
  if (lines.length > 0) yield lines.join('\n');
}
