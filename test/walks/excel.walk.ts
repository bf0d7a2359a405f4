import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { root, test } from '../e2e/thaw-app';
import { newProject, openFile, startTraining, waitForTraining } from '../e2e/walk';
import { Diary } from './diary';

/** A line of the sample data: a text in quotes or not, and a label. */
function samples(): readonly (readonly [text: string, label: string])[] {
  const file = readFileSync(path.join(root, 'resources/samples/subjectivity/data.csv'), 'utf8');
  return file
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const at = line.lastIndexOf(',');
      const text = line.slice(0, at);
      return [
        text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text,
        line.slice(at + 1).trim(),
      ] as const;
    });
}

type Cell = string | number | null;

/** A workbook of two sheets as spreadsheets write it: cells of shared or inline strings, numbers, merged cells. */
function workbook(
  sheets: readonly { name: string; rows: readonly (readonly Cell[])[]; merged?: string }[],
): Uint8Array {
  const escape = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const place = (row: number, column: number): string => `${String.fromCharCode(65 + column)}${String(row + 1)}`;
  const cell = (value: Cell, row: number, column: number): string => {
    if (value === null) return '';
    const at = place(row, column);
    if (typeof value === 'number') return `<c r="${at}"><v>${String(value)}</v></c>`;
    return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escape(value)}</t></is></c>`;
  };
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const related = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const files: Record<string, string> = {
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>${sheets.map((_, i) => `<Override PartName="/xl/worksheets/sheet${String(i + 1)}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${related}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${related}"><sheets>${sheets.map(({ name }, i) => `<sheet name="${escape(name)}" sheetId="${String(i + 1)}" r:id="rId${String(i + 1)}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${sheets.map((_, i) => `<Relationship Id="rId${String(i + 1)}" Type="${related}/worksheet" Target="worksheets/sheet${String(i + 1)}.xml"/>`).join('')}</Relationships>`,
  };
  for (const [i, { rows, merged }] of sheets.entries()) {
    const lines = rows.map(
      (cells, r) => `<row r="${String(r + 1)}">${cells.map((value, c) => cell(value, r, c)).join('')}</row>`,
    );
    const merge = merged === undefined ? '' : `<mergeCells count="1"><mergeCell ref="${merged}"/></mergeCells>`;
    files[`xl/worksheets/sheet${String(i + 1)}.xml`] =
      `${head}<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData>${merge}</worksheet>`;
  }
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

/** UTF-8 that was once read as Windows-1252, as happens between two programs. */
function mangled(text: string): string {
  return text.replaceAll("'", 'â€™').replaceAll('--', 'â€“').replaceAll('e ', 'Ã© ');
}

/** 1,200 rows with the errors that people's sheets have. */
function messyRows(): readonly (readonly Cell[])[] {
  const rows = samples()
    .slice(0, 1200)
    .map(([text, label], i): Cell[] => {
      const spelt =
        [label, label.toUpperCase(), `${label} `, label[0]?.toUpperCase() + label.slice(1), label, label][i % 6] ??
        label;
      const said = i % 40 === 7 ? mangled(text) : i % 97 === 5 ? `<p>${text}</p><br>` : text;
      // A number kept as text, an empty column, a number, a remark in a few rows.
      return [String(1000 + i), said, null, i % 53 === 11 ? null : spelt, i % 5, i % 90 === 3 ? 'ask Jim' : null];
    });
  const copies = rows.filter((_, i) => i % 60 === 9).map((row) => [...row]);
  const wrong = rows
    .filter((_, i) => i % 150 === 20)
    .map((row) => [
      row[0] ?? null,
      row[1] ?? null,
      null,
      /^o/i.test(String(row[3])) ? 'subjective' : 'objective',
      3,
      null,
    ]);
  const blank: Cell[] = [null, null, null, null, null, null];
  const head: Cell[][] = [
    ['Film sentences, export of 2026-11-20', null, null, null, null, null],
    blank,
    ['Nr.', 'Sentence', '', 'Kind of sentence', 'Stars', 'Remark'],
  ];
  return [
    ...head,
    ...rows.slice(0, 600),
    blank,
    ...copies,
    ...rows.slice(600),
    ...wrong,
    blank,
    ['Total', null, null, '1,200', null, null],
  ];
}

test('a messy Excel file', async ({ start, folder }) => {
  const diary = new Diary('excel');
  const file = path.join(folder, 'film sentences (final) v3.xlsx');
  const notes: (readonly Cell[])[] = [['Read me'], ['Made by hand. Colours mean nothing.']];
  writeFileSync(
    file,
    workbook([
      { name: 'Notes', rows: notes },
      { name: 'Data', rows: messyRows(), merged: 'A1:F1' },
    ]),
  );
  const app = await start();
  const { page } = app;
  await app.resize(1280, 800);
  await newProject(app, 'Film sentences');
  await diary.step('preview', () => openFile(app, file));
  await diary.look(app, 'preview');
  diary.note(`sheet shown first: ${await page.getByTestId('import-sheet').inputValue()}`);
  const preview = await app.call('import.preview', { path: file, options: {} });
  diary.note(
    `header ${String(preview.header)}, columns: ${preview.columns.map(({ name, suggestedRole }) => `${name}=${suggestedRole}`).join(', ')}; notes: ${preview.notes.join(' / ')}`,
  );
  if ((await page.getByTestId('import-sheet').inputValue()) !== 'Data') {
    await page.getByTestId('import-sheet').selectOption('Data');
    await page.waitForTimeout(1500);
    await diary.look(app, 'preview-data');
  }
  await diary.step('import', async () => {
    await page.getByTestId('import-run').click();
    await expect(page.getByTestId('import-summary')).toBeVisible({ timeout: 60_000 });
  });
  await diary.look(app, 'summary');
  const state = await app.call('labels.state', {});
  diary.note(`labels: ${state.labels.map(({ name, count }) => `${name} ${String(count)}`).join(', ')}`);
  await diary.step('health', async () => {
    await page.getByTestId('import-health').click();
    await expect(page.getByTestId('health-counts')).toBeVisible();
  });
  await diary.look(app, 'health');
  const report = await app.call('health.report', {});
  diary.note(`health: ${report.issues.map(({ id, count }) => `${id} ${String(count)}`).join(', ')}`);
  for (const { id } of report.issues) {
    const card = page.getByTestId(`health-${id}`);
    await card.scrollIntoViewIfNeeded();
    await diary.look(app, `health-${id}`);
  }
  await diary.step('remedies', async () => {
    for (let round = 0; round < 12; round++) {
      const button = page.locator('[data-testid^="health-do-"], [data-testid="health-merge"]').first();
      if ((await button.count()) === 0) break;
      const id = (await button.getAttribute('data-testid')) ?? '';
      const before = (await app.call('health.report', {})).issues.length;
      await button.click();
      await page.waitForTimeout(1200);
      const after = await app.call('health.report', {});
      diary.note(`${id}: ${String(before)} issues before, ${String(after.issues.length)} after`);
      if (after.issues.length >= before) break;
    }
  });
  await diary.look(app, 'health-after');
  const after = await app.call('labels.state', {});
  diary.note(
    `labels now: ${after.labels
      .filter(({ count }) => count > 0)
      .map(({ name, count }) => `${name} ${String(count)}`)
      .join(', ')}`,
  );
  await diary.step('train (quick, at most 1 minute)', async () => {
    await startTraining(app, { preset: 'quick', minutes: 1 });
    await waitForTraining(app, ['done'], 15 * 60_000);
  });
  await page.getByTestId('rail-inspect').click();
  await expect(page.getByTestId('inspect-accuracy')).toContainText('%');
  await diary.look(app, 'inspect');
  const comparison = await app.call('inspect.comparison', {});
  diary.note(
    `accuracy ${String(comparison?.model.accuracy)}, word counts ${String(comparison?.baseline.accuracy)} on ${String(comparison?.model.n)}`,
  );
  expect(app.complaints).toEqual([]);
});
