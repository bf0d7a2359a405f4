import path from 'node:path';
import { abstainFigures } from '../../../engine/inspect/confidence';
import { AppError } from '../../../shared/errors';
import type { AbstainOnValidation } from '../../../shared/file-types';
import type {
  Changes,
  Confidence,
  Explanation,
  HeldOutSide,
  InspectedRows,
  Overview,
  ReportLanguage,
  RowList,
  RunExplanation,
  SimilarRows,
  Slices,
} from '../../../shared/inspect-types';
import { readTrainingNotes, writeAbstainBelow } from '../classifier-folder';
import type { OpenProject } from '../open-project';
import type { Scoring } from '../scoring';
import type { HostServices } from '../services';
import { changedRows, changesOf } from './changes';
import { confidenceOf } from './confidence';
import { explainText, type ExplainRequest } from './explain';
import { hasHeldOut, loadHeldOut, type HeldOut } from './held-out';
import { overviewOf } from './overview';
import { inspectRows, listedRows, type RowPlaces } from './row-lists';
import { runClassifier } from './run-classifier';
import { SimilarTexts } from './similar';
import { slicesOf, sliceRows } from './slices';
import { writeReport } from './write-report';

/** Runs whose held-out rows stay in memory: two are compared. */
const mostRuns = 3;

/** What the inspect step asks about finished runs and about the project's classifier. */
export class Inspection {
  readonly #services: HostServices;
  readonly #scoring: Scoring;
  readonly #similar: SimilarTexts;
  readonly #runs = new Map<string, Promise<HeldOut>>();
  /** The list that was asked for last, whole: its pages are cut from it. */
  #listed: { readonly key: string; readonly places: Promise<RowPlaces> } | null = null;

  constructor(services: HostServices, scoring: Scoring) {
    this.#services = services;
    this.#scoring = scoring;
    this.#similar = new SimilarTexts(services);
  }

  /** Figures of all contenders, label by label. */
  async overview(runId: string | null): Promise<Overview> {
    return overviewOf(await this.heldOut(runId));
  }

  async confidence(runId: string | null): Promise<Confidence> {
    const heldOut = await this.heldOut(runId);
    const notes = await readTrainingNotes(this.#services.project.models.classifier);
    const isCurrent = notes?.runId === heldOut.run.id && !heldOut.multiLabel;
    return confidenceOf(heldOut, isCurrent ? notes.abstainBelow : null);
  }

  /** Has the project's classifier give no answer below a probability. @throws AppError `model-missing`, `bad-input` */
  async abstain(below: number): Promise<void> {
    const folder = this.#services.project.models.classifier;
    const { multiLabel } = await this.#scoring.open(folder);
    if (multiLabel) throw new AppError('bad-input', 'A classifier of several labels a text has a threshold a label.');
    await writeAbstainBelow(folder, below);
  }

  /** What holding back unsure answers does on validation rows; null where that is not known, or labels are several. */
  async abstainOnValidation(): Promise<AbstainOnValidation | null> {
    const heldOut = await this.heldOutAtHand();
    const notes = await readTrainingNotes(this.#services.project.models.classifier);
    if (!heldOut || !notes || heldOut.multiLabel || heldOut.valid.rows.length === 0) return null;
    const { valid, labels } = heldOut;
    const { points } = abstainFigures(valid.final, valid.truth, labels, false);
    return { n: valid.rows.length, abstainBelow: notes.abstainBelow, points };
  }

  /** A page of a list of held-out rows. */
  async rows(
    runId: string | null,
    list: RowList,
    page: { readonly offset: number; readonly limit: number },
    side: HeldOutSide = 'both',
  ): Promise<InspectedRows> {
    const heldOut = await this.heldOut(runId);
    const key = JSON.stringify([this.#services.project.path, heldOut.run.id, list]);
    if (this.#listed?.key !== key) {
      const places = this.#places(heldOut, list);
      this.#listed = { key, places };
      places.catch(() => (this.#listed = null)); // whoever asked is told; the next one tries again
    }
    return inspectRows(this.#services.project, heldOut, await this.#listed.places, side, page);
  }

  async slices(runId: string | null, by: string): Promise<Slices> {
    return slicesOf(this.#services.project, await this.heldOut(runId), by);
  }

  async changes(before: string, after: string): Promise<Changes> {
    return changesOf(await this.heldOut(before), await this.heldOut(after));
  }

  /** Explains a prediction of a classifier folder; left out: of the project's. */
  async explain(request: ExplainRequest, folder = this.#services.project.models.classifier): Promise<Explanation> {
    return explainText(this.#services, await this.#scoring.openForPrediction(folder), request);
  }

  /**
   * Explains a prediction of a run, or of the project's classifier. Where the weights of the run are gone, the project's
   * classifier stands in, which the answer says.
   */
  async explainOf(runId: string | null, request: ExplainRequest): Promise<RunExplanation> {
    const folder = runId === null ? null : await runClassifier(this.#services.project, runId);
    return { ...(await this.explain(request, folder ?? undefined)), standIn: runId !== null && folder === null };
  }

  /** The training rows nearest to a text: those of a run by its own encoder, with the same stand-in as in {@link explainOf}. */
  async similar(runId: string | null, text: string, limit: number): Promise<SimilarRows> {
    const { project } = this.#services;
    const folder = runId === null ? null : await runClassifier(project, runId);
    const { run, train } = await this.heldOut(folder === null ? null : runId);
    const classifier = await this.#scoring.openForPrediction(folder ?? project.models.classifier);
    return this.#similar.find(classifier, { id: run.id, train: train.rows }, text, limit);
  }

  /** Writes the report of a run. */
  async report(
    runId: string | null,
    out: string | null,
    language: ReportLanguage,
  ): Promise<{ file: string; bytes: number }> {
    const { project } = this.#services;
    const heldOut = await this.heldOut(runId);
    const file = out === null ? path.join(project.runs.folder(heldOut.run.id), 'report.html') : path.resolve(out);
    return writeReport(this, project, heldOut, file, language);
  }

  /** The held-out rows of a run, or of the one that the project's classifier came from. */
  async heldOut(runId: string | null): Promise<HeldOut> {
    const { project } = this.#services;
    const id = runId ?? (await currentRun(project));
    const key = `${project.path} ${id}`;
    const known = this.#runs.get(key);
    if (known) return known;
    const loading = loadHeldOut(this.#services, project, id);
    this.#runs.set(key, loading);
    loading.catch(() => this.#runs.delete(key)); // whoever asked is told; the next one tries again
    for (const oldest of this.#runs.keys()) if (this.#runs.size > mostRuns) this.#runs.delete(oldest);
    return loading;
  }

  /** As {@link heldOut} of the project's classifier; null where there is none, or nothing was kept of its run. */
  async heldOutAtHand(): Promise<HeldOut | null> {
    const { project } = this.#services;
    if (!project.models.hasClassifier) return null;
    try {
      const id = await currentRun(project);
      return hasHeldOut(project.runs.folder(id)) ? await this.heldOut(id) : null;
    } catch (error) {
      if (error instanceof AppError) return null; // an ensemble, or a run that is gone: nothing to show, and no fault
      throw error;
    }
  }

  async #places(heldOut: HeldOut, list: RowList): Promise<RowPlaces> {
    if (list.kind === 'slice') {
      return { rows: await sliceRows(this.#services.project, heldOut, list), estimates: null };
    }
    if (list.kind !== 'changed') return listedRows(heldOut, list);
    return { rows: changedRows(await this.heldOut(list.other), heldOut, list.change), estimates: null };
  }
}

/** The run that the project's classifier came from. @throws AppError `model-missing`, `not-found` */
export async function currentRun(project: OpenProject): Promise<string> {
  const notes = project.models.hasClassifier ? await readTrainingNotes(project.models.classifier) : null;
  if (!notes)
    throw new AppError('model-missing', 'The project has no trained classifier.', {
      hint: 'Train one first.',
      says: { sentence: 'noClassifier' },
    });
  if (notes.runId !== null) return notes.runId;
  // A classifier of an older version does not name its run: it is the newest one with the same figures.
  const figures = JSON.stringify(notes.comparison.model);
  const run = (await project.runs.list()).find(({ comparison }) => JSON.stringify(comparison?.model) === figures);
  if (run) return run.id;
  throw new AppError(
    'not-found',
    "The project's classifier did not come from any of its runs, so its rows are not known.",
    {
      hint: 'Choose a run, or train anew.',
      says: { sentence: 'otherOrigin' },
    },
  );
}
