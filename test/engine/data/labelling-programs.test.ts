import { describe, expect, it } from 'vitest';
import { cellMembers, listCell } from '../../../src/shared/list-cells';
import { previewFile } from '../../../src/engine/data/preview-file';
import type { Column } from '../../../src/shared/data-types';
import { tempFiles } from './temp-file';

const write = tempFiles();

function jsonl(name: string, records: readonly object[]): string {
  return write(name, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

const roles = (columns: readonly Column[]): Record<string, string> =>
  Object.fromEntries(
    columns.filter(({ suggestedRole }) => suggestedRole !== 'ignore').map((one) => [one.name, one.suggestedRole]),
  );

describe('lists as cells', () => {
  it('give back exactly their members, whatever stands in them', () => {
    const lists = [['a'], ['a', 'b'], ['a|b'], ['a|b', 'c'], ['["x"]'], ['["x', 'y"]'], []];
    for (const list of lists) expect(cellMembers(listCell(list), '|')).toEqual(list);
    expect(listCell(['a', 'b'])).toBe('a|b');
    expect(listCell(['a|b'])).toBe('["a|b"]');
    expect(cellMembers('a; b ;', ';')).toEqual(['a', 'b']);
  });

  it('are several labels from the start, also where they are too few to tell by their cells', async () => {
    const path = jsonl('lists.jsonl', [
      { text: 'Where is my parcel, and why was I charged twice?', labels: ['delivery', 'money | fees'] },
      { text: 'I would like to change my address please.', labels: ['account'] },
    ]);
    const { columns, rows } = await previewFile(path, {});
    expect(columns[1]).toMatchObject({ suggestedRole: 'label', suggestedSeparator: '|', lists: true });
    expect(rows.map(([, cell]) => cellMembers(cell ?? '', '|'))).toEqual([['delivery', 'money | fees'], ['account']]);
  });
});

describe('files of labelling programs', () => {
  it('Label Studio: the text and the choices of the annotation that counts', async () => {
    const task = (id: number, text: string, annotations: readonly object[]): object => ({
      id,
      data: { text, channel: 'mail' },
      annotations,
      predictions: [],
      file_upload: 'x.csv',
    });
    const said = (...choices: string[]): object => ({
      result: [{ from_name: 'topic', to_name: 'text', type: 'choices', value: { choices } }],
    });
    const path = write(
      'studio.json',
      JSON.stringify([
        task(1, 'My parcel has not come, where is it?', [said('delivery')]),
        task(2, 'Charged twice, and late as well!', [said('money'), said('money', 'delivery')]),
        task(3, 'Skipped by who looked at it last.', [said('money'), { ...said('delivery'), was_cancelled: true }]),
        task(4, 'Nobody has looked at this one yet.', []),
      ]),
    );
    const { columns, rows } = await previewFile(path, {});
    expect(roles(columns)).toEqual({ id: 'id', 'data.text': 'text', choices: 'label' });
    const at = columns.findIndex(({ name }) => name === 'choices');
    expect(rows.map((row) => row[at])).toEqual(['delivery', 'money|delivery', 'money', null]);
    expect(columns[at]).toMatchObject({ lists: true });
  });

  it('Label Studio, small form: one choice stands as it is, several as a list', async () => {
    const { columns, rows } = await previewFile(
      write(
        'small.json',
        JSON.stringify([
          { id: 7, text: 'Some longer text to read', sentiment: { choices: ['a', 'b'] } },
          { id: 8, text: 'Another text to read', sentiment: 'a' },
        ]),
      ),
      {},
    );
    expect(roles(columns)).toEqual({ id: 'id', text: 'text', sentiment: 'label' });
    expect(rows.map((row) => row[2])).toEqual(['a|b', 'a']);
  });

  it('doccano: labels as a list, as ids of annotations, and parts of texts are no labels', async () => {
    const { columns, rows } = await previewFile(
      jsonl('doccano.jsonl', [
        { id: 1, text: 'A first text of some length', label: ['a', 'b'], Comments: [] },
        { id: 2, text: 'A second text of some length', label: ['a'], Comments: [] },
      ]),
      {},
    );
    expect(roles(columns)).toEqual({ id: 'id', text: 'text', label: 'label' });
    expect(rows.map((row) => row[2])).toEqual(['a|b', 'a']);
    const older = await previewFile(
      jsonl('older.jsonl', [
        {
          text: 'A first text of some length',
          annotations: [
            { label: 3, user: 1 },
            { label: 4, user: 1 },
          ],
        },
      ]),
      {},
    );
    expect(older.rows).toEqual([['A first text of some length', '3|4']]);
  });

  it('Prodigy: what was accepted counts, what was rejected or ignored does not', async () => {
    const options = [
      { id: 'x', text: 'First' },
      { id: 'y', text: 'Second' },
    ];
    const choice = (text: string, answer: string, ...accept: string[]): object => ({
      ...{ text, options, accept, answer, _input_hash: 1, _task_hash: 2, config: {} },
    });
    const { columns, rows } = await previewFile(
      jsonl('choice.jsonl', [
        choice('Some text that was accepted', 'accept', 'x', 'y'),
        choice('Some text that was ignored', 'ignore', 'x'),
        choice('Some other text, accepted too', 'accept', 'y'),
      ]),
      {},
    );
    expect(columns.map(({ name }) => name)).toEqual(['text', 'accept', 'answer']);
    expect(roles(columns)).toMatchObject({ text: 'text', accept: 'label' });
    expect(rows.map((row) => row[1])).toEqual(['x|y', null, 'y']);
    const binary = await previewFile(
      jsonl('binary.jsonl', [
        { text: 'Is this one about money?', label: 'money', answer: 'accept' },
        { text: 'Is this one about money, too?', label: 'money', answer: 'reject' },
      ]),
      {},
    );
    expect(binary.rows.map((row) => row[1])).toEqual(['money', null]);
    const cats = await previewFile(
      jsonl('cats.jsonl', [{ text: 'Scores for each label here', cats: { A: 1, B: 0, C: 0.7 } }]),
      {},
    );
    expect(cats.rows[0]?.[1]).toBe('A|C');
    expect(roles(cats.columns)).toEqual({ text: 'text', cats: 'label' });
  });

  it('Argilla, old and new', async () => {
    const now = await previewFile(
      jsonl('argilla.jsonl', [
        {
          ...{
            id: 'u1',
            status: 'completed',
            fields: { text: 'The text of a record, long enough' },
            metadata: { source: 'web' },
          },
          ...{
            responses: { topic: [{ value: ['a', 'b'], user_id: 'x' }] },
            suggestions: {},
            vectors: { v: [0.1, 0.2] },
          },
        },
      ]),
      {},
    );
    expect(roles(now.columns)).toMatchObject({ 'fields.text': 'text', 'responses.topic': 'label' });
    expect(now.rows[0]).toEqual(['u1', 'completed', 'The text of a record, long enough', 'web', 'a|b']);
    const before = await previewFile(
      jsonl('argilla1.jsonl', [
        {
          ...{ text: 'One text, given twice over', inputs: { text: 'One text, given twice over' } },
          annotation: 'pos',
          prediction: [{ label: 'neg', score: 0.6 }],
        },
      ]),
      {},
    );
    expect(roles(before.columns)).toMatchObject({ text: 'text', annotation: 'label' });
  });

  it('fastText: labels in front of each line, any number of them', async () => {
    const path = write(
      'train.txt',
      '__label__sauce __label__cheese How much potato starch to a cheese sauce?\n__label__oven Baked, not fried\n\n',
    );
    const preview = await previewFile(path, {});
    expect(preview).toMatchObject({
      format: 'fasttext',
      rows: [
        ['How much potato starch to a cheese sauce?', 'sauce|cheese'],
        ['Baked, not fried', 'oven'],
      ],
    });
    expect(preview.columns[1]).toMatchObject({ suggestedRole: 'label', suggestedSeparator: '|', lists: true });
  });
});

describe('columns that would make no good labels', () => {
  const csvOf = (name: string, cell: (i: number) => string, rows = 100): string =>
    write(
      `${name}.csv`,
      `text,${name}\n${Array.from({ length: rows }, (_, i) => `"some text that is number ${String(i)}",${cell(i)}\n`).join('')}`,
    );
  it.each([
    ['label', (i: number) => `case-${String(i)}`, 'unique'],
    ['rating', (i: number) => String(((i * 37) % 90) + 0.5), 'numbers'],
    ['class', (i: number) => String(18 + (i % 50)), 'numbers'],
  ] as const)('%s: flagged, and not guessed', async (name, cell, doubt) => {
    const { columns } = await previewFile(csvOf(name, cell), {});
    expect(columns[1]).toMatchObject({ labelDoubt: doubt });
    expect(columns[1]?.suggestedRole).not.toBe('label');
  });

  it.each([
    ['label', (i: number) => String(i % 45)], // classes by their numbers
    ['stars', (i: number) => String(1 + (i % 5))],
    ['category', (i: number) => `kind ${String(i % 60)}`],
  ] as const)('%s: classes are labels, also many', async (name, cell) => {
    const { columns } = await previewFile(csvOf(name, cell), {});
    expect(columns[1]?.labelDoubt).toBeUndefined();
    expect(columns[1]?.suggestedRole).toBe('label');
  });

  it('says nothing of a few rows that each have a class of their own', async () => {
    const { columns } = await previewFile(
      csvOf('label', (i) => `kind ${String(i)}`, 8),
      {},
    );
    expect(columns[1]?.labelDoubt).toBeUndefined();
    expect(columns[1]?.suggestedRole).toBe('label');
  });
});
