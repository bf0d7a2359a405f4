import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { corpusDocuments, corpusFiles, corpusFormat, type CorpusOptions } from '../../../src/engine/text/plain-corpus';
import { detokenizeWikiText, wikiTextHeading } from '../../../src/engine/text/wikitext';
import { sharedFile } from './parity-rows';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thaw-corpus-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(files: readonly string[], options?: CorpusOptions): Promise<string[]> {
  const documents: string[] = [];
  for await (const batch of corpusDocuments(files, options)) documents.push(...batch.map(([text]) => text));
  return documents;
}

describe('corpusDocuments', () => {
  it('makes one document of each article, title first', async () => {
    const path = file(
      'a.txt',
      '\ufeff= First one =\r\nA line.\r\n\r\nHistory.\r\nAnother = line.\r\n= Second =\r\nText',
    );
    expect(await corpusFormat(path)).toBe('articles');
    expect(await read([path])).toEqual(['First one\nA line.\nHistory.\nAnother = line.', 'Second\nText']);
  });

  it('cuts a plain text at blank lines', async () => {
    const path = file('p.txt', 'one\ntwo\n\n\nthree\n');
    expect(await corpusFormat(path)).toBe('plain');
    expect(await read([path])).toEqual(['one\ntwo', 'three']);
  });

  it('keeps documents of a plain text without blank lines short', async () => {
    const documents = await read([file('p.txt', 'word word word word\n'.repeat(20_000))]);
    expect(documents.length).toBe(7);
    expect(Math.max(...documents.map((text) => text.length))).toBeLessThan(70_000);
    expect(documents.join('\n')).toBe('word word word word\n'.repeat(20_000).trimEnd());
  });

  it('reads several files in batches and stops at the wanted size', async () => {
    const files = [file('b.txt', '= B =\nb\n= C =\nc\n'), file('a.txt', '= A =\na\n')];
    expect(await corpusFiles(folder)).toEqual([...files].reverse());
    expect(await read(await corpusFiles(folder))).toEqual(['A\na', 'B\nb', 'C\nc']);
    expect(await read(files, { maxCharacters: 4 })).toEqual(['B\nb', 'C\nc']);
    const sizes: number[] = [];
    for await (const batch of corpusDocuments(files, { batchSize: 2 })) sizes.push(batch.length);
    expect(sizes).toEqual([2, 1]);
  });

  it('says which file is not UTF-8 or not there', async () => {
    const latin1 = file('l.txt', Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0x0a]));
    await expect(read([latin1])).rejects.toMatchObject({ code: 'encoding' });
    await expect(read([join(folder, 'none.txt')])).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(corpusFiles(folder)).resolves.toEqual([latin1]);
  });

  it('writes WikiText as running text', async () => {
    const path = file(
      'w.txt',
      ' \n = Homarus gammarus = \n \n It weighs 0 @.@ 7 – 2 @,@ 200 kg ( 1 lb ) . \n \n = = Uses = = \n \n A " <unk> " .\n',
    );
    expect(await corpusFormat(path)).toBe('wikitext');
    expect(await read([path])).toEqual(['Homarus gammarus\nIt weighs 0.7 – 2,200 kg (1 lb).\nUses\nA "<unk>".']);
  });

  const valid = sharedFile('corpus/enwiki2015-valid/valid-000.txt');
  it.skipIf(valid === null)('reads the Wikipedia articles of the corpus', async () => {
    const documents = await read([valid ?? '']);
    expect(documents.length).toBeGreaterThan(20);
    expect(documents[0]?.startsWith('History of Chad\nChad (Arabic')).toBe(true);
    expect(documents.every((text) => !/^= .* =$/m.test(text))).toBe(true);
  });

  const wikitext = sharedFile('corpus/wikitext2-valid.txt');
  it.skipIf(wikitext === null)('reads the validation text of WikiText-2', async () => {
    const documents = await read([wikitext ?? '']);
    expect(documents.length).toBe(60);
    expect(documents.join('\n')).not.toMatch(/ @[-.,]@ | [,;]( |$)/m);
  });
});

describe('detokenizeWikiText', () => {
  it('joins punctuation, brackets, quotes and endings to their words', () => {
    expect(detokenizeWikiText(` He said , " it 's a dog 's life ; I don 't mind " ( 79 % of $ 5 ) . `)).toBe(
      `He said, "it's a dog's life; I don't mind" (79% of $5).`,
    );
    expect(detokenizeWikiText("well @-@ known , the Smiths ' house")).toBe("well-known, the Smiths' house");
  });

  it('knows headings by their level', () => {
    expect(wikiTextHeading(' = = = Deep = = = ')).toEqual({ level: 3, title: 'Deep' });
    expect(wikiTextHeading(' = Top = ')).toEqual({ level: 1, title: 'Top' });
    expect(wikiTextHeading(' = = Uneven = ')).toBeNull();
    expect(wikiTextHeading('x = y')).toBeNull();
  });
});
