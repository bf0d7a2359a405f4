import { describe, expect, it } from 'vitest';
import { makeFormat } from '../../src/renderer/app/format';
import { baseName, folderName, joinPath, parentFolder } from '../../src/renderer/app/paths';
import { wilsonInterval } from '../../src/renderer/app/wilson';

describe('formats', () => {
  const en = makeFormat('en');
  const de = makeFormat('de');

  it('speaks of time as people do', () => {
    expect([3, 75, 130, 3600, 5400, 10_000, 200_000].map(en.duration)).toEqual([
      '3 seconds',
      '75 seconds',
      '2 minutes',
      '60 minutes',
      '1 hour 30 minutes',
      '2 hours 47 minutes',
      '2 days',
    ]);
    expect(de.duration(130)).toBe('2 Minuten');
  });

  it('chooses the unit of a size by its magnitude', () => {
    expect([12, 4120, 48_210_332, 2.5e9].map(en.bytes)).toEqual(['12 byte', '4.1 kB', '48 MB', '2.5 GB']);
    expect(de.bytes(4120)).toBe('4,1 kB');
  });

  it('keeps four telling digits of small and large figures', () => {
    expect([0, 0.5, 12.3456, 0.0000123, 1.234e-7].map(en.compact)).toEqual([
      '0',
      '0.5',
      '12.35',
      '0.0000123',
      '1.23 × 10⁻⁷',
    ]);
  });

  it('says 0 or 100 percent only of what is exactly that', () => {
    expect([1, 0.9997, 0.9995, 0.9994, 0.0006, 0.0004, 0].map((share) => en.percent(share))).toEqual([
      '100.0%',
      '>99.9%',
      '>99.9%',
      '99.9%',
      '0.1%',
      '<0.1%',
      '0.0%',
    ]);
    expect([0.999, 0.004, 0.5].map((share) => en.percent(share, 0))).toEqual(['>99%', '<1%', '50%']);
    expect([de, makeFormat('fr')].map(({ percent }) => percent(0.9999).replace(/\s/g, ' '))).toEqual([
      '>99,9 %',
      '>99,9 %',
    ]);
    // An interval that ends at the very end is off by what a calculation misses it by.
    expect([1 - 1e-16, 1e-17].map((share) => en.percent(share))).toEqual(['100.0%', '0.0%']);
  });

  it('says a difference in points with its sign, and one that is not nothing does not look like it', () => {
    expect([0.032, -0.5, 0, 0.0002, -0.0002].map((shares) => en.difference(shares))).toEqual([
      '+3.2',
      '−50.0',
      '0.0',
      '<+0.1',
      '>−0.1',
    ]);
  });

  it('calls a work all done when it is', () => {
    expect([0, 0.004, 0.999, 1].map(en.progress)).toEqual(['0%', '0%', '99%', '100%']);
  });

  it('says how long ago something was', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    expect(en.ago('2026-11-22T11:55:00Z', now)).toBe('5 minutes ago');
    expect(en.ago('2026-11-21T12:00:00Z', now)).toBe('yesterday');
    expect(en.ago('no date', now)).toBe('no date');
  });
});

describe('paths', () => {
  it('reads paths of every system', () => {
    expect([baseName('C:\\Data\\mails.csv'), baseName('/home/ada/mails.csv'), baseName('mails.csv')]).toEqual([
      'mails.csv',
      'mails.csv',
      'mails.csv',
    ]);
    expect([parentFolder('/home/ada/mails.csv'), parentFolder('mails.csv')]).toEqual(['/home/ada', '']);
    expect([joinPath('/home/ada', 'x'), joinPath('C:\\Data', 'x'), joinPath('/home/ada/', 'x')]).toEqual([
      '/home/ada/x',
      'C:\\Data\\x',
      '/home/ada/x',
    ]);
  });

  it('makes a folder name from any project name', () => {
    expect(['Support mails (2026)', '  Überfälle & mehr ', '顧客の声', '???'].map(folderName)).toEqual([
      'support-mails-2026',
      'überfälle-mehr',
      '顧客の声',
      'project',
    ]);
  });
});

describe('the Wilson interval', () => {
  it('agrees with published values', () => {
    // Newcombe 1998, table I: 81 of 263, and 0 of 20.
    const [low, high] = wilsonInterval(81 / 263, 263);
    expect([low, high].map((value) => value.toFixed(4))).toEqual(['0.2553', '0.3662']);
    expect(wilsonInterval(0, 20)[1]).toBeCloseTo(0.1611, 4);
    expect(wilsonInterval(0.5, 0)).toEqual([0, 1]);
  });
});
