import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unescapeHtml } from '../../../src/engine/text/html-unescape';
import { joinFields, TEXT_RULES } from '../../../src/engine/text/rules';
import { allRows, committedRows, type ParityRow } from './parity-rows';

function expectRowsExact(rows: readonly ParityRow[]): void {
  let checked = 0;
  for (const row of rows) {
    let text = row.text;
    for (const rule of TEXT_RULES) {
      text = rule.apply(text);
      const wanted = row.after[rule.name];
      if (wanted === undefined) continue;
      expect(text, `${rule.name} of ${JSON.stringify(row.text)}`).toBe(wanted);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(rows.length - 1);
}

describe('text rules', () => {
  it('give exactly what fastai gives at every step, on the committed rows', () => {
    const rows = committedRows();
    expect(rows.length).toBe(110);
    expectRowsExact(rows);
  });

  const all = allRows();
  it.skipIf(all === null)('give exactly what fastai gives on all 350 rows of the oracle', () => {
    expect(all?.length).toBe(350);
    expectRowsExact(all ?? []);
  });

  it('number the fields of a row only when there are several', () => {
    expect(joinFields(['one'])).toBe('one');
    expect(joinFields(['a title', 'a body'])).toBe('xxfld 1 a title xxfld 2 a body');
  });
});

describe('unescapeHtml', () => {
  const file = resolve(__dirname, '../../fixtures/text/html5-entities.json');
  const names = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;

  it('knows all 2,231 names of HTML as Python does', () => {
    expect(Object.keys(names).length).toBe(2231);
    for (const [name, value] of Object.entries(names)) expect(unescapeHtml(`&${name}`), name).toBe(value);
  });

  it('takes the longest old name where no whole name fits, and leaves unknown ones', () => {
    expect(unescapeHtml('&notit; &notin; &ampx &ampamp; &xyz; & &; &#; &#x; &#xg')).toBe(
      '¬it; ∉ &x &amp; &xyz; & &; &#; &#x; &#xg',
    );
  });

  it('treats numbers as Python does', () => {
    expect(unescapeHtml('&#65&#x42;&#X43;')).toBe('ABC');
    expect(unescapeHtml('&#0;&#xd800;&#x110000;&#99999999999999999999;')).toBe('\ufffd\ufffd\ufffd\ufffd');
    expect(unescapeHtml('[&#1;&#11;&#x7f;&#xfdd0;&#x1ffff;]')).toBe('[]');
    expect(unescapeHtml('&#128;&#129;&#150;&#13;&#9;')).toBe('€\x81–\r\t');
    expect(unescapeHtml('&#x1F600;')).toBe('😀');
  });
});
