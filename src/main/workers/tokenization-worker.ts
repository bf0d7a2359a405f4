import { parentPort } from 'node:worker_threads';
import { IdBuffer } from '../../engine/text/id-buffer';
import { UNKNOWN_ID } from '../../engine/text/special-tokens';
import { unpackStrings } from '../../engine/text/token-dictionary';
import type { TokenEncoder } from '../../engine/text/token-encoder';
import { createEncoder } from '../../engine/text/tokenizer';
import { AppError, toEnvelope } from '../../shared/errors';
import { encodeAll, TokenizationJob } from './tokenization-job';
import { PieceLearner } from './piece-learner';
import type {
  LookUp,
  LookUpResult,
  NumberedRequest,
  TokenizationReply,
  TokenizationRequest,
  TokenizationResults,
} from './tokenization-protocol';

/** One of the threads that cut texts into tokens. Requests are answered one after the other, in their order. */

const MOST_VOCABULARIES = 4;
const jobs = new Map<number, TokenizationJob>();
const vocabularies = new Map<number, ReadonlyMap<string, number>>();
const encoders = new Map<string, TokenEncoder>();
const ids = new IdBuffer(1 << 12);
const learner = new PieceLearner();

function jobOf(number: number): TokenizationJob {
  const job = jobs.get(number);
  if (job === undefined) throw new AppError('internal', `Tokenization job ${number} is not open in this worker.`);
  return job;
}

function lookUp(request: LookUp): LookUpResult {
  const encoder = encoderFor(request);
  ids.clear();
  const lengths = encodeAll(encoder, request.texts, ids);
  return { ids: Int32Array.from(ids.view()), lengths };
}

function encoderFor(request: LookUp): TokenEncoder {
  if (request.tokens !== null) {
    const tokens = unpackStrings(request.tokens);
    vocabularies.set(request.vocabulary, new Map(tokens.map((token, id) => [token, id])));
    // Of many models used in turn, those longest unused make room; the pool sends the tokens again when needed.
    for (const oldest of vocabularies.keys()) if (vocabularies.size > MOST_VOCABULARIES) forget(oldest);
  }
  const vocabulary = vocabularies.get(request.vocabulary);
  if (vocabulary === undefined)
    throw new AppError('internal', `Vocabulary ${request.vocabulary} is not in this worker.`);
  const { language, model } = request.tokenizer;
  const key = `${request.vocabulary} ${language ?? ''} ${model ?? ''}`;
  const known = encoders.get(key);
  if (known !== undefined) return known;
  const made = createEncoder(request.tokenizer, (token) => vocabulary.get(token) ?? UNKNOWN_ID);
  encoders.set(key, made);
  return made;
}

function forget(vocabulary: number): void {
  vocabularies.delete(vocabulary);
  for (const key of encoders.keys()) if (key.startsWith(`${vocabulary} `)) encoders.delete(key);
}

function answer(
  request: TokenizationRequest,
  onProgress: (share: number) => void,
): TokenizationResults[TokenizationRequest['type']] {
  switch (request.type) {
    case 'begin':
      jobs.set(request.job, new TokenizationJob(request));
      return null;
    case 'encode':
      return jobOf(request.job).encode(request.batch, request.texts);
    case 'dictionary':
      return jobOf(request.job).pack();
    case 'remap':
      jobOf(request.job).remap(request);
      return null;
    case 'end':
      jobs.get(request.job)?.end();
      jobs.delete(request.job);
      return null;
    case 'look-up':
      return lookUp(request);
    case 'sample':
      learner.sample(request.texts);
      return null;
    case 'learn':
      return learner.learn(request, onProgress);
  }
}

function buffersOf(result: TokenizationResults[TokenizationRequest['type']]): ArrayBuffer[] {
  if (result === null) return [];
  if (result instanceof Uint32Array || result instanceof Uint8Array) return [result.buffer as ArrayBuffer];
  const arrays =
    'ids' in result
      ? [result.ids, result.lengths]
      : [result.tokens.units, result.tokens.ends, result.counts, result.firstBatches];
  return arrays.map((array) => array.buffer as ArrayBuffer);
}

if (!parentPort) throw new AppError('internal', 'The tokenization worker was not started as a worker thread.');
const port = parentPort;
port.on('message', ({ id, request }: NumberedRequest) => {
  let reply: TokenizationReply;
  try {
    reply = { id, result: answer(request, (progress) => port.postMessage({ id, progress })) };
  } catch (error) {
    reply = { id, error: toEnvelope(error) };
  }
  port.postMessage(reply, 'result' in reply ? buffersOf(reply.result) : []);
});
