import type { Run } from '../../shared/training-types';
import { UsageError } from './output';

/** The run of that id, else the one of that name. @throws UsageError where there is none, or several have the name */
export function findRun<R extends { readonly run: Pick<Run, 'id' | 'name'> }>(runs: readonly R[], wanted: string): R {
  const byId = runs.find(({ run }) => run.id === wanted);
  const byName = runs.filter(({ run }) => run.name === wanted);
  const [found, ...others] = byId ? [byId] : byName;
  if (found && others.length === 0) return found;
  if (found) throw new UsageError(`${byName.length} runs are called "${wanted}"; name one by its id: ${byName.map(({ run }) => run.id).join(', ')}.`); // prettier-ignore
  throw new UsageError(`There is no run "${wanted}". There are: ${runs.map(({ run }) => run.id).join(', ') || 'none'}.`); // prettier-ignore
}
