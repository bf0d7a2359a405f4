import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { IdBuffer } from '../../engine/text/id-buffer';
import { TokenDictionary, type PackedDictionary, type PackedStrings } from '../../engine/text/token-dictionary';
import type { TokenEncoder } from '../../engine/text/token-encoder';
import { createEncoder } from '../../engine/text/tokenizer';
import { fileError } from '../../engine/weights/file-error';
import type { BeginJob, RemapPieces } from './tokenization-protocol';

/** One worker's part of building shards: its dictionary, and its ids in a file of its own until they are final. */
export class TokenizationJob {
  private readonly dictionary = new TokenDictionary();
  private readonly encoder: TokenEncoder;
  private readonly ids = new IdBuffer(1 << 16);
  private readonly pieceFile: string;
  private readonly descriptor: number;

  constructor(request: BeginJob) {
    this.pieceFile = request.pieceFile;
    this.encoder = createEncoder(request.tokenizer, (token) => this.dictionary.idOf(token));
    try {
      this.descriptor = openSync(this.pieceFile, 'wx+');
    } catch (error) {
      throw fileError(this.pieceFile, 'write', error);
    }
  }

  /** Tokenizes the documents of a batch and appends their ids to the file. Returns the length of each in tokens. */
  encode(batch: number, texts: PackedStrings): Uint32Array {
    this.dictionary.beginBatch(batch);
    this.ids.clear();
    const lengths = encodeAll(this.encoder, texts, this.ids);
    const ids = this.ids.view();
    this.dictionary.count(ids);
    try {
      writeFully(this.descriptor, new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength), null);
    } catch (error) {
      throw fileError(this.pieceFile, 'write', error);
    }
    return lengths;
  }

  /** What was counted. */
  pack(): PackedDictionary {
    return this.dictionary.pack();
  }

  /** Writes this worker's pieces with final ids to their places. */
  remap(request: RemapPieces): void {
    let descriptor = -1;
    try {
      descriptor = openSync(request.idsFile, 'r+');
      let read = 0;
      request.counts.forEach((count, i) => {
        this.remapPiece(request, descriptor, read, count, request.places[i] ?? 0);
        read += count;
      });
    } catch (error) {
      throw fileError(request.idsFile, 'write', error);
    } finally {
      if (descriptor >= 0) closeSync(descriptor);
    }
  }

  /** Closes and removes the file. */
  end(): void {
    closeSync(this.descriptor);
    rmSync(this.pieceFile, { force: true });
  }

  private remapPiece(request: RemapPieces, descriptor: number, from: number, count: number, place: number): void {
    const { map, width } = request;
    const ids = new Uint32Array(count);
    readFully(this.descriptor, new Uint8Array(ids.buffer), from * 4);
    const final = width === 2 ? new Uint16Array(count) : ids;
    for (let i = 0; i < count; i++) final[i] = map[ids[i] as number] as number;
    writeFully(descriptor, new Uint8Array(final.buffer), place * width);
  }
}

/** Encodes packed texts one after the other into `ids`; returns the length of each in tokens. */
export function encodeAll(encoder: TokenEncoder, texts: PackedStrings, ids: IdBuffer): Uint32Array {
  const lengths = new Uint32Array(texts.ends.length);
  let start = 0;
  texts.ends.forEach((end, i) => {
    const before = ids.length;
    encoder.encodeUnits(texts.units.subarray(start, end), ids);
    lengths[i] = ids.length - before;
    start = end;
  });
  return lengths;
}

/** `position` null appends. */
function writeFully(descriptor: number, bytes: Uint8Array, position: number | null): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position === null ? null : position + done);
  }
}

function readFully(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const count = readSync(descriptor, bytes, done, bytes.length - done, position + done);
    if (count === 0) throw new Error('a piece of the ids is shorter than it was written');
    done += count;
  }
}
