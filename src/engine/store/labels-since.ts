import type { Database } from './database';
import type { LabelLog } from './label-log';
import { UNLABELLED } from './label-book';

/** What is otherwise than it was: the row, the mark or the label's name that shows it, and how that stood then. */
type Witness =
  | { readonly kind: 'set'; readonly row: number; readonly before: number }
  | { readonly kind: 'aside'; readonly row: number; readonly before: boolean }
  | { readonly kind: 'rename'; readonly label: number; readonly before: string };

/**
 * Whether labels are otherwise than they were at a time: a row has another label, a row with a label is used that was not
 * or the other way round, or a label has another name. What was changed and changed back is as it was.
 */
export class LabelsSince {
  private known: { readonly since: number; readonly revision: number; readonly witness: Witness | null } | null = null;

  constructor(
    private readonly database: Database,
    private readonly log: LabelLog,
  ) {}

  /** Asked after every label: as long as the difference that was found last is still there, nothing is read. */
  async differ(since: Date): Promise<boolean> {
    const { known, log } = this;
    if (known?.since === since.getTime()) {
      if (known.witness !== null && this.stillDiffers(known.witness)) return true;
      if (known.witness === null && known.revision === log.revision) return false;
    }
    const { revision } = log;
    const witness = (await this.changedRow(since)) ?? (await this.changedName(since));
    this.known = { since: since.getTime(), revision, witness };
    return witness !== null;
  }

  private stillDiffers(witness: Witness): boolean {
    const { book, marks } = this.log;
    switch (witness.kind) {
      case 'set':
        return witness.row < book.rows && book.setOf(witness.row) !== witness.before;
      case 'aside':
        return isLabelled(this.log, witness.row) && marks.has(witness.row, 'aside') !== witness.before;
      case 'rename':
        return book.name(witness.label) !== witness.before;
    }
  }

  private async changedRow(since: Date): Promise<Witness | null> {
    const [[labels] = [], [before] = []] = await this.database.integers(`${otherwise('set')} LIMIT 1`, [at(since)]);
    if (labels !== undefined) return { kind: 'set', row: labels, before: before ?? UNLABELLED };
    const [rows, wereAside] = await this.database.integers(otherwise('aside'), [at(since)]);
    // A row without a label teaches the classifier nothing, used or not.
    const place = (rows ?? []).findIndex((row) => isLabelled(this.log, row));
    return place < 0 ? null : { kind: 'aside', row: rows?.[place] ?? 0, before: wereAside?.[place] === 1 };
  }

  private async changedName(since: Date): Promise<Witness | null> {
    const [found] = await this.database.all(
      `SELECT label, arg_min(previous_name, seq) AS before, arg_max(name, seq) AS now
       FROM label_events WHERE kind = 'rename' AND happened_at > epoch_ms($1::BIGINT)
       GROUP BY label HAVING before <> now ORDER BY label LIMIT 1`,
      [at(since)],
    );
    return found === undefined ? null : { kind: 'rename', label: Number(found[0]), before: String(found[1]) };
  }
}

/** SQL for the rows of which the newest event of a kind says something else than what was before the first since $1. */
function otherwise(kind: 'set' | 'aside'): string {
  return `SELECT row_id, arg_min(coalesce(previous_set, ${String(UNLABELLED)}), seq) AS before
    FROM label_events WHERE kind = '${kind}' AND happened_at > epoch_ms($1::BIGINT) GROUP BY row_id
    HAVING before <> arg_max(label_set, seq) ORDER BY row_id`;
}

function at(since: Date): bigint {
  return BigInt(since.getTime());
}

function isLabelled({ book }: LabelLog, row: number): boolean {
  return row < book.rows && book.setOf(row) !== UNLABELLED;
}
