import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { detectEncoding } from '../../../src/engine/data/detect-encoding';
import { readBatches } from '../../../src/engine/data/read-batches';
import { previewFile } from '../../../src/engine/data/preview-file';
import { repairMojibake } from '../../../src/engine/health/mojibake';
import { tempFiles } from './temp-file';

const write = tempFiles();

const KOREAN =
  '이 영화는 정말 재미있었습니다. 배우들의 연기도 좋고 이야기도 훌륭합니다,긍정\n다시 보고 싶은 영화입니다. 추천합니다,긍정\n';
const JAPANESE =
  'この映画は本当に面白かったです。俳優の演技も素晴らしい,良い\nまた見たいと思います、おすすめです。,良い\n';
const RUSSIAN = 'Этот фильм был очень хорошим; актёры играли прекрасно.,да\nХочу посмотреть его ещё раз.,да\n';
const CHINESE =
  '商务大床房，房间很大，床有两米宽，整体感觉经济实惠不错!,好\n早餐太差，无论去多少人，那边也不加食品的。,差\n';
const TAIWANESE =
  '這部電影真的很好看，演員的演技也很精彩，故事非常動人。,好\n早餐太差了，房間也不乾淨，下次不會再來。,差\n';
const CZECH = 'Příliš žluťoučký kůň úpěl ďábelské ódy.,ano\nVelmi dobrý film a skvělí herci i krásná hudba.,ne\n';
const GERMAN =
  'Die Übertragung war schön – aber „größtenteils“ überflüssig.,nein\nMäßig… aber für Köln genügt es.,ja\n';
const FRENCH =
  'Le café était très bon mais le garçon n’a pas été très aimable à l’accueil.,non\nÇa coûte 3 € à Nîmes.,oui\n';
const POLISH = 'Żółta gęś śpiewała źle a łabędź milczał.,źle\nBardzo dobry film i świetna gra aktorów.,dobrze\n';
const GREEK = 'Η ταινία ήταν πολύ καλή και οι ηθοποιοί έπαιξαν υπέροχα.,ναι\n';
const TURKISH = 'Film çok güzeldi ve oyuncular da çok iyiydi; şahane bir gösteri olmuş ığdır.,evet\n';

async function textOf(path: string, encoding?: string): Promise<string> {
  let text = '';
  for await (const batch of readBatches(path, { header: false, delimiter: ',', quote: '', encoding }, [], 100)) {
    text += batch.rows.map((row) => `${row.join(',')}\n`).join('');
  }
  return text;
}

describe('the encoding of a file', () => {
  it.each([
    ['cp949', KOREAN],
    ['shift_jis', JAPANESE],
    ['euc-jp', JAPANESE],
    ['windows-1251', RUSSIAN],
    ['koi8-r', RUSSIAN],
    ['gb18030', CHINESE],
    ['big5', TAIWANESE],
    ['windows-1252', GERMAN],
    ['windows-1252', FRENCH],
    ['windows-1250', POLISH],
    ['windows-1250', CZECH],
    ['windows-1254', TURKISH],
  ])('%s is found by statistics and read right', async (encoding, text) => {
    const path = write(`${encoding}.csv`, iconv.encode(text.repeat(20), encoding));
    const found = await detectEncoding(path);
    expect(found.encoding).toBe(encoding);
    expect(found.reason).toMatch(/^statistics \(\d+ %\)$/);
    expect((await textOf(path)) === text.repeat(20)).toBe(true);
  });

  it.each(
    [GERMAN, FRENCH, 'El niño comió mañana en la habitación; ¿cómo estás? ¡Qué alegría!,sí\n'].flatMap((text) =>
      ['windows-1252', 'macintosh', 'ibm850'].map((encoding) => [encoding, text] as const),
    ),
  )('%s is told from the other Western pages by its spelling: %s', async (encoding, text) => {
    const plain = text.replaceAll(/[„“…–€’]/g, "'");
    const path = write(`western-${encoding}.csv`, iconv.encode(plain.repeat(20), encoding));
    expect((await detectEncoding(path)).encoding).toBe(encoding);
    expect(await textOf(path)).toBe(plain.repeat(20));
  });

  it('what was read as Windows-1252 and saved on a Mac comes back whole, with the repair of the health report', async () => {
    const meant = 'Fine if that’s the way u feel. That’s £1.50 – isn’t it,ham\n'.repeat(20);
    const misread = iconv.decode(Buffer.from(meant), 'windows-1252').replaceAll('€', '¤'); // iconv's Mac has no euro sign
    const path = write('twice.csv', iconv.encode(misread, 'macintosh'));
    expect((await detectEncoding(path)).encoding).toBe('macintosh');
    expect(repairMojibake(await textOf(path)).slice(0, 40)).toBe(meant.slice(0, 40));
  });

  it('Greek is read right, whichever of its two near-equal pages is named', async () => {
    const path = write('greek.csv', iconv.encode(GREEK.repeat(20), 'windows-1253'));
    expect(await textOf(path)).toBe(GREEK.repeat(20));
  });

  it('Latin-1 is taken for Windows-1252, so that 0x80-0x9f are quotes and dashes', async () => {
    const path = write(
      'latin1.csv',
      iconv.encode('na\u00efve,1\nbut it\u2019s \u201cgood\u201d \u2013 really,0\n'.repeat(30), 'windows-1252'),
    );
    const found = await detectEncoding(path);
    expect(found.encoding).toBe('windows-1252');
    expect(await textOf(path)).toContain('it\u2019s \u201cgood\u201d \u2013 really');
  });

  it('too few foreign bytes for statistics: Western European is assumed, and that is said', async () => {
    const path = write('few.csv', iconv.encode('text,label\ncaf\u00e9,1\n', 'latin1'));
    const found = await detectEncoding(path);
    expect(found.encoding).toBe('windows-1252');
    expect(await textOf(path)).toContain('caf\u00e9,1');
  });

  it.each([
    ['utf-16le', [0xff, 0xfe]],
    ['utf-16be', [0xfe, 0xff]],
    ['utf-8', [0xef, 0xbb, 0xbf]],
    ['utf-32le', [0xff, 0xfe, 0, 0]],
  ] as const)('a byte order mark says %s and is no part of the first column name', async (encoding, mark) => {
    const body = iconv.encode(`text,label\n${CHINESE}${GERMAN}`, encoding, { addBOM: false });
    const preview = await previewFile(write(`bom-${encoding}.csv`, Buffer.concat([Buffer.from(mark), body])), {});
    expect(preview.encoding).toBe(encoding);
    expect(preview.encodingReason).toBe('byte order mark');
    expect(preview.header).toBe(true);
    expect(preview.columns.map(({ name }) => name)).toEqual(['text', 'label']);
    expect(preview.rows).toHaveLength(4);
  });

  it.each(['utf-16le', 'utf-16be'])('%s without a byte order mark is found', async (encoding) => {
    for (const text of [GERMAN.repeat(5), CHINESE.repeat(50), RUSSIAN.repeat(20), GREEK.repeat(20)]) {
      const path = write(`bare-${encoding}.csv`, iconv.encode(text, encoding, { addBOM: false }));
      expect((await detectEncoding(path)).encoding).toBe(encoding);
      expect(await textOf(path)).toBe(text);
    }
  });

  it('UTF-8 is proved over the whole file, also where a piece that is read ends inside a character', async () => {
    const filler = 'x'.repeat((1 << 20) - 1);
    const path = write('split.csv', `${filler}\u00e4,a\n${'y'.repeat(50)}\ud83d\ude00,b\n`);
    const found = await detectEncoding(path);
    expect(found.reason).toBe('valid UTF-8');
    expect(await textOf(path)).toBe(`${filler}\u00e4,a\n${'y'.repeat(50)}\ud83d\ude00,b\n`);
  });

  it('one stray byte behind a megabyte of ASCII is noticed', async () => {
    const path = write(
      'late.csv',
      Buffer.concat([Buffer.from('good text,1\n'.repeat(100_000)), Buffer.from([0x63, 0xe9, 0x2c, 0x31, 0x0a])]),
    );
    expect((await detectEncoding(path)).encoding).toBe('windows-1252');
  });

  it('UTF-8 with a few damaged places stays UTF-8, and says so', async () => {
    const good = Buffer.from(CHINESE.repeat(20));
    const path = write('damaged.csv', Buffer.concat([good, Buffer.from([0xe5, 0x2c, 0x41, 0x0a]), good]));
    const found = await detectEncoding(path);
    expect(found.encoding).toBe('utf-8');
    expect(found.notes.join(' ')).toMatch(/not valid UTF-8/);
  });

  it('a chosen encoding overrides what would be found', async () => {
    const path = write('chosen.csv', iconv.encode(RUSSIAN, 'koi8-r'));
    const found = await detectEncoding(path, 'KOI8-R');
    expect(found).toMatchObject({ encoding: 'koi8-r', reason: 'chosen' });
    expect(await textOf(path, 'koi8-r')).toBe(RUSSIAN);
  });

  it('an unknown encoding is refused by name', async () => {
    const path = write('any.csv', 'a,b\n');
    await expect(detectEncoding(path, 'klingon-8')).rejects.toMatchObject({
      code: 'encoding',
      data: { got: 'klingon-8' },
    });
  });
});
