import type { FakeHandlers } from './fake-engine';

/** What classifies and measures files; a test that needs more says it itself. */
export const fakeFile: Pick<
  FakeHandlers,
  | 'predict.file'
  | 'predict.result'
  | 'evaluate.file'
  | 'evaluate.result'
  | 'evaluate.columns'
  | 'predict.abstain'
  | 'file.saveRejected'
> = {
  'predict.file': () => ({ jobId: 'job-p' }),
  'predict.result': () => null,
  'evaluate.file': () => ({ jobId: 'job-e' }),
  'evaluate.result': () => null,
  'evaluate.columns': () => ({ column: null, by: null, rows: 100, columns: [] }),
  'predict.abstain': () => null,
  'file.saveRejected': ({ out }) => ({ file: out, rows: 3, bytes: 400 }),
};
