import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { AppError } from '../../shared/errors';
import { fileError } from '../weights/file-error';
import { writeBytesAtomic } from '../weights/atomic-write';
import { SPECIAL_TOKENS, UNKNOWN_ID } from './special-tokens';

/** Which tokens a vocabulary takes. */
export interface VocabularyLimits {
  /** Most entries, the nine special tokens included; 60,000 where left out. */
  readonly maxSize?: number;
  /** A token seen less often is left out; 2 where left out. */
  readonly minCount?: number;
  /** Tokens that are taken however rare they are, if they were seen at all (those of a pretrained model). */
  readonly keep?: ReadonlySet<string>;
}

/** The tokens that a model knows, by id: the special tokens first, then by frequency. */
export class Vocabulary {
  /** Token of each id. */
  readonly itos: readonly string[];
  private readonly ids: ReadonlyMap<string, number>;

  /**
   * @param itos tokens by id, without repetition
   * @throws AppError `model-format` where the special tokens are not the first or a token stands twice
   */
  constructor(itos: readonly string[]) {
    this.itos = itos;
    const ids = new Map<string, number>();
    itos.forEach((token, id) => ids.set(token, id));
    const misplaced = SPECIAL_TOKENS.findIndex((token, id) => itos[id] !== token);
    if (misplaced >= 0) {
      const got = itos[misplaced] === undefined ? 'no token' : JSON.stringify(itos[misplaced]);
      throw new AppError(
        'model-format',
        `The vocabulary must begin with ${SPECIAL_TOKENS.join(' ')}; at ${misplaced} it has ${got}.`,
      );
    }
    if (ids.size !== itos.length) {
      const twice = itos.find((token, id) => ids.get(token) !== id);
      throw new AppError('model-format', `The vocabulary holds ${JSON.stringify(twice)} more than once.`);
    }
    this.ids = ids;
  }

  /** How many tokens it holds. */
  get size(): number {
    return this.itos.length;
  }

  /** Id of a token, 0 (`xxunk`) for one that it does not hold. */
  idOf(token: string): number {
    return this.ids.get(token) ?? UNKNOWN_ID;
  }

  /** Whether it holds the token. */
  has(token: string): boolean {
    return this.ids.has(token);
  }

  /**
   * The vocabulary for tokens with their counts (fastai `make_vocab`, plus `keep`): special tokens first, then the most
   * frequent; of equally frequent ones the one that stands first in the map. When there is not room for all, kept tokens
   * and others compete by frequency alone.
   */
  static fromCounts(counts: ReadonlyMap<string, number>, limits: VocabularyLimits = {}): Vocabulary {
    const { maxSize = 60_000, minCount = 2, keep } = limits;
    const special = new Set(SPECIAL_TOKENS);
    const taken: [string, number][] = [];
    for (const [token, count] of counts) {
      if (count > 0 && (count >= minCount || keep?.has(token) === true) && !special.has(token))
        taken.push([token, count]);
    }
    // Array.prototype.sort is stable: ties stay in the order of the map.
    taken.sort((a, b) => b[1] - a[1]);
    const room = Math.max(0, maxSize - SPECIAL_TOKENS.length);
    return new Vocabulary([...SPECIAL_TOKENS, ...taken.slice(0, room).map(([token]) => token)]);
  }

  /** Reads a vocabulary.json. @throws AppError `file-not-found`, `file-unreadable` or `model-format` */
  static async load(file: string): Promise<Vocabulary> {
    return parse(
      file,
      await readFile(file, 'utf8').catch((error: unknown) => {
        throw fileError(file, 'read', error);
      }),
    );
  }

  /** {@link Vocabulary.load}, at once. */
  static loadSync(file: string): Vocabulary {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      throw fileError(file, 'read', error);
    }
    return parse(file, text);
  }

  /** Writes it as a plain JSON array, one token a line; the old file stays until the new one is whole. */
  async save(file: string): Promise<void> {
    await writeBytesAtomic(file, vocabularyJson(this));
  }
}

/** Most words of texts and pretrained model together that a classifier is given. */
const MOST_WORDS = 60_000;

/**
 * The words of a pretrained model that texts have not: a classifier that was trained on these texts can read them all the
 * same. The most frequent ones, in the model's order, up to 60,000 words in all.
 */
export function unseenWords(itos: readonly string[], pretrained: readonly string[]): readonly string[] {
  const seen = new Set(itos);
  return pretrained.filter((word) => !seen.has(word)).slice(0, Math.max(0, MOST_WORDS - itos.length));
}

/** The text of a vocabulary.json. */
export function vocabularyJson(vocabulary: Vocabulary): string {
  return `[\n${vocabulary.itos.map((token) => JSON.stringify(token)).join(',\n')}\n]\n`;
}

function parse(file: string, text: string): Vocabulary {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('model-format', `${file}: expected a JSON array of tokens, got text that is not JSON.`, {
      cause,
    });
  }
  if (!Array.isArray(value) || !value.every((token): token is string => typeof token === 'string')) {
    throw new AppError('model-format', `${file}: expected a JSON array of strings.`, { data: { file } });
  }
  try {
    return new Vocabulary(value);
  } catch (error) {
    if (error instanceof AppError)
      throw new AppError(error.code, `${file}: ${error.message}`, { data: { file }, cause: error });
    throw error;
  }
}
