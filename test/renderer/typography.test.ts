import { describe, expect, it } from 'vitest';
import { typeset, typesetAll } from '../../src/shared/typography';

describe('the spaces of a language', () => {
  it('keep numbers with their unit and signs with their number', () => {
    expect(typeset('de', 'etwa 12,5 % von 3 GB, ±3 Punkte')).toBe('etwa 12,5\u00a0% von 3\u00a0GB, ±3 Punkte');
    expect(typeset('de', 'auf ± {points} Punkte …')).toBe('auf ±\u00a0{points} Punkte\u00a0…');
    expect(typeset('fr', '{share} % de 12 345 textes')).toBe('{share}\u00a0% de 12\u202f345 textes');
  });

  it('stand before French signs and within guillemets, and nowhere else', () => {
    expect(typeset('fr', 'Essai 3 : « oui » ; non ? Si !')).toBe(
      'Essai 3\u00a0: «\u00a0oui\u00a0»\u202f; non\u202f? Si\u202f!',
    );
    expect(typeset('de', 'Lauf 3: „ja“; nein? Doch!')).toBe('Lauf 3: „ja“; nein? Doch!');
    expect(typeset('fr', 'à 14:30, voir a:b')).toBe('à 14:30, voir a:b');
  });

  it('are those that Intl writes with per cent', () => {
    for (const language of ['de', 'fr'] as const) {
      const written = new Intl.NumberFormat(language, { style: 'percent' }).format(0.83);
      expect(typeset(language, '83 %')).toBe(written);
    }
  });

  it('reach every sentence of a tree, and leave what is no text', () => {
    const count = (): number => 3;
    const tree = typesetAll('fr', { a: 'oui ?', b: { c: ['non !'], d: 3, count } });
    expect(tree.a).toBe('oui\u202f?');
    expect(tree.b.d).toBe(3);
    expect(tree.b.count).toBe(count);
  });
});
