import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kernels } from '../../src/engine/kernels/kernels';
import { freshLanguageModel } from '../../src/engine/model/initialise';
import { saveLanguageModel } from '../../src/engine/model/language-model-files';
import type { TrainParams } from '../../src/engine/tasks/protocol';
import type { TaskContext } from '../../src/engine/tasks/task-context';
import { TokenShardsWriter } from '../../src/engine/text/token-shards-writer';
import { Vocabulary } from '../../src/engine/text/vocabulary';
import { Random } from '../../src/engine/train/random';
import { CancelledError } from '../../src/shared/errors';
import type { ProgressEvent } from '../../src/shared/jobs';

const specials = ['xxunk', 'xxpad', 'xxbos', 'xxeos', 'xxfld', 'xxrep', 'xxwrep', 'xxup', 'xxmaj'];
const words = Array.from({ length: 51 }, (_, i) => `word${i}`);

/** What the tiny pretrained model knows besides. */
export const wordsInNoText = ['beyond0', 'beyond1'];

/** A folder with token shards of 160 documents of two classes, told apart by which words they hold, and a tiny model. */
export async function makeTinyProject(): Promise<{ folder: string; params: TrainParams; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'thaw-train-'));
  const random = new Random(7);
  const vocabulary = new Vocabulary([...specials, ...words]);
  const writer = await TokenShardsWriter.create(join(folder, 'text'), vocabulary);
  const labels: number[] = [];
  for (let d = 0; d < 160; d++) {
    const label = d % 2;
    labels.push(label);
    const length = 5 + random.below(40);
    const ids = [
      2,
      ...Array.from(
        { length },
        () => 9 + (random.uniform() < 0.4 ? label * 10 + random.below(10) : 20 + random.below(31)),
      ),
    ];
    await writer.append(ids);
  }
  await writer.finish();
  await saveTinyModel(join(folder, 'pretrained'), vocabulary.itos);
  const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);
  const labelled = (from: number, to: number) => ({
    documents: range(from, to),
    labelOffsets: range(0, to - from + 1),
    labels: Int32Array.from(labels.slice(from, to)),
  });
  const params: TrainParams = {
    runDir: join(folder, 'run'),
    shardsDir: join(folder, 'text'),
    outDir: join(folder, 'out'),
    labels: ['even', 'odd'],
    multiLabel: false,
    languageModelTrain: range(0, 120),
    languageModelValid: range(120, 160),
    train: labelled(0, 120),
    valid: labelled(120, 160),
    request: { preset: 'quick', seed: 3, fineTuneLanguageModel: true, classWeights: false, options: {} },
    pretrainedDir: join(folder, 'pretrained'),
    resume: false,
    tokenizer: {},
  };
  return { folder, params, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function saveTinyModel(folder: string, itos: readonly string[]): Promise<void> {
  // Four words are missing, so that the stage for new rows has something to do; two are in no text.
  const known = [...itos.slice(0, -4), ...wordsInNoText];
  const config = {
    kind: 'awd-lstm',
    vocabulary: known.length,
    embedding: 12,
    hidden: 16,
    layers: 2,
    padding: 1,
  } as const;
  const tensors = freshLanguageModel(config, new Random(1));
  const file = {
    format: 'thaw-language-model',
    version: 1,
    name: 'tiny',
    encoder: config,
    backward: false,
    tokenizer: {},
    facts: {},
  } as const;
  await saveLanguageModel(folder, file, tensors, known, 'F32');
}

/** A task context that keeps the events and can cancel at the n-th breath. */
export function contextFor(
  kernels: Kernels,
  cancelAt = Infinity,
): TaskContext & { readonly events: ProgressEvent[]; breaths: number } {
  const events: ProgressEvent[] = [];
  return {
    kernels,
    events,
    breaths: 0,
    report: (event) => void events.push(event),
    async breathe() {
      this.breaths++;
      if (this.breaths >= cancelAt) throw new CancelledError();
    },
  };
}
