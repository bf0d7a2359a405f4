import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { ShardFolder } from '../../engine/text/shard-folder';
import { packStrings } from '../../engine/text/token-dictionary';
import type { TokenizerOptions } from '../../engine/text/tokenizer';
import type { Vocabulary } from '../../engine/text/vocabulary';
import { CancelledError } from '../../shared/errors';
import { bundleFolder } from '../platform/paths';
import { buffersOf, TextPacker } from './tokenization-batches';
import { ShardBuild, type BuildShardsOptions, type BuiltShards, type DocumentFields } from './tokenization-build';
import { leastLoaded, TokenizationThread } from './tokenization-thread';

/** Documents as token ids: those of document i are `ids[offsets[i], offsets[i + 1])`. */
export interface NumericalisedDocuments {
  readonly ids: Int32Array;
  readonly offsets: Int32Array;
}

/** What `TokenizationPool.learnPieces` needs besides the texts. */
export interface LearnPiecesOptions {
  /** ISO 639-1 code. */
  readonly language: string;
  readonly maxPieces: number;
  /** File with the rules for characters (`resources/sentencepiece/nmt_nfkc.charsmap`). */
  readonly charsmap: string;
  /** Share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Vocabularies that a worker keeps; the same number as in tokenization-worker.ts. */
const VOCABULARIES_KEPT = 4;

let nextVocabulary = 1;
const vocabularyNumbers = new WeakMap<Vocabulary, number>();

/** Cuts texts into tokens in worker threads, one for each core; the threads start with the first use. */
export class TokenizationPool {
  private readonly size: number;
  private readonly workerFile: string;
  private threads: TokenizationThread[] = [];

  /** @param options.workerFile the bundled worker; left out, the one beside the other bundles */
  constructor(options: { readonly workers?: number; readonly workerFile?: string } = {}) {
    this.size = Math.max(1, options.workers ?? coreCount());
    this.workerFile = options.workerFile ?? join(bundleFolder(), 'tokenization-worker.cjs');
  }

  /**
   * Tokenizes documents once, in all workers, into a folder of token shards. Vocabulary, ids and order of the documents
   * do not depend on the number of workers or on timing. Reads `batches` no faster than the workers can follow.
   * @throws CancelledError when the signal is aborted; AppError of the disk or when a worker ends. Nothing is left of
   * an unfinished folder then, and one that was there before is untouched.
   */
  async buildShards(
    batches: AsyncIterable<readonly DocumentFields[]>,
    options: BuildShardsOptions,
  ): Promise<BuiltShards> {
    if (options.signal?.aborted) throw new CancelledError();
    const folder = await ShardFolder.begin(options.dir);
    const build = new ShardBuild(this.liveThreads(), folder, options);
    try {
      await build.encodeAll(batches);
      return await build.finish();
    } catch (error) {
      await build.end();
      await folder.discard();
      throw error;
    }
  }

  /** Ids of documents in a finished vocabulary, in memory: for texts to be classified. */
  async numericalise(
    documents: readonly DocumentFields[],
    vocabulary: Vocabulary,
    tokenizer: TokenizerOptions,
  ): Promise<NumericalisedDocuments> {
    const threads = this.liveThreads();
    const parts: ReturnType<typeof lookUp>[] = [];
    const packer = new TextPacker();
    const send = (): void => {
      parts.push(lookUp(leastLoaded(threads), packer, vocabulary, tokenizer));
    };
    for (const document of documents) {
      packer.add(document);
      if (packer.full) send();
    }
    if (!packer.empty) send();
    const results = await Promise.all(parts);
    const ids = new Int32Array(results.reduce((sum, part) => sum + part.ids.length, 0));
    const offsets = new Int32Array(documents.length + 1);
    let token = 0;
    let document = 0;
    for (const part of results) {
      ids.set(part.ids, token);
      for (const length of part.lengths) {
        token += length;
        offsets[++document] = token;
      }
    }
    return { ids, offsets };
  }

  /**
   * Learns the sub-words of a SentencePiece model from a sample of documents, in a thread of its own.
   * @returns the bytes of a `.model` file
   * @throws CancelledError when the signal is aborted; AppError `bad-input` where there are no words
   */
  async learnPieces(
    batches: AsyncIterable<readonly DocumentFields[]>,
    options: LearnPiecesOptions,
  ): Promise<Uint8Array> {
    const { signal, onProgress, ...learning } = options;
    if (signal?.aborted) throw new CancelledError();
    const thread = new TokenizationThread(this.workerFile);
    const stop = (): void => void thread.close();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const packer = new TextPacker();
      const send = (): Promise<null> => {
        const texts = packer.take();
        return thread.ask({ type: 'sample', texts }, buffersOf(texts));
      };
      for await (const batch of batches) {
        for (const document of batch) {
          packer.add(document);
          if (packer.full) await send();
        }
      }
      if (!packer.empty) await send();
      return await thread.ask({ type: 'learn', ...learning }, [], onProgress);
    } catch (error) {
      throw signal?.aborted ? new CancelledError() : error;
    } finally {
      signal?.removeEventListener('abort', stop);
      await thread.close();
    }
  }

  /** Ends the threads; the pool starts new ones if it is used again. */
  async close(): Promise<void> {
    const { threads } = this;
    this.threads = [];
    await Promise.all(threads.map((thread) => thread.close()));
  }

  /** Threads that ended are replaced. */
  private liveThreads(): readonly TokenizationThread[] {
    this.threads = this.threads.filter((thread) => thread.alive);
    while (this.threads.length < this.size) this.threads.push(new TokenizationThread(this.workerFile));
    return [...this.threads];
  }
}

function lookUp(
  thread: TokenizationThread,
  packer: TextPacker,
  vocabulary: Vocabulary,
  tokenizer: TokenizerOptions,
): Promise<{ readonly ids: Int32Array; readonly lengths: Uint32Array }> {
  const number = vocabularyNumbers.get(vocabulary) ?? nextVocabulary++;
  vocabularyNumbers.set(vocabulary, number);
  const known = thread.vocabularies.has(number);
  const tokens = known ? null : packStrings(vocabulary.itos);
  if (!known) thread.vocabularies.add(number);
  // The worker forgets the vocabularies it got first; the pool must not think it still has them.
  for (const oldest of thread.vocabularies)
    if (thread.vocabularies.size > VOCABULARIES_KEPT) thread.vocabularies.delete(oldest);
  const texts = packer.take();
  const transfer = tokens === null ? buffersOf(texts) : [...buffersOf(texts), ...buffersOf(tokens)];
  return thread.ask({ type: 'look-up', tokenizer, vocabulary: number, tokens, texts }, transfer);
}

/** `availableParallelism` came with Node 18.14. */
function coreCount(): number {
  return typeof availableParallelism === 'function' ? availableParallelism() : cpus().length;
}
