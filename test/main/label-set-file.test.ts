import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLabelSet, saveLabelSet } from '../../src/main/host/label-set-file';

describe('a file of labels', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'thaw-labels-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const fileWith = (content: unknown): string => {
    const file = join(folder, `${Math.random()}.json`);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };

  it('holds names, colours, descriptions and order, and nothing of the texts', async () => {
    const out = join(folder, 'labels.json');
    const labels = [
      { name: 'späte Lieferung', count: 12, color: '#0072b2', description: 'kam zu spät' },
      { name: '返金', count: 0, color: '#d55e00' },
    ];
    expect(await saveLabelSet(labels, out)).toEqual({ file: out, labels: 2 });
    expect(await readLabelSet(out)).toEqual([
      { name: 'späte Lieferung', color: '#0072b2', description: 'kam zu spät' },
      { name: '返金', color: '#d55e00' },
    ]);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ format: 'thaw-labels', version: 1 });
  });

  it('is not written without labels', async () => {
    await expect(saveLabelSet([], join(folder, 'none.json'))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('may be written by hand, with names alone', async () => {
    expect(await readLabelSet(fileWith({ format: 'thaw-labels', version: 1, labels: [{ name: ' a ' }] }))).toEqual([
      { name: 'a' },
    ]);
  });

  it('is refused with what is wrong where it is something else', async () => {
    const set = (labels: unknown) => fileWith({ format: 'thaw-labels', version: 1, labels });
    await expect(readLabelSet(join(folder, 'gone.json'))).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(readLabelSet(fileWith('a,b\n1,2'))).rejects.toMatchObject({ code: 'file-format' });
    await expect(readLabelSet(set([]))).rejects.toMatchObject({ code: 'file-format' });
    await expect(readLabelSet(set([{ name: 'a', color: 'red' }]))).rejects.toThrow(/labels\[0\]\.color/);
    await expect(readLabelSet(set([{ name: 'a' }, { name: 'b' }, { name: 'a ' }]))).rejects.toThrow(
      /"a" twice.*label 3/,
    );
  });
});
