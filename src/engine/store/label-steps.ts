import type { LabelStep } from '../../shared/label-types';
import type { Database } from './database';
import { UNLABELLED, type LabelBook } from './label-book';
import type { LabelAction, NameEvent, Source } from './label-events';

/**
 * What can be taken back and done again, of labels and of everything else: numbers of actions, newest last, and the
 * figures of each.
 */
export class LabelSteps {
  private readonly undoable: number[] = [];
  private readonly redoable: number[] = [];
  private readonly known = new Map<number, LabelStep>();

  get canUndo(): boolean {
    return this.undoable.length > 0;
  }

  get canRedo(): boolean {
    return this.redoable.length > 0;
  }

  /** The action to take back next. */
  get nextUndo(): number | undefined {
    return this.undoable[this.undoable.length - 1];
  }

  /** The action to do again next. */
  get nextRedo(): number | undefined {
    return this.redoable[this.redoable.length - 1];
  }

  /** Reads all actions of the log and all other changes, in order. */
  async load(database: Database): Promise<void> {
    const actions = await database.all(
      `SELECT action AS number, any_value(source), any_value(undoes), NULL, NULL, NULL, false
       FROM label_events WHERE source <> 'file' GROUP BY action
       UNION ALL SELECT number, source, undoes, kind, row_count, name, passed FROM changes ORDER BY number`,
    );
    this.undoable.length = 0;
    this.redoable.length = 0;
    const passed: number[] = [];
    for (const [action, source, undoes, kind, rows, label, isPassed] of actions) {
      const number = Number(action);
      if (kind !== null && source === 'person') {
        const step = { kind: String(kind) as LabelStep['kind'], rows: Number(rows), label: String(label) };
        this.known.set(number, step);
        if (isPassed === true) passed.push(number);
      }
      this.push(String(source) as Source, number, Number(undoes ?? -1));
    }
    this.pass(passed);
  }

  /** Takes note of an action that was made. */
  push(source: Source, action: number, undoes: number): void {
    if (source === 'undo') {
      takeOut(this.undoable, undoes);
      this.redoable.push(undoes);
    } else if (source === 'redo') {
      takeOut(this.redoable, undoes);
      this.undoable.push(undoes);
    } else {
      this.undoable.push(action);
      for (const dropped of this.redoable) this.known.delete(dropped);
      this.redoable.length = 0;
    }
  }

  /** These can no longer be taken back: undo goes past them. */
  pass(numbers: readonly number[]): void {
    for (const number of numbers) takeOut(this.undoable, number);
  }

  /** Whether an action can be taken back, now or once later ones are. */
  canTakeBack(number: number): boolean {
    return this.undoable.includes(number);
  }

  /** Whether an action was taken back and can still be done again. */
  canDoAgain(number: number): boolean {
    return this.redoable.includes(number);
  }

  /** Keeps the figures of an action, as it was made by the person. */
  describe(action: number, step: LabelStep): void {
    this.known.set(action, step);
  }

  /** The figures of the action to take back or do again next; null where there is none or nobody has read it yet. */
  get undoStep(): LabelStep | null {
    return this.numbered(this.nextUndo);
  }

  get redoStep(): LabelStep | null {
    return this.numbered(this.nextRedo);
  }

  private numbered(number = -1): LabelStep | null {
    const step = this.known.get(number);
    return step === undefined ? null : { ...step, number };
  }
}

/** Almost always the last one: looked for from the end. */
function takeOut(numbers: number[], number: number): void {
  const place = numbers.lastIndexOf(number);
  if (place >= 0) numbers.splice(place, 1);
}

/** An action in a few figures. */
export function stepOf({ rows, names }: LabelAction, book: LabelBook): LabelStep {
  const first = names[0];
  const sets = rows.find(({ kind }) => kind === 'set');
  const changed = sets?.rowIds.length ?? rows[0]?.rowIds.length ?? 0;
  if (sets && names.some(({ kind }) => kind === 'remove')) {
    const gone = names.filter(({ kind }) => kind === 'remove');
    const merged = sets.values.some((set) => set !== UNLABELLED);
    return { kind: merged ? 'merge' : 'remove', rows: changed, label: gone.length === 1 ? (gone[0]?.name ?? '') : '' };
  }
  const asides = rows.find(({ kind }) => kind === 'aside');
  // Rows that a file has brought again, told by their ids: labels go with them from row to row.
  if (sets && asides) return { kind: 'aside', rows: asides.rowIds.length, label: '' };
  if (sets) {
    const labels = book.labelsOf(sets.values[0] ?? UNLABELLED);
    const same = sets.values.every((set) => set === sets.values[0]);
    const label = same && labels.length === 1 ? book.name(labels[0] ?? 0) : '';
    return { kind: changed === 1 ? 'label' : 'bulk', rows: changed, label };
  }
  const mark = rows[0]?.kind;
  if (mark === 'aside' && rows[0]?.values[0] === 0) return { kind: 'restore', rows: changed, label: '' };
  if (mark !== undefined && mark !== 'set') return { kind: mark, rows: changed, label: '' };
  if (isLabelSet(names)) return { kind: 'label-set', rows: 0, label: '' };
  if (first?.kind === 'place') return { kind: 'order', rows: 0, label: '' };
  if (first?.kind === 'note') return { kind: 'note', rows: 1, label: '' };
  if (first?.kind === 'colour') return { kind: 'describe', rows: 0, label: book.name(first.id) };
  if (first?.kind === 'describe') return { kind: 'describe', rows: 0, label: book.name(first.id) };
  return { kind: first?.kind ?? 'label', rows: 0, label: first?.name ?? '' };
}

/** Whether labels were taken over from a file: words of several at once, beside their order. */
function isLabelSet(names: readonly NameEvent[]): boolean {
  const worded = names.filter(({ kind }) => kind === 'add' || kind === 'describe' || kind === 'colour');
  return (
    new Set(worded.map(({ id }) => id)).size > 1 || (worded.length > 0 && names.some(({ kind }) => kind === 'place'))
  );
}
