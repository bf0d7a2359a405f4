import { MetricsCounter } from '../../../engine/evaluate/metrics';
import { DEFAULT_THRESHOLD } from '../../../engine/evaluate/thresholds';
import { TopRows } from '../../../engine/evaluate/top-rows';
import { wilsonInterval } from '../../../engine/evaluate/wilson';
import type { ColumnChoice } from '../../../shared/data-types';
import { mostWrong, type KnownSide, type MeasuredFile, type WrongRow } from '../../../shared/file-types';
import type { ClassifierFolder } from '../classifier-folder';
import { decideLabels, rankLabels } from '../../../engine/evaluate/decide-labels';
import type { KnownTexts } from '../known-texts';
import { labelsOfCells } from '../label-cells';
import { LabelSpelling } from '../label-spelling';
import type { ModelScores } from '../model-scores';
import type { ScoredBatch } from '../scored-batches';
import { RejectedList } from './rejected-list';
import { beginning } from './sure-rows';

/** One row of the file with its right answers. */
interface LabelledRow {
  readonly line: number;
  readonly fields: readonly string[];
  readonly names: readonly string[];
}

/** The counts of a measurement, row by row, with the few rows that are shown of it. */
export class MeasuredRows {
  rows = 0;
  unlabelled = 0;
  readonly #rejected = new RejectedList();
  readonly #classifier: ClassifierFolder;
  readonly #columns: ColumnChoice;
  readonly #known: KnownTexts | null;
  readonly #abstainBelow: number;
  readonly #spelling: LabelSpelling;
  readonly #ids: Map<string, number>;
  readonly #final: MetricsCounter;
  readonly #deep: MetricsCounter;
  readonly #baseline: MetricsCounter;
  readonly #blend: MetricsCounter;
  /** Of the rows whose text the classifier does not know from its training. */
  readonly #fresh: MetricsCounter;
  readonly #wrong = new TopRows<WrongRow>(mostWrong);
  readonly #knownRows = { train: 0, valid: 0 };
  #majorityRight = 0;
  #respelled = 0;
  #wrongCount = 0;
  readonly #answered = { kept: 0, right: 0 };

  constructor(classifier: ClassifierFolder, columns: ColumnChoice, known: KnownTexts | null, abstainBelow: number) {
    const { labels, multiLabel, thresholds, deepThresholds, notes } = classifier;
    const counter = (limits: readonly number[] | null | undefined): MetricsCounter =>
      new MetricsCounter(labels.length, { multiLabel, thresholds: limits });
    this.#classifier = classifier;
    this.#columns = columns;
    this.#known = known;
    this.#abstainBelow = multiLabel ? 0 : abstainBelow;
    this.#spelling = new LabelSpelling(labels);
    this.#ids = new Map(labels.map((name, id) => [name, id]));
    this.#final = counter(thresholds);
    this.#fresh = counter(thresholds);
    this.#deep = counter(deepThresholds);
    this.#baseline = counter(notes.baselineThresholds);
    this.#blend = counter(notes.blend?.thresholds);
  }

  take({ batch, scores }: ScoredBatch): void {
    const texts = this.#columns.textColumns.length;
    this.#rejected.add(batch.rejected);
    batch.rows.forEach((row, i) => {
      const cells = batch.wanted.map((place) => row[place] ?? '');
      const names = this.#namesOf(cells.slice(texts));
      if (names === null) this.unlabelled++;
      else this.#takeRow(scores, i, { line: batch.lines[i] ?? 0, fields: cells.slice(0, texts), names });
    });
  }

  /** The right answers in a row's cells, in the model's spelling where it has the label; null where there are none. */
  #namesOf(cells: readonly string[]): string[] | null {
    const written = labelsOfCells(cells, this.#columns, this.#classifier.labels);
    if (written === null) return null;
    const names = written.map((name) => this.#spelling.find(name) ?? name);
    if (names.some((name, i) => name !== written[i])) this.#respelled++;
    return [...new Set(names)];
  }

  #takeRow(scores: ModelScores, row: number, labelled: LabelledRow): void {
    const { names } = labelled;
    for (const name of names) if (!this.#ids.has(name)) this.#ids.set(name, this.#ids.size);
    const labels = names.map((name) => this.#ids.get(name) ?? 0);
    this.rows++;
    if (names.length === 1 && names[0] === this.#classifier.notes.majorityLabel) this.#majorityRight++;
    this.#final.add(scores.final, row, labels);
    this.#deep.add(scores.deep, row, labels);
    if (scores.baseline) this.#baseline.add(scores.baseline, row, labels);
    if (scores.blend) this.#blend.add(scores.blend, row, labels);
    const known = this.#known?.sideOf(labelled.fields) ?? null;
    if (known === null) this.#fresh.add(scores.final, row, labels);
    else this.#knownRows[known]++;
    this.#judge(scores.final, row, labelled, known);
  }

  /** Right or wrong, and how surely. */
  #judge(final: Float32Array, row: number, { line, fields, names }: LabelledRow, known: KnownSide | null): void {
    const { labels, thresholds } = this.#classifier;
    const predicted = decideLabels(final, row, labels, { thresholds, abstainBelow: 0 });
    const isRight = predicted.length === names.length && predicted.every((name) => names.includes(name));
    const best = thresholds ? null : (rankLabels(final, row, labels)[0]?.probability ?? 0);
    if (best !== null && best >= this.#abstainBelow) {
      this.#answered.kept++;
      if (isRight) this.#answered.right++;
    }
    if (isRight) return;
    this.#wrongCount++;
    const probability = best ?? this.#surestMistake(final, row, names);
    this.#wrong.offer(probability, () => {
      return { line, text: beginning(fields.join('\n')), actual: [...names], predicted, probability, known };
    });
  }

  /** Of several labels: how sure the model is of the surest one that it gives or leaves out wrongly. */
  #surestMistake(final: Float32Array, row: number, names: readonly string[]): number {
    const { labels, thresholds } = this.#classifier;
    const mistakes = labels.flatMap((name, c) => {
      const probability = final[row * labels.length + c] ?? 0;
      const isGiven = probability >= (thresholds?.[c] ?? DEFAULT_THRESHOLD);
      if (isGiven === names.includes(name)) return [];
      return [isGiven ? probability : 1 - probability];
    });
    return Math.max(0, ...mistakes); // only a label that the model does not know is missing: no mistake of its own
  }

  result(seconds: number): MeasuredFile {
    const { labels, thresholds, notes } = this.#classifier;
    const names = [...this.#ids.keys()];
    const all = this.rows + this.unlabelled;
    return {
      ...this.#final.metrics(names),
      documentsPerSecond: all / seconds,
      labels: names,
      thresholds: thresholds && [...thresholds],
      baseline: this.#baseline.metrics(names),
      deep: notes.blend?.used === true ? this.#deep.metrics(names) : null,
      blend: notes.blend ? this.#blend.metrics(names) : null,
      majority: { label: notes.majorityLabel, accuracy: this.#majorityRight / this.rows },
      unknownLabels: names.slice(labels.length),
      unlabelled: this.unlabelled,
      rejected: this.#rejected.count,
      rejectedRows: this.#rejected.first,
      respelled: this.#respelled,
      answered: this.#answeredFigures(),
      known: this.#knownFigures(names),
      wrong: { total: this.#wrongCount, rows: this.#wrong.rows() },
    };
  }

  #answeredFigures(): MeasuredFile['answered'] {
    if (this.#abstainBelow === 0) return null;
    const { kept, right } = this.#answered;
    return { threshold: this.#abstainBelow, kept, right, interval: wilsonInterval(right, kept) };
  }

  #knownFigures(names: readonly string[]): MeasuredFile['known'] {
    if (!this.#known) return null;
    if (this.#fresh.rows === 0) return { ...this.#knownRows, without: null };
    const { n, accuracy, accuracyInterval, macroF1, microF1 } = this.#fresh.metrics(names);
    return { ...this.#knownRows, without: { n, accuracy, accuracyInterval, macroF1, microF1 } };
  }
}
