import { createHash } from 'node:crypto';
import type { KnownSide } from '../../shared/file-types';
import { AppError } from '../../shared/errors';
import type { HeldOut } from './inspection/held-out';
import type { OpenProject } from './open-project';

/** Rows read from the store at a time. */
const atOnce = 2_048;

/**
 * A text as a number of 52 bits, so that a million of them take eight megabytes. Two texts with the same one come up by
 * chance about once in 5,000 files of a million rows against a project of as many.
 */
function textKey(fields: readonly string[]): number {
  const digest = createHash('sha1')
    .update(fields.map((field) => field.trim()).join('\u0000'))
    .digest();
  return digest.readUInt32BE(0) * 2 ** 20 + (digest.readUInt32BE(4) >>> 12);
}

/** The texts that a classifier was trained on and chosen by. */
export class KnownTexts {
  readonly #sides: readonly { readonly side: KnownSide; readonly keys: Float64Array }[];

  private constructor(sides: readonly { readonly side: KnownSide; readonly keys: Float64Array }[]) {
    this.#sides = sides;
  }

  /** From lists of texts, each by its text columns. */
  static of(texts: Readonly<Record<KnownSide, readonly (readonly string[])[]>>): KnownTexts {
    const keys = (side: KnownSide) => ({ side, keys: Float64Array.from(texts[side], textKey).sort() });
    return new KnownTexts([keys('train'), keys('valid')]);
  }

  /**
   * Of the project's classifier, by the texts as they stand in the project now; null where its run is not known (an
   * ensemble, or a run that is gone).
   * @param heldOut gives the rows of the run
   */
  static async load(project: OpenProject, heldOut: () => Promise<HeldOut>): Promise<KnownTexts | null> {
    const rows = await heldOut().catch((error: unknown) => {
      if (error instanceof AppError) return null;
      throw error;
    });
    if (!rows) return null;
    const keysOf = async (ids: Int32Array): Promise<Float64Array> => {
      const keys = new Float64Array(ids.length);
      for (let start = 0; start < ids.length; start += atOnce) {
        const fields = await project.store.cells.fields(ids.subarray(start, start + atOnce));
        fields.forEach((each, i) => (keys[start + i] = textKey(each)));
      }
      return keys.sort();
    };
    return new KnownTexts([
      { side: 'train', keys: await keysOf(rows.train.rows) },
      { side: 'valid', keys: await keysOf(rows.valid.rows) },
    ]);
  }

  /** How the classifier knows exactly this text from its training; null: it does not. Spaces around it do not count. */
  sideOf(fields: readonly string[]): KnownSide | null {
    const key = textKey(fields);
    return this.#sides.find(({ keys }) => holds(keys, key))?.side ?? null;
  }
}

function holds(sorted: Float64Array, key: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === key;
}
