import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PortableKernels } from '../../src/engine/kernels/portable-kernels';
import { saveClassifier } from '../../src/engine/model/classifier-files';
import { SPECIAL_TOKENS } from '../../src/engine/text/special-tokens';
import { tokenize } from '../../src/engine/text/tokenizer';
import { writeTrainingNotes } from '../../src/main/host/classifier-folder';
import type { Metrics } from '../../src/shared/training-types';
import { chanceClassifier, chanceFile } from './chance-classifier';
import { tensorflowForTests } from './tensorflow';

const figures: Metrics = { n: 2, accuracy: 0.5, accuracyInterval: [0, 1], macroF1: 0.5, microF1: 0.5, ece: 0, loss: 1, perClass: [], confusion: null }; // prettier-ignore
const encoder = { kind: 'awd-lstm', embedding: 8, hidden: 8, layers: 2, padding: 1 } as const;

/** What a classifier by chance is like. */
export interface ChanceModel {
  readonly labels: readonly string[];
  readonly columns: readonly string[];
  /** Given: several labels a text. */
  readonly thresholds?: readonly number[];
  readonly abstainBelow?: number;
  /** The words that it knows stand in these. */
  readonly texts: readonly string[];
}

/** Writes a whole classifier folder whose weights are by chance: what is needed where it does not matter what it has learned. */
export async function writeChanceFolder(folder: string, model: ChanceModel): Promise<void> {
  const { labels, columns, thresholds = null, abstainBelow = 0, texts } = model;
  const multiLabel = thresholds !== null;
  const kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
  const itos = [...new Set([...SPECIAL_TOKENS, ...texts.flatMap((text) => tokenize([text]))])];
  const more = { multiLabel, thresholds: thresholds && [...thresholds] };
  const file = chanceFile({ ...encoder, vocabulary: itos.length }, labels, more);
  await saveClassifier(folder, file, chanceClassifier(kernels, file), itos);
  await writeFile(path.join(folder, 'baseline.bin'), ''); // asked only where there is a blend
  await writeTrainingNotes(folder, {
    thaw: '0.1.0',
    runId: 'run-1',
    createdAt: '2026-11-20T09:00:00Z',
    columns: { textColumns: [...columns], labelColumns: ['label'], multiLabel, labelSeparator: null },
    majorityLabel: labels[0] ?? '',
    baselineTemperature: 1,
    baselineThresholds: null,
    blend: null,
    abstainBelow,
    comparison: {
      split: 'valid',
      labels: [...labels],
      model: figures,
      baseline: figures,
      majority: { label: labels[0] ?? '', accuracy: 0.5 },
      temperature: 1,
      eceBeforeTemperature: 0,
    },
  });
}
