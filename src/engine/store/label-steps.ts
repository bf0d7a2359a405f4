import type { LabelStep } from '../../shared/label-types';
import type { Database } from './database';
import { UNLABELLED, type LabelBook } from './label-book';
import type { LabelAction, Source } from './label-events';

/** What can be taken back and done again: numbers of actions, newest last, and the figures of each. */
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

  /** Reads all actions of the log, in order. */
  async load(database: Database): Promise<void> {
    const actions = await database.all(
      `SELECT action, any_value(source), any_value(undoes) FROM label_events WHERE source <> 'file' GROUP BY action ORDER BY action`,
    );
    for (const [action, source, undoes] of actions)
      this.push(String(source) as Source, Number(action), Number(undoes ?? -1));
  }

  /** Takes note of an action that was made. */
  push(source: Source, action: number, undoes: number): void {
    if (source === 'undo') {
      this.undoable.pop();
      this.redoable.push(undoes);
    } else if (source === 'redo') {
      this.redoable.pop();
      this.undoable.push(undoes);
    } else {
      this.undoable.push(action);
      for (const dropped of this.redoable) this.known.delete(dropped);
      this.redoable.length = 0;
    }
  }

  /** Keeps the figures of an action, as it was made by the person. */
  describe(action: number, step: LabelStep): void {
    this.known.set(action, step);
  }

  /** The figures of the action to take back or do again next; null where there is none or nobody has read it yet. */
  get undoStep(): LabelStep | null {
    return this.known.get(this.nextUndo ?? -1) ?? null;
  }

  get redoStep(): LabelStep | null {
    return this.known.get(this.nextRedo ?? -1) ?? null;
  }
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
  if (sets) {
    const labels = book.labelsOf(sets.values[0] ?? UNLABELLED);
    const same = sets.values.every((set) => set === sets.values[0]);
    const label = same && labels.length === 1 ? book.name(labels[0] ?? 0) : '';
    return { kind: changed === 1 ? 'label' : 'bulk', rows: changed, label };
  }
  const mark = rows[0]?.kind;
  if (mark !== undefined && mark !== 'set') return { kind: mark, rows: changed, label: '' };
  if (first?.kind === 'note') return { kind: 'note', rows: 1, label: '' };
  if (first?.kind === 'colour') return { kind: 'describe', rows: 0, label: book.name(first.id) };
  if (first?.kind === 'describe') return { kind: 'describe', rows: 0, label: book.name(first.id) };
  return { kind: first?.kind ?? 'label', rows: 0, label: first?.name ?? '' };
}
