import { AppError } from '../../../shared/errors';
import { SPECIAL_TOKENS, UNKNOWN } from '../special-tokens';
import { Vocabulary } from '../vocabulary';
import { PIECE } from './model-proto';
import { SPACE_MARK } from './normalizer';
import type { SentencePieceModel } from './sentencepiece-model';

const SPECIAL: ReadonlySet<string> = new Set(SPECIAL_TOKENS);
/** Those that the rules write into texts; a model without the others as symbols encodes every text all the same. */
const WRITTEN = SPECIAL_TOKENS.filter((token) => !['xxunk', 'xxpad', 'xxeos'].includes(token));

/**
 * The token of each piece: special tokens without the mark of the space before them, `xxunk` for what is no text.
 * @throws AppError `model-format` where the special tokens are no symbols of the model, or it falls back to bytes
 */
export function pieceTokens(model: SentencePieceModel): readonly string[] {
  const missing = WRITTEN.filter((token) => model.pieces[model.idOf(SPACE_MARK + token)]?.type !== PIECE.USER_DEFINED);
  const bytes = model.pieces.some(({ type }) => type === PIECE.BYTE);
  if (missing.length > 0 || bytes) {
    const reason = bytes
      ? 'it falls back to bytes'
      : `it lacks the symbols ${missing.map((t) => SPACE_MARK + t).join(' ')}`;
    throw new AppError('model-format', `This SentencePiece model cannot be used as a tokenizer: ${reason}.`, {
      hint: "Use one that Thaw or fastai's SentencePieceTokenizer has trained.",
    });
  }
  return model.pieces.map(({ text, type }) => {
    if (type === PIECE.USER_DEFINED && SPECIAL.has(text.slice(1))) return text.slice(1);
    const isText = type === PIECE.NORMAL || type === PIECE.USER_DEFINED;
    return isText && !SPECIAL.has(text) ? text : UNKNOWN;
  });
}

/** The vocabulary of a model: the special tokens, then all other pieces in their order. */
export function subwordVocabulary(model: SentencePieceModel): Vocabulary {
  return new Vocabulary([...SPECIAL_TOKENS, ...pieceTokens(model).filter((token) => !SPECIAL.has(token))]);
}
