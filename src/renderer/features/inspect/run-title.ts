import type { Run } from '../../../shared/training-types';
import type { Format } from '../../app/format';
import type { MeasuredWords } from '../../app/measured';

/** What a run is called in a list: how much it gets right, and its name or its date. */
export function runTitle(
  run: Pick<Run, 'name' | 'startedAt' | 'comparison'>,
  format: Format,
  measured: MeasuredWords,
): string {
  const name = run.name ?? format.date(run.startedAt);
  return run.comparison ? `${measured.share(run.comparison.model)} · ${name}` : name;
}
