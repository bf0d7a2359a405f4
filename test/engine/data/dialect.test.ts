import { describe, expect, it } from 'vitest';
import { guessDialect, ONE_TEXT_PER_LINE } from '../../../src/engine/data/guess-dialect';
import { guessHeader, uniqueColumnNames } from '../../../src/engine/data/guess-header';
import { profileColumns } from '../../../src/engine/data/profile-columns';

const guess = (text: string, extension = '.txt', more: { delimiter?: string; quote?: string } = {}) =>
  guessDialect(text, true, { extension, ...more });

describe('the dialect of a file', () => {
  it('a tab file with stray quotation marks has none as quotes', () => {
    const text =
      'ham\t"Yes, I know" he said\nspam\tWIN a 5" screen\nham\t"quoted whole"\nham\tshe said "ok\nham\tfine\n';
    expect(guess(text, '.tsv')).toEqual({ delimiter: '\t', quote: '', escape: '' });
  });

  it('a tab file whose cells are quoted where they must be has quotes', () => {
    const text = 'a\t"one\ttwo"\nb\t"say ""hi"""\nc\tplain\n';
    expect(guess(text)).toMatchObject({ delimiter: '\t', quote: '"' });
  });

  it('commas inside semicolon cells do not win', () => {
    expect(guess('1,5;good, really\n2,5;bad, really\n3,5;fine, really\n').delimiter).toBe(';');
  });

  it('pipes and commas are told apart by what all rows agree on', () => {
    expect(guess('a|b, c|1\nd|e|2\nf, g, h|i|3\n').delimiter).toBe('|');
  });

  it('backslash-escaped quotes are seen', () => {
    const text = 'text,label\n"he said \\"no, never\\", and left",a\n"\\"yes\\", she said",b\nplain,c\n';
    expect(guess(text)).toEqual({ delimiter: ',', quote: '"', escape: '\\' });
  });

  it('single quotes count where they enclose cells, and not where they are apostrophes', () => {
    expect(guess("'a, b','x'\n'c, d','y'\n'e','z'\n").quote).toBe("'");
    expect(guess("it's fine,x\n'tis bad,y\ndon't, really\n").quote).not.toBe("'");
  });

  it('sentences with commas are one text a line', () => {
    expect(guess('well , this is good .\nno\n" so , so " , he said , and left .\nfine , then\nok\n')).toEqual(
      ONE_TEXT_PER_LINE,
    );
  });

  it('one column of quoted texts is a comma file with one column', () => {
    expect(guess('text\n"a, b"\n"c"\n"say ""hi"", ok"\n')).toMatchObject({ delimiter: ',', quote: '"' });
  });

  it('what a person sets is kept', () => {
    expect(guess('a,b;c\nd,e;f\n', '.csv', { delimiter: ';' }).delimiter).toBe(';');
    expect(guess('a,"b, c"\nd,"e"\n', '.csv', { quote: '' }).quote).toBe('');
    expect(guess('a,b\nc,d\n', '.csv', { delimiter: '\n' })).toEqual(ONE_TEXT_PER_LINE);
    expect(guess('a||b\nc||d\n', '.csv', { delimiter: '||' }).delimiter).toBe('||');
  });
});

describe('the header of a file', () => {
  it.each([
    [
      ['text', 'label'],
      [
        ['good film', 'pos'],
        ['bad film', 'neg'],
      ],
      true,
    ],
    [
      ['ham', 'Go until jurong point'],
      [
        ['ham', 'Ok lar'],
        ['spam', 'Free entry'],
      ],
      false,
    ],
    [
      ['3', 'Fears for pensions', 'Unions say'],
      [
        ['4', 'The race is on', 'A second team'],
        ['4', 'Company', 'A company'],
      ],
      false,
    ],
    [['Type', 'Message', '', '', ''], [['ham', 'ok lar joking', '', '', '']], true],
    [
      ['Ticket', 'Anliegen'],
      [
        ['1', 'Mein Konto ist seit gestern gesperrt'],
        ['2', 'Die Karte kam nie bei mir an'],
      ],
      true,
    ],
    [['I love it'], [['me too, very much'], ['not for me']], false],
    [['sentence'], [['me too, very much indeed'], ['not for me at all']], true],
    [
      ['stars', '2024'],
      [
        ['5', '7'],
        ['4', '9'],
      ],
      false,
    ],
  ])('%j before %j: %s', (first, rest, expected) => {
    expect(guessHeader(first, rest)).toBe(expected);
  });

  it('column names are unique, and unnamed ones are called by their place', () => {
    expect(uniqueColumnNames(['Type', '', 'Type', ' a\n b ', 'Type_2', ''], 6)).toEqual([
      'Type',
      'column2',
      'Type_3',
      'a b',
      'Type_2',
      'column6',
    ]);
    expect(uniqueColumnNames(null, 2)).toEqual(['column1', 'column2']);
    expect(uniqueColumnNames(['column2', ''], 2)).toEqual(['column2', 'column2_2']);
  });
});

describe('the roles of columns', () => {
  const roles = (names: string[], rows: string[][]) =>
    profileColumns(names, rows).map(({ suggestedRole }) => suggestedRole);
  const mail = (i: number): string => `My card number ${String(i)} does not work since yesterday, please help me`;

  it('title and body are texts, few values a label, an unlike value in each row an id', () => {
    const rows = Array.from({ length: 20 }, (_, i) => [
      `a${String(i)}`,
      `Card ${String(i)} is broken again`,
      mail(i),
      ['card', 'loan'][i % 2] ?? '',
      'train',
    ]);
    expect(roles(['nr', 'subject', 'body', 'category', 'split'], rows)).toEqual([
      'id',
      'text',
      'text',
      'label',
      'split',
    ]);
  });

  it('numbered classes without a name are a label', () => {
    const rows = Array.from({ length: 20 }, (_, i) => [String(1 + (i % 4)), mail(i)]);
    expect(roles(['column1', 'column2'], rows)).toEqual(['label', 'text']);
  });

  it('several columns of yes and no are labels', () => {
    const rows = Array.from({ length: 20 }, (_, i) => [mail(i), String(i % 2), String(i % 3 === 0 ? 1 : 0)]);
    expect(roles(['text', 'rude', 'spam'], rows)).toEqual(['text', 'label', 'label']);
  });

  it('counts what is empty and how long cells are', () => {
    const [text, none] = profileColumns(
      ['t', 'e'],
      [
        ['abcd', ''],
        ['ab', ''],
        ['', ''],
      ],
    );
    expect(text).toMatchObject({ type: 'text', distinct: 2, meanLength: 3 });
    expect(text?.emptyShare).toBeCloseTo(1 / 3);
    expect(none).toMatchObject({ type: 'empty', emptyShare: 1, suggestedRole: 'ignore' });
  });
});
