import type { Run } from '../../../shared/training-types';
import type { Format } from '../../app/format';

/** What a run is called in a list: how much it gets right, and its name or its date. */
export function runTitle(run: Pick<Run, 'name' | 'startedAt' | 'comparison'>, format: Format): string {
  const name = run.name ?? format.date(run.startedAt);
  return run.comparison ? `${format.percent(run.comparison.model.accuracy)} · ${name}` : name;
}
