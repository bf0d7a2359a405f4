import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ReportData } from '../../../engine/inspect/report/report-data';
import { reportHtml } from '../../../engine/inspect/report/report';
import { writeBytesAtomic } from '../../../engine/weights/atomic-write';
import {
  sliceByColumn,
  sliceByLanguage,
  sliceByLength,
  type Explanation,
  type InspectedRow,
  type InspectedRows,
  type ReportLanguage,
  type Slices,
} from '../../../shared/inspect-types';
import type { OpenProject } from '../open-project';
import { thawVersion } from '../version';
import type { HeldOut } from './held-out';
import type { Inspection } from './inspection';
import { runClassifier } from './run-classifier';

const listedRows = 12;
const explainedRows = 3;
/** Columns that rows are parted by: more would make the report a table of tables. */
const mostColumns = 4;
/** A column that parts the rows into more slices than this says little of each. */
const mostSlices = 45;
const longestExplained = 1200;

/** Writes everything about a run into one HTML file. */
export async function writeReport(
  inspection: Inspection,
  project: OpenProject,
  heldOut: HeldOut,
  file: string,
  language: ReportLanguage,
): Promise<{ file: string; bytes: number }> {
  const { id } = heldOut.run;
  const list = async (kind: 'confident-errors' | 'uncertain' | 'top-losses' | 'doubted'): Promise<InspectedRows> =>
    inspection.rows(id, { kind }, { offset: 0, limit: listedRows });
  const errors = await list('confident-errors');
  const data: ReportData = {
    language,
    project: (await project.describe()).name,
    version: thawVersion(),
    madeAt: new Date(),
    device: heldOut.run.device,
    rows: { train: heldOut.train.rows.length, valid: heldOut.valid.rows.length, test: heldOut.test?.rows.length ?? 0 },
    overview: await inspection.overview(id),
    standing: heldOut.comparison,
    confidence: await inspection.confidence(id),
    slices: await usefulSlices(inspection, project, id),
    errors: errors.rows,
    uncertain: (await list('uncertain')).rows,
    costliest: (await list('top-losses')).rows,
    doubted: await list('doubted'),
    explained: await explanations(inspection, project, id, errors.rows),
    curve: await curveOf(project, id),
    settings: settingsOf(heldOut),
  };
  await mkdir(path.dirname(file), { recursive: true });
  await writeBytesAtomic(file, reportHtml(data));
  return { file, bytes: (await stat(file)).size };
}

/** Slices by length and language, and by those columns that part the rows into a few kinds. */
async function usefulSlices(inspection: Inspection, project: OpenProject, runId: string): Promise<Slices[]> {
  const byLength = await inspection.slices(runId, sliceByLength);
  const byLanguage = await inspection.slices(runId, sliceByLanguage);
  const columns: Slices[] = [];
  const labelColumns = (await project.store.columnChoice())?.labelColumns ?? [];
  for (const name of byLength.columns.filter((each) => !labelColumns.includes(each))) {
    if (columns.length === mostColumns) break;
    const slices = await inspection.slices(runId, `${sliceByColumn}${name}`);
    // A column with a value of its own for every row is a number or a name, not a kind.
    const largest = Math.max(0, ...slices.slices.filter(({ key }) => key !== '…').map(({ n }) => n));
    if (slices.slices.length > 1 && slices.slices.length <= mostSlices && largest > 1) columns.push(slices);
  }
  return [byLength, byLanguage, ...columns].filter(({ slices }) => slices.length > 1);
}

/** Some errors explained; null where the run's weights are gone. */
async function explanations(
  inspection: Inspection,
  project: OpenProject,
  runId: string,
  errors: readonly InspectedRow[],
): Promise<Explanation[] | null> {
  const folder = await runClassifier(project, runId);
  if (folder === null) return null;
  const explained: Explanation[] = [];
  const short = errors.filter(({ row }) => row.text.length <= longestExplained);
  for (const { row, predicted } of short.slice(0, explainedRows)) {
    explained.push(await inspection.explain({ text: row.text, label: predicted[0] ?? null, leaveOut: true }, folder));
  }
  return explained;
}

async function curveOf(project: OpenProject, runId: string): Promise<ReportData['curve']> {
  const { events } = await project.runs.withEvents(runId, 600);
  return events.flatMap((event) =>
    event.type === 'step'
      ? [
          {
            kind: event.stage.startsWith('classifier') ? ('classifier' as const) : ('language-model' as const),
            loss: event.smoothedLoss,
          },
        ]
      : [],
  );
}

function settingsOf({ run: { request, plan } }: HeldOut): { name: string; value: string }[] {
  const { options, ...rest } = request;
  const planned = plan && { batchSize: plan.batchSize, bptt: plan.bptt, maxLength: plan.maxLength };
  const stages = (plan?.stages ?? []).map(({ stage, epochs, learningRate }) => [
    stage,
    `${epochs} × ${learningRate.toPrecision(3)}`,
  ]);
  return [...Object.entries({ ...rest, ...options, ...planned }), ...stages].map(([name, value]) => ({
    name: String(name),
    value: typeof value === 'string' ? value : JSON.stringify(value ?? null),
  }));
}
