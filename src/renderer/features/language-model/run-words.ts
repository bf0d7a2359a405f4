import type { Run } from '../../../shared/training-types';
import type { Format } from '../../app/format';

type Translate = (key: string, named: Record<string, unknown>) => string;

/** What a run is called: by its person, else by its date. */
export function runName({ name, startedAt }: Pick<Run, 'name' | 'startedAt'>, t: Translate, format: Format): string {
  return name ?? t('runs.dated', { date: format.date(startedAt) });
}

/** Seconds that a run took since its turn came; null while it is under way. Pauses and interruptions are in it. */
export function runSeconds({
  startedAt,
  begunAt,
  endedAt,
}: Pick<Run, 'startedAt' | 'begunAt' | 'endedAt'>): number | null {
  return endedAt === null ? null : Math.max(0, (Date.parse(endedAt) - Date.parse(begunAt ?? startedAt)) / 1000);
}
