import { closeSync, openSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { idWidth } from '../../engine/text/shard-files';
import type { ShardFolder } from '../../engine/text/shard-folder';
import { UNKNOWN_ID } from '../../engine/text/special-tokens';
import { mergeDictionaries } from '../../engine/text/token-dictionary';
import type { TokenizerOptions } from '../../engine/text/tokenizer';
import { SENTENCEPIECE_FILE } from '../../engine/text/sentencepiece/sentencepiece-model';
import { Vocabulary } from '../../engine/text/vocabulary';
import { CancelledError } from '../../shared/errors';
import { buffersOf, TextPacker } from './tokenization-batches';
import { leastLoaded, type TokenizationThread } from './tokenization-thread';

/** A document as its fields (text columns). */
export type DocumentFields = readonly string[];

/** What `TokenizationPool.buildShards` needs besides the texts. */
export interface BuildShardsOptions {
  /** The folder to make; an older shard folder there is replaced when the new one is complete. */
  readonly dir: string;
  readonly tokenizer: TokenizerOptions;
  /** A finished vocabulary, or how to make one of the words met. */
  readonly vocabulary:
    Vocabulary | { readonly maxSize: number; readonly minCount: number; readonly keep?: ReadonlySet<string> };
  /** Documents and tokens done so far. */
  readonly onProgress?: (documents: number, tokens: number) => void;
  readonly signal?: AbortSignal;
}

/** What `TokenizationPool.buildShards` made. */
export interface BuiltShards {
  readonly vocabulary: Vocabulary;
  readonly documents: number;
  readonly tokens: number;
  /** Share of the tokens that became `xxunk`, 0 to 1. */
  readonly unknownRate: number;
}

interface Piece {
  readonly thread: TokenizationThread;
  lengths: Uint32Array;
  tokens: number;
}

/** Batches per worker that are on their way at most: one in work, one waiting. */
const BATCHES_AHEAD = 2;
let nextJob = 1;

/** One call of `TokenizationPool.buildShards`. */
export class ShardBuild {
  private readonly job = nextJob++;
  private readonly threads: readonly TokenizationThread[];
  private readonly folder: ShardFolder;
  private readonly options: BuildShardsOptions;
  private readonly pieces: Piece[] = [];
  private readonly running = new Set<Promise<void>>();
  private failure: unknown = null;
  private documents = 0;
  private tokens = 0;

  constructor(threads: readonly TokenizationThread[], folder: ShardFolder, options: BuildShardsOptions) {
    this.threads = threads;
    this.folder = folder;
    this.options = options;
  }

  /** The first pass: texts to local ids. */
  async encodeAll(batches: AsyncIterable<readonly DocumentFields[]>): Promise<void> {
    const { job } = this;
    const { tokenizer } = this.options;
    await Promise.all(
      this.threads.map((thread, i) =>
        thread.ask({ type: 'begin', job, tokenizer, pieceFile: join(this.folder.folder, `piece-${i}.bin`) }),
      ),
    );
    const packer = new TextPacker();
    for await (const batch of batches) {
      for (const document of batch) {
        packer.add(document);
        if (packer.full) await this.send(packer);
      }
      this.check();
    }
    if (!packer.empty) await this.send(packer);
    await Promise.all(this.running);
    this.check();
  }

  /** Merges what the workers counted, writes the final ids and puts the folder in place. */
  async finish(): Promise<BuiltShards> {
    const { job, threads } = this;
    const merged = mergeDictionaries(
      await Promise.all(threads.map((thread) => thread.ask({ type: 'dictionary', job }))),
    );
    const wanted = this.options.vocabulary;
    const vocabulary = wanted instanceof Vocabulary ? wanted : Vocabulary.fromCounts(merged.counts, wanted);
    const maps = merged.tokens.map((tokens) => Uint32Array.from(tokens, (token) => vocabulary.idOf(token)));
    this.check();
    await this.remap(maps, idWidth(vocabulary.size));
    await this.end();
    this.check();
    const { model } = this.options.tokenizer;
    // Ids of sub-words mean nothing without the model that made them.
    if (model !== undefined) await copyFile(model, join(this.folder.folder, SENTENCEPIECE_FILE));
    const { documents, tokens } = await this.folder.finish(
      this.pieces.map((piece) => piece.lengths),
      vocabulary,
    );
    return {
      vocabulary,
      documents,
      tokens,
      unknownRate: tokens === 0 ? 0 : unknownTokens(merged.counts, vocabulary) / tokens,
    };
  }

  /** Waits for what is under way and has the workers remove their files. */
  async end(): Promise<void> {
    await Promise.allSettled(this.running);
    await Promise.allSettled(this.threads.map((thread) => thread.ask({ type: 'end', job: this.job })));
  }

  private check(): void {
    if (this.options.signal?.aborted) throw new CancelledError();
    if (this.failure !== null) throw this.failure;
  }

  private async send(packer: TextPacker): Promise<void> {
    while (this.running.size >= this.threads.length * BATCHES_AHEAD) await Promise.race(this.running);
    this.check();
    const texts = packer.take();
    const thread = leastLoaded(this.threads);
    const piece: Piece = { thread, lengths: new Uint32Array(0), tokens: 0 };
    const batch = this.pieces.push(piece) - 1;
    const running: Promise<void> = thread
      .ask({ type: 'encode', job: this.job, batch, texts }, buffersOf(texts))
      .then(
        (lengths) => this.done(piece, lengths),
        (error: unknown) => {
          this.failure ??= error;
        },
      )
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  private done(piece: Piece, lengths: Uint32Array): void {
    piece.lengths = lengths;
    for (const length of lengths) piece.tokens += length;
    this.documents += lengths.length;
    this.tokens += piece.tokens;
    this.options.onProgress?.(this.documents, this.tokens);
  }

  private async remap(maps: readonly Uint32Array[], width: 2 | 4): Promise<void> {
    const idsFile = this.folder.paths.ids;
    closeSync(openSync(idsFile, 'w'));
    let place = 0;
    const places = this.pieces.map((piece) => {
      place += piece.tokens;
      return place - piece.tokens;
    });
    await Promise.all(
      this.threads.map((thread, i) => {
        const own = this.pieces.flatMap((piece, p) => (piece.thread === thread ? [p] : []));
        return thread.ask({
          type: 'remap',
          job: this.job,
          idsFile,
          width,
          map: maps[i] ?? new Uint32Array(0),
          counts: Float64Array.from(own, (p) => this.pieces[p]?.tokens ?? 0),
          places: Float64Array.from(own, (p) => places[p] ?? 0),
        });
      }),
    );
  }
}

function unknownTokens(counts: ReadonlyMap<string, number>, vocabulary: Vocabulary): number {
  let unknown = 0;
  for (const [token, count] of counts) if (vocabulary.idOf(token) === UNKNOWN_ID) unknown += count;
  return unknown;
}
