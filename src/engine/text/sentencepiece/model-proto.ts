import { AppError } from '../../../shared/errors';
import { ProtoReader, ProtoWriter } from './protobuf';

/** Kinds of pieces, with the numbers of sentencepiece_model.proto. */
export const PIECE = { NORMAL: 1, UNKNOWN: 2, CONTROL: 3, USER_DEFINED: 4, UNUSED: 5, BYTE: 6 } as const;
/** Number of a kind of piece, as in {@link PIECE}. */
export type PieceType = (typeof PIECE)[keyof typeof PIECE];

/** One entry of a model; its place in the list is its id. */
export interface Piece {
  readonly text: string;
  readonly score: number; // float32
  readonly type: PieceType;
}

/** How a text is made ready before it is cut, and how it is put together again. */
export interface NormalizerSpec {
  readonly name: string;
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
}

/** What of a `.model` file of SentencePiece matters here: everything that encoding and decoding read. */
export interface ModelProto {
  readonly pieces: readonly Piece[];
  readonly normalizer: NormalizerSpec;
  readonly denormalizerCharsmap: Uint8Array;
  readonly treatWhitespaceAsSuffix: boolean;
  readonly byteFallback: boolean;
  readonly unknownSurface: string;
}

const UNIGRAM = 1;
const TYPES: ReadonlySet<number> = new Set(Object.values(PIECE));

/**
 * Reads a `.model` file of SentencePiece (a protobuf message `ModelProto`).
 * @throws AppError `model-format` where it is none, or not a unigram model
 */
export function parseModelProto(bytes: Uint8Array, file: string): ModelProto {
  const pieces: Piece[] = [];
  let normalizer = parseNormalizer(new Uint8Array(0), file);
  let trainer = { modelType: UNIGRAM, suffix: false, byteFallback: false, unknownSurface: ' \u2047 ' };
  let denormalizerCharsmap: Uint8Array = new Uint8Array(0);
  const reader = new ProtoReader(bytes, file);
  while (reader.more) {
    const field = reader.field();
    if (field === 1) pieces.push(parsePiece(reader.bytes(), file));
    else if (field === 2) trainer = parseTrainer(reader.bytes(), file);
    else if (field === 3) normalizer = parseNormalizer(reader.bytes(), file);
    else if (field === 5) denormalizerCharsmap = parseNormalizer(reader.bytes(), file).charsmap;
    else reader.skip();
  }
  if (trainer.modelType !== UNIGRAM) {
    throw formatError(file, `expected a unigram model (type 1), got type ${trainer.modelType}`);
  }
  const unknown = pieces.filter(({ type }) => type === PIECE.UNKNOWN).length;
  if (unknown !== 1) throw formatError(file, `expected one piece for unknown text, got ${unknown}`);
  const { suffix, byteFallback, unknownSurface } = trainer;
  return {
    pieces,
    normalizer,
    denormalizerCharsmap,
    treatWhitespaceAsSuffix: suffix,
    byteFallback,
    unknownSurface,
  };
}

function parsePiece(bytes: Uint8Array, file: string): Piece {
  const reader = new ProtoReader(bytes, file);
  let text = '';
  let score = 0;
  let type: number = PIECE.NORMAL;
  while (reader.more) {
    const field = reader.field();
    if (field === 1) text = reader.text();
    else if (field === 2) score = reader.float();
    else if (field === 3) type = reader.integer();
    else reader.skip();
  }
  if (text === '' || !TYPES.has(type)) throw formatError(file, `a piece is ${JSON.stringify(text)} of type ${type}`);
  return { text, score, type: type as PieceType };
}

function parseTrainer(bytes: Uint8Array, file: string) {
  const reader = new ProtoReader(bytes, file);
  const found = { modelType: UNIGRAM, suffix: false, byteFallback: false, unknownSurface: ' \u2047 ' };
  while (reader.more) {
    const field = reader.field();
    if (field === 3) found.modelType = reader.integer();
    else if (field === 24) found.suffix = reader.integer() !== 0;
    else if (field === 35) found.byteFallback = reader.integer() !== 0;
    else if (field === 44) found.unknownSurface = reader.text();
    else reader.skip();
  }
  return found;
}

function parseNormalizer(bytes: Uint8Array, file: string): NormalizerSpec {
  const reader = new ProtoReader(bytes, file);
  let name = '';
  let charsmap: Uint8Array = new Uint8Array(0);
  const flags = { 3: true, 4: true, 5: true };
  while (reader.more) {
    const field = reader.field();
    if (field === 1) name = reader.text();
    else if (field === 2) charsmap = reader.bytes();
    else if (field === 3 || field === 4 || field === 5) flags[field] = reader.integer() !== 0;
    else reader.skip();
  }
  return {
    name,
    charsmap,
    addDummyPrefix: flags[3],
    removeExtraWhitespaces: flags[4],
    escapeWhitespaces: flags[5],
  };
}

/** What {@link writeModelProto} notes about the training, for other tools that read the file. */
export interface TrainerNotes {
  readonly characterCoverage: number;
}

/**
 * The bytes of a `.model` file for a unigram model, as the C++ library writes and opens them. There is one piece for
 * unknown text, and none for beginning, end and padding but those that are user-defined.
 */
export function writeModelProto(
  pieces: readonly Piece[],
  normalizer: NormalizerSpec,
  { characterCoverage }: TrainerNotes,
): Uint8Array {
  const model = new ProtoWriter();
  for (const { text, score, type } of pieces) {
    const piece = new ProtoWriter().text(1, text).float(2, score);
    if (type !== PIECE.NORMAL) piece.integer(3, type);
    model.message(1, piece);
  }
  const unknown = pieces.findIndex(({ type }) => type === PIECE.UNKNOWN);
  const trainer = new ProtoWriter().integer(3, UNIGRAM).integer(4, pieces.length).float(10, characterCoverage);
  for (const { text, type } of pieces) if (type === PIECE.USER_DEFINED) trainer.text(31, text);
  trainer.integer(33, 0).integer(40, unknown).integer(41, -1).integer(42, -1).integer(43, -1);
  model.message(2, trainer.text(45, pieces[unknown]?.text ?? '<unk>'));
  model.message(
    3,
    new ProtoWriter()
      .text(1, normalizer.name)
      .bytes(2, normalizer.charsmap)
      .integer(3, Number(normalizer.addDummyPrefix))
      .integer(4, Number(normalizer.removeExtraWhitespaces))
      .integer(5, Number(normalizer.escapeWhitespaces)),
  );
  return model.finish();
}

function formatError(file: string, reason: string): AppError {
  return new AppError('model-format', `${file}: ${reason}.`, {
    hint: 'Choose a unigram model of SentencePiece (a .model file).',
    data: { file },
  });
}
