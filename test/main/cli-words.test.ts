import { describe, expect, it } from 'vitest';
import { chooseColumns } from '../../src/main/cli/columns';
import { duration, table, timeLeft } from '../../src/main/cli/human';
import { nameList, readOptions } from '../../src/main/cli/options';
import { ProgressLine } from '../../src/main/cli/progress-line';
import type { ImportPreview } from '../../src/shared/data-types';
import type { Job } from '../../src/shared/jobs';

function preview(roles: Readonly<Record<string, 'text' | 'label' | 'ignore'>>): ImportPreview {
  const columns = Object.entries(roles).map(([name, suggestedRole], index) => ({
    name,
    index,
    type: 'text' as const,
    distinct: 2,
    emptyShare: 0,
    meanLength: 10,
    suggestedRole,
  }));
  return {
    path: 'mails.csv',
    bytes: 1,
    encoding: 'utf-8',
    encodingReason: 'valid UTF-8',
    dialect: { delimiter: ',', quote: '"', escape: '"' },
    header: true,
    skipLines: 0,
    columns,
    rawLines: [],
    format: 'delimited',
    sheets: [],
    sheet: null,
    rows: [],
    estimatedRows: 1,
    notes: [],
  };
}

describe('a label column of lists', () => {
  it('means several labels a row without being asked, parted as the lists are', () => {
    const file = preview({ text: 'text', labels: 'label' });
    const columns = file.columns.map((one) =>
      one.name === 'labels' ? { ...one, lists: true, suggestedSeparator: '|' } : one,
    );
    const { choice, said } = chooseColumns({ ...file, columns }, {}, true);
    expect(choice).toMatchObject({ labelColumns: ['labels'], multiLabel: true, labelSeparator: '|' });
    expect(said.join(' ')).toContain('"labels" holds lists');
    expect(chooseColumns({ ...file, columns }, { multiLabel: false }, true).choice.multiLabel).toBe(false);
  });

  it('that would make no good labels is taken where it was named, and that is said', () => {
    const file = preview({ text: 'text', nr: 'ignore' });
    const columns = file.columns.map((one) => (one.name === 'nr' ? { ...one, labelDoubt: 'unique' as const } : one));
    const { choice, said } = chooseColumns({ ...file, columns }, { label: ['nr'] }, true);
    expect(choice.labelColumns).toEqual(['nr']);
    expect(said.join(' ')).toContain('nearly every row');
  });
});

describe('durations and times left', () => {
  it('are said as people say them', () => {
    expect([4.21, 59.4, 200, 7500].map(duration)).toEqual(['4.2 s', '59 s', '3 min 20 s', '2 h 5 min']);
    expect([3, 42, 61, 260, 9000].map(timeLeft)).toEqual([
      'a few seconds left',
      'about 40 seconds left',
      'about 1 minute left',
      'about 4 minutes left',
      'about 2.5 hours left',
    ]);
  });
});

describe('a table', () => {
  it('has its numbers on the right and its words on the left', () => {
    expect(
      table([
        ['', 'accuracy'],
        ['this', '9.5 %'],
        ['baseline', '10.5 %'],
      ]),
    ).toBe('          accuracy\nthis         9.5 %\nbaseline    10.5 %');
  });
});

describe('columns', () => {
  const file = preview({ id: 'ignore', body: 'text', team: 'label' });

  it('are guessed where nothing is said, and the guess is told', () => {
    const { choice, said } = chooseColumns(file, {}, true);
    expect(choice).toEqual({ textColumns: ['body'], labelColumns: ['team'], multiLabel: false, labelSeparator: null });
    expect(said.join(' ')).toMatch(/"body".*"team"/);
  });

  it('are taken as given, and a wrong name is answered with those there are', () => {
    const flags = { text: ['id', 'body'], label: ['team'], multiLabel: true };
    expect(chooseColumns(file, flags, true).choice).toMatchObject({ textColumns: ['id', 'body'], labelSeparator: ';' });
    expect(() => chooseColumns(file, { text: ['Body'] }, true)).toThrow(/no column "Body".*"id", "body", "team"/);
  });

  it('says that a separator does nothing where a cell is one label', () => {
    const warned = chooseColumns(file, { separator: '|' }, true).said.filter((one) => one.includes('--multi-label'));
    expect(warned).toHaveLength(1);
    const meant = chooseColumns(file, { separator: '|', multiLabel: true }, true);
    expect(meant.said.some((one) => one.includes('--multi-label'))).toBe(false);
    expect(meant.choice).toMatchObject({ multiLabel: true, labelSeparator: '|' });
  });

  it('need no label where rows only feed the language model', () => {
    const texts = preview({ body: 'text' });
    expect(chooseColumns(texts, {}, false).choice.labelColumns).toEqual([]);
    expect(() => chooseColumns(texts, {}, true)).toThrow(/looks like a label/);
  });
});

describe('flags', () => {
  it('part names at commas that are not escaped, and know the tab by its name', () => {
    expect(nameList('title, body')).toEqual(['title', 'body']);
    expect(nameList('a\\,b')).toEqual(['a,b']);
    expect(() => nameList('a,,b')).toThrow(/parted by commas/);
    expect(readOptions({ delimiter: '\\t', header: false })).toEqual({ delimiter: '\t', header: false });
    expect(readOptions({})).toEqual({});
  });
});

describe('the progress line', () => {
  const job: Job = {
    id: '1',
    kind: 'train',
    title: 'Training',
    state: 'running',
    stage: 'tokenize',
    fraction: 0.25,
    secondsLeft: 100,
    startedAt: null,
    endedAt: null,
    error: null,
    runId: null,
  };

  it('is rewritten in place on a terminal, below the lines that stay', () => {
    let now = 0;
    let written = '';
    const line = new ProgressLine({ isTTY: true, columns: 200, write: (text) => (written += text) }, () => now);
    line.job(job);
    expect(written).toBe('Splitting texts into words · 25.0 % · about 2 minutes left');
    now = 1000;
    line.job({ ...job, fraction: 0.5 });
    line.event({ type: 'note', level: 'info', message: 'Something decided.' });
    line.end();
    const rows = written.split('\n');
    expect(rows[0]).toMatch(/\r\x1b\[2K {2}Something decided\.$/);
    expect(rows[1]).toMatch(/^Splitting.*50\.0 %.*\r\x1b\[2K$/);
  });

  it('is a plain line every five seconds and at each new stage elsewhere', () => {
    let now = 0;
    let written = '';
    const line = new ProgressLine({ write: (text) => (written += text) }, () => now);
    for (now = 0; now < 12_000; now += 100) line.job(job);
    line.job({ ...job, stage: 'baseline' });
    const rows = written.trim().split('\n');
    expect(rows).toHaveLength(4);
    expect(rows.at(-1)).toContain('baseline');
    expect(written).not.toContain('\r');
  });
});
