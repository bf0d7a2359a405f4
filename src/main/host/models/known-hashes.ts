import path from 'node:path';
import { z } from 'zod';
import { writeJsonAtomic } from '../../../engine/weights/atomic-write';
import { readJson } from '../json-file';

const hashSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int(),
  url: z.string(),
  /** When it was first seen, ISO 8601. */
  seenAt: z.string(),
});
/** The archive that a model was first made of. */
export type KnownHash = z.infer<typeof hashSchema>;

const fileSchema = z.record(z.string(), hashSchema);

/**
 * The hashes of archives that were downloaded here (trust on first use): where the source publishes none, a later
 * download must be the same file as the first.
 */
export class KnownHashes {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path.join(folder, 'known-hashes.json');
  }

  /** All of them, by the id of the model. @throws AppError `file-format` */
  async all(): Promise<Readonly<Record<string, KnownHash>>> {
    return (await readJson(this.#file, fileSchema, 'a list of known hashes', 'file-format')) ?? {};
  }

  /** Keeps a hash, in the place of an older one. */
  async keep(id: string, hash: KnownHash): Promise<void> {
    await writeJsonAtomic(this.#file, { ...(await this.all()), [id]: hash });
  }
}
