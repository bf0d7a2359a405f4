import type { ParsedRequest, Response } from '../../../shared/contract';
import type { LabelInsight } from '../../../shared/label-types';
import type { OpenProject } from '../open-project';
import type { HeldOut } from '../inspection/held-out';
import type { Inspection } from '../inspection/inspection';
import type { HostServices } from '../services';
import { Background } from './background';
import { labelKey, mergeDoubts, type DoubtedLabel } from './label-doubts';
import { LabelQueues } from './label-queues';
import { NO_INSIGHT, studyLabels, type StudyResult } from './label-study';
import { labelledSample, QuickModel } from './quick-model';
import { TokenPool } from './token-pool';

const NO_DOUBTS: readonly DoubtedLabel[] = [];
/** The quick model says something from so many labelled rows on. */
const FEWEST_LABELS = 10;
/** At most so many labelled rows are learned from: more would not change what is asked next. */
const MOST_LABELLED = 5000;
/** Milliseconds of quiet after a label before the quick model is fitted anew, and before labels are measured. */
const FIT_QUIET = 400;
const STUDY_QUIET = 1500;
/** Labels are measured anew once there are so many more of them: a share, and at least some. */
const STUDY_GROWTH = 0.04;
const STUDY_STEP = 10;

/**
 * Labelling with a model in the loop. As labels come, a quick model (TF-IDF) is fitted in the background; until there
 * is a classifier its doubts order the queue. It also suggests labels where the classifier has said nothing, and the
 * labels are measured with it: how good they make a model, how many more would help, which ones look wrong.
 */
export class Labelling {
  readonly #services: HostServices;
  readonly #inspection: Inspection;
  readonly #model: QuickModel;
  readonly #queues: LabelQueues;
  readonly #fits: Background;
  readonly #studies: Background;
  #pool: Promise<TokenPool> | null = null;
  #study: StudyResult | null = null;
  #merged: { readonly run: HeldOut | null; readonly study: readonly DoubtedLabel[]; readonly doubts: readonly DoubtedLabel[] } | null = null; // prettier-ignore
  #studiedAt = 0;
  #studiedRevision = -1;
  #abort = new AbortController();
  /** The labels that the newest fit has seen, or would have: the count of changes when it began. */
  #fitRevision = -1;

  constructor(services: HostServices, inspection: Inspection) {
    this.#services = services;
    this.#inspection = inspection;
    this.#model = new QuickModel(services);
    const sources = { pool: () => this.#freshPool(), doubted: () => this.#doubted() };
    this.#queues = new LabelQueues(services, sources);
    this.#fits = new Background('The quick model of the labelling screen', FIT_QUIET, () => this.#fit());
    this.#studies = new Background('The measuring of labels', STUDY_QUIET, () => this.#measure());
  }

  /** The next rows. */
  async next(request: ParsedRequest<'labels.queue'>): Promise<Response<'labels.queue'>> {
    const answer = await this.#queues.next(request);
    this.#wake();
    return answer;
  }

  /** What the classifier, or where it has said nothing the quick model, says about rows. */
  async suggest({ rowIds }: ParsedRequest<'labels.suggest'>): Promise<Response<'labels.suggest'>> {
    const { store } = this.#services.project;
    const rows = await store.rowsByIds(rowIds);
    const basis = store.predictionBasis === 'classifier' ? 'classifier' : 'baseline';
    const said = rows.flatMap(({ id, predicted }) => (predicted === null ? [] : [{ rowId: id, predicted }]));
    const open = rows.filter(({ predicted }) => predicted === null).map(({ id }) => id);
    if (open.length === 0 || !this.#model.ready) return { basis: said.length > 0 ? basis : 'none', rows: said };
    const quick = await this.#model.suggest(await this.#freshPool(), open);
    const all = [...said, ...[...quick].map(([rowId, predicted]) => ({ rowId, predicted }))];
    return { basis: said.length > 0 ? basis : 'baseline', rows: all };
  }

  /** How well the labels so far can be learned. */
  insight(): Promise<LabelInsight> {
    this.#wake();
    return this.#currentInsight();
  }

  /** To be called after each change of labels: the quick model is fitted anew once it is quiet for a moment. */
  labelsChanged(): void {
    this.#fits.ask();
  }

  /** Resolves when no fit is under way or waiting: for tests and for closing. */
  settled(): Promise<void> {
    return this.#fits.settled();
  }

  /** Resolves when labels are measured as they stand: for tests. */
  async measured(): Promise<void> {
    await this.#fits.settled();
    await this.#studies.settled();
  }

  /** Stops what is under way; the project closes. */
  async reset(): Promise<void> {
    this.#abort.abort();
    await Promise.all([this.#fits.stop(), this.#studies.stop()]);
    await this.#pool?.catch(() => undefined);
    await this.#model.clear();
    this.#queues.clear();
    this.#abort = new AbortController();
    this.#pool = null;
    this.#study = null;
    this.#merged = null;
    this.#studiedAt = 0;
    this.#studiedRevision = -1;
    this.#fitRevision = -1;
  }

  /** A project that was just opened, or a file that was imported, may bring labels that nothing was fitted to yet. */
  #wake(): void {
    if (this.#services.currentProject?.store.labelRevision !== this.#fitRevision) this.#fits.ask();
  }

  async #currentInsight(): Promise<LabelInsight> {
    const insight = this.#study?.insight ?? NO_INSIGHT;
    const measuring = insight.state === 'few' && this.#studies.busy;
    const doubted = this.#services.currentProject ? (await this.#doubted()).length : 0;
    return { ...insight, doubted, ...(measuring ? { state: 'measuring' } : {}) };
  }

  /** Doubted labels that nobody has looked at since, most doubted first. */
  async #doubted(): Promise<readonly DoubtedLabel[]> {
    const { project } = this.#services;
    const run = await this.#inspection.heldOutAtHand();
    const study = this.#study?.doubted ?? NO_DOUBTS;
    // Asked for with every row that is shown, and the same until one of the two is another.
    if (this.#merged?.run !== run || this.#merged.study !== study)
      this.#merged = { run, study, doubts: mergeDoubts(run, study) };
    return this.#merged.doubts.filter(
      ({ row, labels }) => !project.store.isKept(row) && labelKey(project, row) === labels,
    );
  }

  #freshPool(): Promise<TokenPool> {
    this.#pool = (this.#pool ?? Promise.reject(new Error('There is no pool yet.')))
      .then((pool) => (pool.project === this.#services.currentProject && pool.isFresh ? pool : this.#makePool()))
      .catch(() => this.#makePool());
    return this.#pool;
  }

  #makePool(): Promise<TokenPool> {
    const { project } = this.#services;
    return TokenPool.make(this.#services, project, project.store.labelledRowIds(MOST_LABELLED), this.#abort.signal);
  }

  async #fit(): Promise<void> {
    const project = this.#services.currentProject;
    this.#fitRevision = project?.store.labelRevision ?? -1;
    const { signal } = this.#abort;
    if (!project || signal.aborted) return;
    if (!isWorthFitting(project)) {
      await this.#forget(project);
      return;
    }
    const pool = await this.#freshPool();
    const sample = await labelledSample(project, MOST_LABELLED);
    await pool.add(sample.rowIds);
    const asked = pool.candidates.filter((row) => project.store.isWaiting(row));
    const probabilities = await this.#model.fit(pool, sample, asked, signal);
    if (signal.aborted) return;
    if (!project.models.hasClassifier)
      await project.store.savePredictions(asked, sample.names, probabilities, 'baseline');
    this.#services.events.emit('labelling', await this.#currentInsight());
    this.#studyWhereDue(project);
  }

  /** Labels were taken back until there are too few to learn from: what was learned from them is not said any longer. */
  async #forget({ store }: OpenProject): Promise<void> {
    const isKept = store.predictionBasis === 'baseline';
    if (!this.#model.ready && !isKept && this.#study === null) return;
    await this.#model.clear();
    if (isKept) await store.suggestions.forget();
    this.#study = null;
    this.#studiedAt = 0;
    this.#studiedRevision = -1;
    this.#services.events.emit('labelling', await this.#currentInsight());
  }

  /** Every label changes what is asked next; what they are worth together changes slowly. */
  #studyWhereDue({ store }: OpenProject): void {
    const { labelled } = store.inUse();
    const grown = Math.abs(labelled - this.#studiedAt);
    const due = grown >= Math.max(STUDY_STEP, STUDY_GROWTH * this.#studiedAt);
    // Labels that were changed and not added are measured too, only not each one.
    const changed = store.labelRevision - this.#studiedRevision >= 2 * STUDY_STEP;
    if (this.#studiedRevision < 0 || due || changed) this.#studies.ask();
  }

  async #measure(): Promise<void> {
    const project = this.#services.currentProject;
    const { signal } = this.#abort;
    if (!project || signal.aborted) return;
    const { labelRevision } = project.store;
    this.#services.events.emit('labelling', await this.#currentInsight());
    const result = await studyLabels(this.#services, await this.#freshPool(), signal);
    if (signal.aborted) return;
    this.#studiedAt = result?.insight.at ?? project.store.inUse().labelled;
    this.#studiedRevision = labelRevision;
    this.#study = result;
    this.#services.events.emit('labelling', await this.#currentInsight());
  }
}

function isWorthFitting(project: OpenProject): boolean {
  const { labelled } = project.store.inUse();
  const used = project.store.labels().filter((label) => label.count > 0);
  return labelled >= FEWEST_LABELS && used.length >= 2;
}
