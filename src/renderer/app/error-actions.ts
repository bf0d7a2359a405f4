import type { ErrorCode } from '../../shared/errors';
import type { Step } from './steps';

/** Where in the window an error can be put right; null where no screen helps. */
export const helpfulStep: Readonly<Record<ErrorCode, Step | 'home' | null>> = {
  'bad-input': null,
  'file-not-found': 'import',
  'file-unreadable': 'import',
  'file-format': 'import',
  encoding: 'import',
  'no-such-column': 'import',
  'no-rows': 'import',
  'too-few-labels': 'label',
  'label-column': 'import',
  'project-format': 'home',
  'project-locked': 'home',
  'model-format': 'language-model',
  'model-missing': 'language-model',
  'tensorflow-missing': null,
  'out-of-memory': 'language-model',
  'not-a-number': 'language-model',
  cancelled: null,
  'engine-gone': null,
  busy: null,
  outdated: null,
  'disk-full': null,
  'not-found': null,
  network: null,
  'hash-mismatch': null,
  internal: null,
};

/** Whether this window knows words for a code: a newer engine may send others. */
export function isKnownCode(code: string): code is ErrorCode {
  return Object.hasOwn(helpfulStep, code);
}
