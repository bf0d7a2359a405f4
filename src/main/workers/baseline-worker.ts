import { readFile, stat } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { TfidfBaseline, type TokenDocuments } from '../../engine/evaluate/tfidf-baseline';
import { diverseOrder } from '../../engine/labelling/diverse-order';
import { SimilarityIndex, textRows } from '../../engine/labelling/text-similarity';
import { TokenShards } from '../../engine/text/token-shards';
import { unseenWords, Vocabulary } from '../../engine/text/vocabulary';
import { writeBytesAtomic } from '../../engine/weights/atomic-write';
import { AppError, toEnvelope } from '../../shared/errors';
import type {
  BaselineDocuments,
  BaselineFitRequest,
  BaselineFitResult,
  BaselinePredictRequest,
  BaselinePredictResult,
  BaselineRequest,
  DiverseOrderRequest,
  DiverseOrderResult,
  SimilarRequest,
  SimilarResult,
} from './baseline-protocol';

/** The thread that fits and applies the TF-IDF baseline, so that the engine host stays free to answer. */

/** The baselines used last, by file and time; an ensemble of blends asks several in turn. */
const loaded = new Map<string, TfidfBaseline>();
const mostLoaded = 4;

async function fit(request: BaselineFitRequest): Promise<BaselineFitResult> {
  const stop = new Uint8Array(request.stop);
  const { labelOffsets: offsets, labels, classes, multiLabel, seed, classWeights } = request;
  const words = await wordsOf(request.words);
  const baseline = await withDocuments(request.documents, (documents) =>
    TfidfBaseline.fit(documents, { offsets, labels }, classes, {
      multiLabel,
      seed,
      classWeights,
      words,
      shouldStop: () => Atomics.load(stop, 0) !== 0,
    }),
  );
  if (request.saveTo !== null) await writeBytesAtomic(request.saveTo, baseline.toBytes());
  const probabilities: Float32Array[] = [];
  for (const documents of request.predict)
    probabilities.push(await withDocuments(documents, (each) => baseline.predict(each)));
  return { probabilities };
}

async function wordsOf(words: BaselineFitRequest['words']): Promise<readonly string[] | undefined> {
  if (words === null) return undefined;
  if (!('file' in words)) return words;
  const { itos } = await Vocabulary.load(words.file);
  if (words.pretrained === null) return itos;
  return [...itos, ...unseenWords(itos, (await Vocabulary.load(words.pretrained)).itos)];
}

async function predict(request: BaselinePredictRequest): Promise<BaselinePredictResult> {
  // A new run puts another file in the same place.
  const key = `${request.file} ${(await stat(request.file)).mtimeMs}`;
  const baseline = loaded.get(key) ?? TfidfBaseline.fromBytes(await readFile(request.file));
  loaded.delete(key);
  loaded.set(key, baseline);
  for (const oldest of [...loaded.keys()].slice(0, -mostLoaded)) loaded.delete(oldest);
  return { probabilities: await withDocuments(request.documents, (documents) => baseline.predict(documents)) };
}

async function diverse(request: DiverseOrderRequest): Promise<DiverseOrderResult> {
  const stop = new Uint8Array(request.stop);
  const rows = await withDocuments(request.documents, textRows);
  return { places: diverseOrder(rows, request.labelled, request.limit, () => Atomics.load(stop, 0) !== 0) };
}

async function similar({ documents, compared }: SimilarRequest): Promise<SimilarResult> {
  const rows = await withDocuments(documents, textRows);
  const likeness = new Float32Array(compared);
  new SimilarityIndex(rows, 1, 1 + compared).compare(0, likeness);
  return { likeness };
}

/** Opens the shards for as long as `use` needs them. */
async function withDocuments<T>(
  documents: BaselineDocuments,
  use: (documents: TokenDocuments) => T | Promise<T>,
): Promise<T> {
  if (documents.kind === 'ids') {
    const { ids, offsets } = documents;
    return use({ length: offsets.length - 1, at: (i) => ids.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0) });
  }
  const shards = TokenShards.open(documents.folder);
  try {
    const { documents: positions } = documents;
    return await use({ length: positions.length, at: (i) => shards.read(positions[i] ?? 0) });
  } finally {
    shards.close();
  }
}

function answer(
  request: BaselineRequest,
): Promise<BaselineFitResult | BaselinePredictResult | DiverseOrderResult | SimilarResult> {
  switch (request.type) {
    case 'fit':
      return fit(request);
    case 'predict':
      return predict(request);
    case 'diverse':
      return diverse(request);
    case 'similar':
      return similar(request);
  }
}

if (!parentPort) throw new AppError('internal', 'The baseline worker was not started as a worker thread.');
const port = parentPort;
// One request after the other: a second fit beside the first would take its time.
let turn: Promise<void> = Promise.resolve();
port.on('message', (request: BaselineRequest | { readonly type: 'cancel' }) => {
  if (request.type === 'cancel') return; // the shared byte says it sooner
  turn = turn.then(async () => {
    try {
      port.postMessage({ id: request.id, type: 'result', result: await answer(request) });
    } catch (error) {
      port.postMessage({ id: request.id, type: 'error', error: toEnvelope(error) });
    }
  });
});
