import type { PastExport } from '../../../src/shared/export-types';
import type { FakeHandlers } from './fake-engine';

const files = [
  { name: 'baseline.bin', bytes: 912_004 },
  { name: 'model.json', bytes: 4120 },
  { name: 'training.json', bytes: 18_300 },
  { name: 'vocabulary.json', bytes: 183_240 },
  { name: 'weights.safetensors', bytes: 48_210_332 },
  { name: 'README.md', bytes: 2100 },
];
const added = [
  { name: 'model.onnx', bytes: 48_210_332 },
  { name: 'thaw-classifier.mjs', bytes: 61_000 },
  { name: 'example.mjs', bytes: 900 },
  { name: 'example.html', bytes: 1500 },
];

/** Writes the classifier, and remembers what was written. */
export function fakeExport(
  labels: readonly string[],
): Pick<FakeHandlers, 'export.model' | 'export.contents' | 'export.past'> {
  let past: readonly PastExport[] = [];
  return {
    'export.model': ({ folder, onnx = false }) => {
      const facts = { labels: [...labels], multiLabel: false, columns: ['subject', 'body'], abstainBelow: 0.6, onnx };
      const written = onnx ? [...files, ...added] : files;
      const bytes = written.reduce((sum, file) => sum + file.bytes, 0);
      const record = {
        folder,
        writtenAt: '2026-11-22T10:00:00.000Z',
        runId: 'run-1',
        files: written.length,
        bytes,
        onnx,
      };
      past = [{ ...record, facts }, ...past.filter((one) => one.folder !== folder)];
      return { folder, files: written, facts };
    },
    'export.contents': () => ({ files, onnx: added }),
    'export.past': () => [...past],
  };
}
