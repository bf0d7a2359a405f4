import { AppError } from '../../../shared/errors';
import type { CatalogueArchive } from './catalogue';
import { hashFile } from './download-file';
import type { KnownHash } from './known-hashes';

/** fastai's own check reads so many bytes. */
const MEBIBYTE = 2 ** 20;

/**
 * Holds a downloaded archive against what is known of it: the source's hash, fastai's hash of the first mebibyte, and
 * the hash of the first download here.
 * @returns sha256 of the file
 * @throws AppError `hash-mismatch`
 */
export async function checkArchive(
  file: string,
  { url, sha256, firstMebibyteMd5 }: CatalogueArchive,
  known: KnownHash | null,
): Promise<string> {
  if (firstMebibyteMd5 !== null) {
    const first = await hashFile(file, 'md5', MEBIBYTE);
    if (first !== firstMebibyteMd5)
      throw mismatch(url, "fastai's check of the first mebibyte", firstMebibyteMd5, first);
  }
  const whole = await hashFile(file, 'sha256');
  if (sha256 !== null && whole !== sha256) throw mismatch(url, 'the hash that its source publishes', sha256, whole);
  if (sha256 === null && known !== null && known.url === url && known.sha256 !== whole) {
    throw new AppError(
      'hash-mismatch',
      `${url} is another file than on ${known.seenAt.slice(0, 10)}, when it was first downloaded here: its sha256 was ${known.sha256}, now it is ${whole}.`,
      {
        hint: 'Ask its source whether the file was changed on purpose; to accept the new one: thaw models download NAME --trust-new',
        data: { url, expected: known.sha256, got: whole },
      },
    );
  }
  return whole;
}

function mismatch(url: string, what: string, expected: string, got: string): AppError {
  return new AppError('hash-mismatch', `${url} fails ${what}: expected ${expected}, got ${got}.`, {
    hint: 'Nothing of it was kept. Try again; if it fails again, something between changes the file, or its source has.',
    data: { url, expected, got },
  });
}
