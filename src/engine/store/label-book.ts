import type { LabelInfo } from '../../shared/data-types';
import { labelColor } from './label-palette';

/** A row that nobody has labelled; other than one labelled with the empty set ("none of them"). */
export const UNLABELLED = -1;

/** A label as it is kept: its id never changes, its name can. */
export interface StoredLabel {
  readonly id: number;
  readonly name: string;
  readonly removed: boolean; // added, and the adding undone; or taken away
}

/** What a person has said about a label; empty where nothing. */
export interface LabelWords {
  readonly description: string;
  readonly colour: string;
  /** Its place in the list, from 0; null: behind those that have one, in the order they came. */
  readonly place: number | null;
}

/**
 * The labels of all rows as they stand now, in memory: one number a row (4 MB for a million), so that every count and
 * filter is immediate. It is made from the label events and follows them.
 */
export class LabelBook {
  private readonly stored: StoredLabel[] = [];
  private readonly byName = new Map<string, number>();
  /** Sets of label ids, each once, ascending; a row points to one. */
  private readonly sets: (readonly number[])[] = [];
  private readonly setIds = new Map<string, number>();
  private rowSets = new Int32Array(0);
  private counts: number[] = [];
  private rowsLabelled = 0;
  private readonly words = new Map<number, LabelWords>();
  rows = 0;

  get labelled(): number {
    return this.rowsLabelled;
  }

  get labelCount(): number {
    return this.stored.length;
  }

  get setCount(): number {
    return this.sets.length;
  }

  /**
   * Labels that are in use or can be, in the order that a person gave them, else in the order they came.
   *
   * @param countOf the rows of a label that are to be told; all of them where it is left out
   */
  infos(countOf = (label: number): number => this.countOf(label)): LabelInfo[] {
    return this.offered().map(({ id, name }) => {
      const { description, colour } = this.wordsOf(id);
      const info = { name, count: countOf(id), color: colour === '' ? labelColor(id) : colour };
      return description === '' ? info : { ...info, description };
    });
  }

  /** Labels that are in use or can be, in the order of their places. */
  offered(): StoredLabel[] {
    const placeOf = ({ id }: StoredLabel): number => this.wordsOf(id).place ?? Infinity;
    return this.stored
      .filter(({ id, removed }) => !removed || (this.counts[id] ?? 0) > 0)
      .sort((a, b) => Math.sign(placeOf(a) - placeOf(b) || 0) || a.id - b.id);
  }

  /** Description, chosen colour and place of a label. */
  wordsOf(id: number): LabelWords {
    return this.words.get(id) ?? { description: '', colour: '', place: null };
  }

  setWords(id: number, words: Partial<LabelWords>): void {
    this.words.set(id, { ...this.wordsOf(id), ...words });
  }

  /** Number of rows with a label. */
  countOf(label: number): number {
    return this.counts[label] ?? 0;
  }

  /** The label of this name, also a removed one. */
  find(name: string): StoredLabel | undefined {
    const id = this.byName.get(name);
    return id === undefined ? undefined : this.stored[id];
  }

  name(id: number): string {
    return this.stored[id]?.name ?? '';
  }

  putLabel(label: StoredLabel): void {
    const old = this.stored[label.id];
    if (old && this.byName.get(old.name) === label.id) this.byName.delete(old.name);
    this.stored[label.id] = label;
    // A label that is gone gives its name to whoever uses it now.
    const holder = this.find(label.name);
    if (!label.removed || holder === undefined || holder.removed) this.byName.set(label.name, label.id);
  }

  /** The id of a set of labels, or undefined where it has never been used. */
  findSet(labels: readonly number[]): number | undefined {
    return this.setIds.get(setKey(labels));
  }

  putSet(id: number, labels: readonly number[]): void {
    const sorted = [...labels].sort((a, b) => a - b);
    this.sets[id] = sorted;
    this.setIds.set(setKey(sorted), id);
  }

  /** The label ids of a set; none for {@link UNLABELLED}. */
  labelsOf(set: number): readonly number[] {
    return this.sets[set] ?? [];
  }

  setOf(row: number): number {
    return row < this.rows ? (this.rowSets[row] ?? UNLABELLED) : UNLABELLED;
  }

  namesOf(row: number): string[] {
    return this.labelsOf(this.setOf(row)).map((id) => this.name(id));
  }

  /** Makes room for rows; new ones are unlabelled, and so have to be those that go. */
  growTo(rows: number): void {
    if (rows > this.rowSets.length) {
      const larger = new Int32Array(Math.max(rows, Math.ceil(this.rowSets.length * 1.5))).fill(UNLABELLED);
      larger.set(this.rowSets.subarray(0, this.rows));
      this.rowSets = larger;
    }
    this.rows = rows;
  }

  /** Gives a row another set. */
  setRow(row: number, set: number): void {
    const before = this.setOf(row);
    for (const id of this.labelsOf(before)) this.counts[id] = (this.counts[id] ?? 0) - 1;
    for (const id of this.labelsOf(set)) this.counts[id] = (this.counts[id] ?? 0) + 1;
    this.rowsLabelled += Number(set !== UNLABELLED) - Number(before !== UNLABELLED);
    this.rowSets[row] = set;
  }

  /** Gives rows that are not labelled yet, each named once, their sets; as {@link setRow} of each, in one go. */
  setFreshRows(rowIds: Int32Array, sets: Int32Array): void {
    const bySet = new Int32Array(this.sets.length);
    for (let i = 0; i < rowIds.length; i++) {
      const set = sets[i] ?? UNLABELLED;
      if (set === UNLABELLED) continue;
      this.rowSets[rowIds[i] ?? 0] = set;
      bySet[set] = (bySet[set] ?? 0) + 1;
    }
    bySet.forEach((count, set) => {
      for (const id of this.labelsOf(set)) this.counts[id] = (this.counts[id] ?? 0) + count;
      this.rowsLabelled += count;
    });
  }
}

function setKey(labels: readonly number[]): string {
  return [...labels].sort((a, b) => a - b).join(',');
}
