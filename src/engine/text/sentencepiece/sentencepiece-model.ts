import { readWholeFileSync } from '../../weights/read-file';
import { Charsmap } from './charsmap';
import { parseModelProto, PIECE, type ModelProto, type Piece } from './model-proto';
import { characterBytes, Normalizer, SPACE_MARK } from './normalizer';
import { Unigram, unitsOf } from './unigram';
import { utf8, utf8Bytes } from './utf8';

/** Name of the SentencePiece model in the folder of a model, or of token shards, of sub-words. */
export const SENTENCEPIECE_FILE = 'sentencepiece.model';

/** A text in pieces. */
export interface EncodedText {
  readonly ids: number[];
  /** The text of each piece; that of unknown characters is these characters. */
  readonly pieces: string[];
}

const REPLACEMENT = '\ufffd';

/**
 * A unigram model of SentencePiece. Encodes and decodes as the C++ library does with the same `.model` file; the tests
 * hold it against that library.
 */
export class SentencePieceModel {
  /** All pieces by id. */
  readonly pieces: readonly Piece[];
  readonly normalizer: Normalizer;
  readonly unigram: Unigram;
  private readonly proto: ModelProto;
  private readonly ids: ReadonlyMap<string, number>;
  private readonly file: string;

  /**
   * @param bytes of a `.model` file
   * @param file its name, for messages
   * @throws AppError `model-format`
   */
  constructor(bytes: Uint8Array, file: string) {
    this.proto = parseModelProto(bytes, file);
    this.file = file;
    const { pieces, normalizer, treatWhitespaceAsSuffix } = this.proto;
    const symbols = pieces.filter(({ type }) => type === PIECE.USER_DEFINED).map(({ text }) => text);
    this.pieces = pieces;
    this.normalizer = new Normalizer(normalizer, symbols, treatWhitespaceAsSuffix, file);
    this.unigram = new Unigram(pieces);
    this.ids = new Map(pieces.map(({ text }, id) => [text, id]));
  }

  /** Opens a `.model` file. @throws AppError `file-not-found`, `file-unreadable`, `model-format` */
  static load(file: string): SentencePieceModel {
    return new SentencePieceModel(readWholeFileSync(file), file);
  }

  /** Id of a piece; that of the unknown piece for a text that is none. */
  idOf(piece: string): number {
    return this.ids.get(piece) ?? this.unigram.unknown;
  }

  /** Cuts a text into pieces (`SentencePieceProcessor::Encode`). */
  encode(text: string): EncodedText {
    const normalized = this.normalizer.normalize(text);
    const { ids, ends } = this.unigram.segment(unitsOf(normalized), 0, normalized.length, 0);
    const encoded: EncodedText = { ids: [], pieces: [] };
    let start = 0;
    let afterUnknown = false;
    ids.forEach((id, i) => {
      const piece = normalized.slice(start, ends[i]);
      start = ends[i] as number;
      const unknown = id === this.unigram.unknown;
      if (unknown && this.proto.byteFallback) this.putBytes(piece, encoded);
      else if (unknown && afterUnknown) encoded.pieces.push(`${encoded.pieces.pop() ?? ''}${piece}`);
      else put(encoded, id, piece);
      afterUnknown = unknown;
    });
    return encoded;
  }

  /** The text of pieces (`SentencePieceProcessor::Decode`). */
  decode(ids: readonly number[]): string {
    const { addDummyPrefix, removeExtraWhitespaces } = this.proto.normalizer;
    let text = '';
    let bytes: number[] = [];
    let atBegin = true;
    let tookSpace = false;
    const flush = (): void => {
      text += decodeBytes(bytes);
      bytes = [];
    };
    for (const id of ids) {
      const piece = this.pieces[id];
      if (piece?.type === PIECE.BYTE) {
        bytes.push(Number.parseInt(piece.text.slice(3, 5), 16));
        continue;
      }
      flush();
      if (tookSpace || text !== '') atBegin = false;
      tookSpace = false;
      if (piece?.type === PIECE.CONTROL) continue;
      if (piece === undefined || piece.type === PIECE.UNKNOWN) {
        text += this.proto.unknownSurface;
        continue;
      }
      const strip = atBegin && (addDummyPrefix || removeExtraWhitespaces) && piece.text.startsWith(SPACE_MARK);
      tookSpace = strip && !removeExtraWhitespaces;
      text += (strip ? piece.text.slice(SPACE_MARK.length) : piece.text).replaceAll(SPACE_MARK, ' ');
    }
    flush();
    return this.denormalize(text);
  }

  private putBytes(piece: string, encoded: EncodedText): void {
    for (const byte of utf8Bytes(piece)) {
      const name = `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
      put(encoded, this.idOf(name), name);
    }
  }

  private denormalize(text: string): string {
    const { denormalizerCharsmap } = this.proto;
    if (denormalizerCharsmap.length === 0) return text;
    const charsmap = new Charsmap(denormalizerCharsmap, this.file);
    const input = utf8Bytes(text);
    const output: number[] = [];
    for (let i = 0; i < input.length;) {
      const rule = charsmap.longest(input, i, input.length);
      output.push(...(rule?.replacement ?? input.subarray(i, i + 1)));
      i += rule?.length ?? 1;
    }
    return utf8(Uint8Array.from(output));
  }
}

function put(encoded: EncodedText, id: number, piece: string): void {
  encoded.ids.push(id);
  encoded.pieces.push(piece);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of characters; each byte that belongs to no character becomes U+FFFD. */
function decodeBytes(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const width = characterBytes(bytes[i] ?? 0);
    const character = strictly(Uint8Array.from(bytes.slice(i, i + width)));
    text += character ?? REPLACEMENT;
    i += character === null ? 1 : width;
  }
  return text;
}

function strictly(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}
