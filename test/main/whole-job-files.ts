import { expect } from 'vitest';
import { readBatches } from '../../src/engine/data/read-batches';
import type { EngineHost } from '../../src/main/host/engine-host';
import type { ExportContents } from '../../src/shared/export-types';
import type { MeasuredFile } from '../../src/shared/file-types';

/** All cells of a file, with the names of its columns. */
export async function cells(file: string): Promise<{ columns: readonly string[]; rows: (readonly string[])[] }> {
  const rows: (readonly string[])[] = [];
  let names: readonly string[] = [];
  for await (const batch of readBatches(file, {}, [], 1000)) {
    names = batch.columns;
    rows.push(...batch.rows);
  }
  return { columns: names, rows };
}

/** A measurement on the 400 rows that the project was trained with: it knows all but its 40 test rows. */
export function checkKnownRows({ known, n, wrong, perClass }: MeasuredFile): void {
  const [train, valid] = [known?.train ?? 0, known?.valid ?? 0];
  expect(train).toBeGreaterThan(300);
  expect(train + valid + (known?.without?.n ?? 0)).toBe(n);
  // The test rows are the rest, but for texts that stand on two sides.
  expect(known?.without?.n).toBeGreaterThan(30);
  expect(known?.without?.n).toBeLessThanOrEqual(40);
  expect(wrong.total).toBe(wrong.rows.length);
  const sure = wrong.rows.map(({ probability }) => probability);
  expect(sure).toEqual([...sure].sort((a, b) => b - a));
  expect(perClass.reduce((sum, { support }) => sum + support, 0)).toBe(n);
}

/** The same rows labelled into Parquet, from a certainty of 70 % on. */
export async function checkBestLabels(host: EngineHost, data: string, out: string): Promise<void> {
  const limits = await host.handle('predict.abstain', {});
  expect(limits).toMatchObject({ n: 40, abstainBelow: 0 });
  expect(limits?.points[0]).toMatchObject({ kept: 40 });
  const shape = { labels: 'best', best: 1, probabilities: true } as const;
  const { jobId } = await host.handle('predict.file', { path: data, options: {}, out, shape, abstainBelow: 0.7 });
  expect((await host.jobEnded(jobId)).error).toBeNull();
  const told = await host.handle('predict.result', { jobId });
  const { columns, rows } = await cells(out);
  expect(columns.slice(-3)).toEqual(['predicted', 'label 1', 'probability 1']);
  expect(rows.length).toBe(400);
  expect(rows.filter((row) => row.at(-3) === '').length).toBe(told?.unanswered);
  rows.forEach((row) => {
    expect(row.at(-3)).toBe(Number(row.at(-1)) < 0.7 ? '' : row.at(-2));
  });
  const sorted = rows.map((row) => Number(row.at(-1))).sort((a, b) => b - a);
  expect(told?.surest.map(({ probability }) => probability)).toEqual(sorted.slice(0, 20));
  expect(told?.leastSure[0]?.probability).toBe(sorted.at(-1));
}

/** What was said of an export with ONNX before it was written: its files, and how large they are within a twentieth. */
export function checkPlanned({ files, onnx }: ExportContents, written: ExportContents['files']): void {
  const planned = [...files, ...(onnx ?? [])];
  const names = (all: ExportContents['files']): string[] => all.map(({ name }) => name).sort();
  const bytes = (all: ExportContents['files']): number => all.reduce((sum, file) => sum + file.bytes, 0);
  expect(names(planned)).toEqual(names(written));
  expect(bytes(planned) / bytes(written)).toBeGreaterThan(0.95);
  expect(bytes(planned) / bytes(written)).toBeLessThan(1.05);
}
