import { join } from 'node:path';
import { tokenize } from '../../src/engine/text/tokenizer';
import { Vocabulary } from '../../src/engine/text/vocabulary';
import { TokenizationPool } from '../../src/main/workers/tokenization-pool';
import type { Bench } from '../bench';
import { corpus } from '../corpus';
import { writeIds, type IdDocuments } from '../ids-file';
import { comparePrecisions } from '../precisions';
import type { DetailedRow } from '../report';

interface LanguageModelSizes {
  readonly vocabulary: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
  readonly batch: number;
  readonly bptt: number;
  readonly steps: number;
}

const languageModels: readonly LanguageModelSizes[] = [
  { vocabulary: 20_000, embedding: 256, hidden: 640, layers: 2, batch: 48, bptt: 64, steps: 3 },
  { vocabulary: 30_000, embedding: 400, hidden: 1152, layers: 3, batch: 32, bptt: 70, steps: 2 },
];
const tinyLanguageModel = { vocabulary: 200, embedding: 16, hidden: 24, layers: 2, batch: 4, bptt: 8, steps: 1 };
const classifier = { vocabulary: 8_000, embedding: 200, hidden: 400, layers: 2 };
const tinyClassifier = { vocabulary: 200, embedding: 16, hidden: 24, layers: 2 };

/** Training steps of language models: tokens a second. */
export async function lmTrain(bench: Bench): Promise<DetailedRow[]> {
  const rows: DetailedRow[] = [];
  for (const spec of bench.options.smoke ? [tinyLanguageModel] : languageModels) {
    const { vocabulary, embedding, hidden, layers, batch, bptt } = spec;
    rows.push(
      await comparePrecisions(bench, {
        section: 'lm-train',
        what: `LM training step, ${vocabulary} / ${embedding} / ${hidden} / ${layers}, batch ${batch}, bptt ${bptt}`,
        unit: 'tokens/s',
        task: 'language-model-step',
        peer: 'language_model_step',
        spec,
        operations: operationsPerToken(spec),
      }),
    );
  }
  return rows;
}

/** Floating-point operations of all matrix products for one token: forward, and twice that backward. */
function operationsPerToken(sizes: Omit<LanguageModelSizes, 'batch' | 'bptt' | 'steps'>): number {
  const { vocabulary, embedding, hidden, layers } = sizes;
  let products = vocabulary * embedding;
  for (let layer = 0; layer < layers; layer++) {
    const inputs = layer === 0 ? embedding : hidden;
    const outputs = layer === layers - 1 ? embedding : hidden;
    products += 4 * outputs * (inputs + outputs);
  }
  return 6 * products;
}

/** Training steps of a classifier, all layers: documents a second. */
export async function classifierTrain(bench: Bench): Promise<DetailedRow[]> {
  const { smoke } = bench.options;
  const sizes = smoke ? tinyClassifier : classifier;
  const [documents, length] = smoke ? [4, 20] : [16, 200];
  const { vocabulary, embedding, hidden, layers } = sizes;
  return [
    await comparePrecisions(bench, {
      section: 'classifier-train',
      what: `classifier training, all layers, ${documents} x ${length} tokens, ${vocabulary} / ${embedding} / ${hidden} / ${layers}`,
      unit: 'documents/s',
      task: 'classifier-train',
      peer: 'classifier',
      spec: { ...sizes, documents, length, steps: smoke ? 1 : 4, work: 'train' },
      operations: (operationsPerToken(sizes) - 6 * vocabulary * embedding) * length,
    }),
  ];
}

/** Prediction of texts of mixed lengths: documents a second. Both get the same token ids. */
export async function predict(bench: Bench): Promise<DetailedRow[]> {
  const { smoke } = bench.options;
  const sizes = smoke ? tinyClassifier : classifier;
  const { name, texts } = await corpus(bench, smoke ? 20 : 1000);
  const file = join(bench.work, 'predict-ids.bin');
  writeIds(file, await numericalise(texts, sizes.vocabulary));
  return [
    await comparePrecisions(bench, {
      section: 'predict',
      what: `prediction, ${texts.length} texts of ${name}, mixed lengths`,
      unit: 'documents/s',
      task: 'classifier-predict',
      peer: 'classifier',
      spec: { ...sizes, file, folder: join(bench.work, 'classifier'), work: 'predict' },
      operations: 0,
    }),
  ];
}

/** Token ids in a vocabulary of the most frequent words of these texts. */
async function numericalise(texts: readonly string[], maxSize: number): Promise<IdDocuments> {
  const counts = new Map<string, number>();
  const fields = texts.map((text) => [text]);
  for (const each of fields) for (const token of tokenize(each)) counts.set(token, (counts.get(token) ?? 0) + 1);
  const vocabulary = Vocabulary.fromCounts(counts, { maxSize, minCount: 1 });
  const pool = new TokenizationPool();
  try {
    return await pool.numericalise(fields, vocabulary, { language: 'en' });
  } finally {
    await pool.close();
  }
}
