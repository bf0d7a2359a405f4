import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeAtomic, writeBytesAtomic, writeJsonAtomic } from '../../../src/engine/weights/atomic-write';

const folder = mkdtempSync(join(tmpdir(), 'thaw-atomic-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('atomic writes', () => {
  it('replace the content whole and make the folder', async () => {
    const file = join(folder, 'a', 'b', 'state.json');
    await writeJsonAtomic(file, { step: 1 });
    await writeJsonAtomic(file, { step: 2 });
    expect(readFileSync(file, 'utf8')).toBe('{\n  "step": 2\n}\n');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['state.json']);
  });

  it('keep the old content and leave no temporary file when writing fails half-way', async () => {
    const file = join(folder, 'kept.bin');
    await writeBytesAtomic(file, 'old');
    const failing = writeAtomic(file, async (handle) => {
      await handle.writeFile('half of the n');
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
    await expect(failing).rejects.toMatchObject({ code: 'disk-full' });
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('of several writers at once one wins whole', async () => {
    const file = join(folder, 'race.json');
    const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(50_000));
    await Promise.all(texts.map((text) => writeBytesAtomic(file, text)));
    expect(texts).toContain(readFileSync(file, 'utf8'));
  });
});
