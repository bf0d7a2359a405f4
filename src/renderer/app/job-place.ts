import type { Job } from '../../shared/jobs';
import type { Step } from './steps';

/** Where a job is shown: a screen, and a part of it. */
export interface JobPlace {
  readonly view: Step;
  readonly part: string | null;
}

/** Where a job is shown; what a training has come to is on the classifier's screen. */
export function jobPlace({ kind, state }: Pick<Job, 'kind' | 'state'>): JobPlace {
  switch (kind) {
    case 'import':
      return { view: 'import', part: null };
    case 'train':
      return state === 'done' ? { view: 'classifier', part: null } : { view: 'language-model', part: 'run' };
    case 'find-rate':
      return { view: 'language-model', part: 'setup' };
    case 'ablate':
      return { view: 'language-model', part: 'ablation' };
    case 'evaluate':
    case 'predict-file':
      return { view: 'inspect', part: 'file' };
    case 'export':
      return { view: 'export', part: null };
  }
}
