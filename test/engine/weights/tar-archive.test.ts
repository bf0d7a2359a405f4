import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { unpackTarGz } from '../../../src/engine/weights/tar-archive';
import { tar, tarGz, type TarEntry } from '../../helpers/tar-gz';

const scratch = mkdtempSync(join(tmpdir(), 'thaw-tar-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const archive = join(scratch, 'archive.tgz');
let out: string;
let run = 0;
beforeEach(() => {
  out = join(scratch, `out${(run += 1)}`);
  mkdirSync(out);
});

async function unpack(entries: readonly TarEntry[], wanted: (name: string) => boolean = () => true) {
  writeFileSync(archive, tarGz(entries));
  return unpackTarGz(archive, out, { wanted });
}

describe('a tar archive', () => {
  it('gives the files that are wanted, whole, by their last name', async () => {
    const large = Buffer.alloc(300_001, 'weights');
    const files = await unpack(
      [
        { name: 'wt103/', type: '5' },
        { name: 'wt103/lstm.pth', content: large },
        { name: 'wt103/other.txt', content: 'no' },
        { name: 'wt103/empty.pkl', content: '' },
      ],
      (name) => /\.(pth|pkl)$/.test(name),
    );
    expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['lstm.pth', 300_001],
      ['empty.pkl', 0],
    ]);
    expect(readFileSync(join(out, 'lstm.pth')).equals(large)).toBe(true);
    expect(readdirSync(out).sort()).toEqual(['empty.pkl', 'lstm.pth']);
  });

  it('writes nothing outside of the folder, and no links', async () => {
    const files = await unpack([
      { name: '../../escaped.pth', content: 'x' },
      { name: '/etc/absolute.pth', content: 'y' },
      { name: 'a/..', content: 'z' },
      { name: '..\\..\\windows.pth', content: 'w' },
      { name: 'link.pth', type: '2' },
      { name: 'a/._hidden.pth', content: 'h' },
    ]);
    expect(files.map(({ name }) => name)).toEqual(['escaped.pth', 'absolute.pth', 'windows.pth']);
    expect(existsSync(join(scratch, 'escaped.pth'))).toBe(false);
    expect(readdirSync(out).sort()).toEqual(['absolute.pth', 'escaped.pth', 'windows.pth']);
  });

  it('knows long names of GNU and of POSIX, and takes the first of two files of one name', async () => {
    const long = `${'folder/'.repeat(30)}model.pth`;
    const record = (path: string): string => {
      const rest = ` path=${path}\n`;
      const length = String(rest.length + 3).length + rest.length;
      return `${length}${rest}`;
    };
    const files = await unpack([
      { name: '././@LongLink', type: 'L', content: `${long}\0` },
      { name: long.slice(0, 99), content: 'first' },
      { name: 'PaxHeader', type: 'x', content: record('deep/itos.pkl') },
      { name: 'shortened', content: 'words' },
      { name: 'other/model.pth', content: 'second' },
    ]);
    expect(files.map(({ name }) => name)).toEqual(['model.pth', 'itos.pkl']);
    expect(readFileSync(join(out, 'model.pth'), 'utf8')).toBe('first');
  });

  it('says what is wrong with one that is damaged, cut off or none', async () => {
    const whole = tarGz([{ name: 'a.pth', content: Buffer.alloc(200_000, 1) }]);
    const damaged = tar([{ name: 'a.pth', content: 'x' }]);
    damaged.writeUInt8(65, 3);
    const cases: [Buffer, RegExp][] = [
      [whole.subarray(0, whole.length / 2), /cut off/],
      [gzipSync(tar([{ name: 'a.pth', content: 'x'.repeat(5000) }]).subarray(0, 2048)), /cut off/],
      [Buffer.from('<html>Please sign in</html>'), /no gzip archive/],
      [gzipSync(damaged), /no tar archive/],
      [gzipSync(Buffer.alloc(1024)), /holds no files/],
    ];
    for (const [bytes, words] of cases) {
      writeFileSync(archive, bytes);
      const work = unpackTarGz(archive, out, { wanted: () => true });
      await expect(work).rejects.toMatchObject({ code: 'model-format' });
      await expect(unpackTarGz(archive, out, { wanted: () => true })).rejects.toThrow(words);
    }
    await expect(unpackTarGz(join(scratch, 'none.tgz'), out, { wanted: () => true })).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });

  it('can be stopped', async () => {
    writeFileSync(archive, tarGz([{ name: 'a.pth', content: Buffer.alloc(3_000_000, 2) }]));
    const work = unpackTarGz(archive, out, { wanted: () => true, signal: AbortSignal.abort() });
    await expect(work).rejects.toThrow(/abort/i);
  });
});
