import type { BuildShardsOptions } from '../workers/tokenization-build';
import type { JobControl } from './job-control';

/** Lets a job tell how many texts are tokenized, and stop it. @param total of the texts; null where nobody knows */
export function followTokenizing(
  control: JobControl,
  total: number | null,
): Pick<BuildShardsOptions, 'onProgress' | 'signal'> {
  return {
    onProgress: (done) =>
      control.report({ type: 'count', stage: 'tokenize', done, total, unit: 'texts', secondsLeft: null }),
    signal: control.signal,
  };
}
