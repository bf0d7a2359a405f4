import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, rm, stat, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { writeJsonAtomic } from '../../../engine/weights/atomic-write';
import { fileError } from '../../../engine/weights/file-error';
import { AppError, CancelledError } from '../../../shared/errors';
import { readJson } from '../json-file';
import { httpGet, networkError } from './http-get';

/** What is known of a file before it is fetched. */
export interface FileToDownload {
  readonly url: string;
  /** Where what has come so far lies; beside it `<part>.json` says of which version of the file it is. */
  readonly part: string;
  readonly bytes: number | null;
}

/** How {@link downloadFile} goes about it. */
export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Told after each piece; `total` is null while the server has not said it. */
  readonly onProgress: (done: number, total: number | null) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds before the first new try; each further one waits twice as long. */
  readonly retryDelay?: number;
  /** Bytes that must be free besides what is fetched, for what will be made of it. */
  readonly spare?: (total: number) => number;
}

const versionSchema = z.object({
  url: z.string(),
  /** What the server calls this version of the file: its entity tag, or the time of its last change. */
  validator: z.string(),
  total: z.number().int().positive(),
});
type Version = z.infer<typeof versionSchema>;

/** New tries in a row that brought nothing before giving up. */
const mostTries = 5;
const usualRetryDelay = 1000;

/**
 * Fetches a file into `part`. What an interrupted download has left is gone on from (HTTP range) where the server says
 * that the file is still the same; else it begins anew. A lost connection is taken up again by itself.
 *
 * @returns the size of the file, all of which is in `part` now
 * @throws AppError `network`, `not-found`, `hash-mismatch` (another size than announced), `disk-full`; CancelledError.
 * After `network` and a cancel the part stays for the next time.
 */
export async function downloadFile(file: FileToDownload, options: DownloadOptions): Promise<number> {
  await mkdir(path.dirname(file.part), { recursive: true });
  let tries = 0;
  for (;;) {
    const before = await partBytes(file.part);
    try {
      return await downloadOnce(file, options);
    } catch (error) {
      if (options.signal.aborted) throw new CancelledError('The download was cancelled. It can go on later.');
      if (!(error instanceof AppError) || error.code !== 'network' || error.data?.['passing'] !== true) throw error;
      tries = (await partBytes(file.part)) > before ? 1 : tries + 1;
      if (tries > mostTries) throw error;
      await sleep((options.retryDelay ?? usualRetryDelay) * 2 ** (tries - 1), undefined, {
        signal: options.signal,
      }).catch(() => undefined);
    }
  }
}

async function downloadOnce(file: FileToDownload, options: DownloadOptions): Promise<number> {
  options.signal.throwIfAborted();
  const { url, part } = file;
  const known = await knownVersion(file);
  const have = known === null ? 0 : await partBytes(part);
  if (known !== null && have === known.total) return have;
  const headers: Record<string, string> =
    known === null ? {} : { Range: `bytes=${have}-`, 'If-Range': known.validator };
  const response = await httpGet(url, { headers, env: options.env, signal: options.signal });
  try {
    const start = startOf(response, new URL(url), known, have);
    if (start === null) {
      // The server has another file now than the one that was begun.
      await forgetPart(part);
      throw new AppError('network', `${new URL(url).host} answered with another part than asked for.`, {
        data: { passing: true },
      });
    }
    const total = totalOf(response, start);
    if (file.bytes !== null && total !== null && total !== file.bytes) throw otherSize(url, file.bytes, total);
    await checkSpace(part, (total ?? file.bytes ?? 0) - start, total ?? file.bytes ?? 0, options);
    if (start === 0) await rm(part, { force: true });
    const validator = validatorOf(response);
    if (total !== null && validator !== null) await writeJsonAtomic(versionFile(part), { url, validator, total });
    else await rm(versionFile(part), { force: true });
    const got = await append(response, part, start, total, new URL(url), options);
    if (file.bytes !== null && got !== file.bytes) throw otherSize(url, file.bytes, got);
    return got;
  } finally {
    response.destroy();
  }
}

/** Writes what comes behind what is there. @returns the size then */
async function append(
  response: IncomingMessage,
  part: string,
  start: number,
  total: number | null,
  url: URL,
  { onProgress, signal }: DownloadOptions,
): Promise<number> {
  const handle = await open(part, start === 0 ? 'w' : 'r+').catch((error: unknown) => {
    throw fileError(part, 'write', error);
  });
  let at = start;
  try {
    onProgress(at, total);
    for await (const chunk of response as AsyncIterable<Buffer>) {
      await handle.write(chunk, 0, chunk.length, at).catch((error: unknown) => {
        throw fileError(part, 'write', error);
      });
      at += chunk.length;
      onProgress(at, total);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw networkError(url, error);
  } finally {
    await handle.close();
  }
  if (total !== null && at < total) {
    throw new AppError('network', `${url.host} broke off after ${at} of ${total} bytes.`, {
      hint: 'Try again: the download goes on where it stopped.',
      data: { passing: true },
      says: { sentence: 'brokeOff', host: url.host, n: at, total },
    });
  }
  return at;
}

/** Byte at which the answer begins; null where it is a part that was not asked for. @throws AppError for refusals */
function startOf(response: IncomingMessage, url: URL, known: Version | null, have: number): number | null {
  const { statusCode = 0, headers } = response;
  if (statusCode === 200) return 0;
  if (statusCode === 206) {
    const [, from, all] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
    const same = Number(from) === have && (all === '*' || Number(all) === known?.total);
    return same ? have : null;
  }
  if (statusCode === 416 && known !== null) return null;
  throw refusal(url.host, statusCode, response.statusMessage ?? '');
}

function totalOf({ headers }: IncomingMessage, start: number): number | null {
  const length = Number(headers['content-length'] ?? Number.NaN);
  return Number.isSafeInteger(length) && length > 0 ? start + length : null;
}

/** Only a strong tag, or a time, says that two answers are parts of one file (RFC 9110, 13.1.5). */
function validatorOf({ headers }: IncomingMessage): string | null {
  if (headers.etag !== undefined && !headers.etag.startsWith('W/')) return headers.etag;
  return headers['last-modified'] ?? null;
}

function refusal(host: string, status: number, words: string): AppError {
  const answer = `${host} answered ${status} ${words}`.trim();
  if (status === 404 || status === 410) {
    return new AppError('not-found', `${answer}: the file is not there any more.`, {
      hint: "Look at the model's source page; a file fetched by hand can be taken in with: thaw models import",
      data: { host, status },
    });
  }
  const passing = status >= 500 || status === 429 || status === 408;
  return new AppError('network', `${answer}.`, {
    hint: passing ? 'Try again later.' : 'A proxy or the server refuses this file. Is a sign-in page in the way?',
    data: { host, status, passing },
  });
}

async function knownVersion({ url, part }: FileToDownload): Promise<Version | null> {
  if (!existsSync(part)) return null;
  const version = await readJson(versionFile(part), versionSchema, 'a download', 'file-format').catch(() => null);
  const fits = version?.url === url && (await partBytes(part)) <= version.total;
  return fits ? version : null;
}

async function checkSpace(part: string, missing: number, total: number, { spare }: DownloadOptions): Promise<void> {
  if (typeof statfs !== 'function') return; // it came with Node 18.15
  const { bavail, bsize } = await statfs(path.dirname(part));
  const needed = missing + (spare?.(total) ?? 0);
  if (bavail * bsize >= needed) return;
  const mega = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  throw new AppError('disk-full', `The download needs ${mega(needed)} on the disk of ${path.dirname(part)}; ${mega(bavail * bsize)} are free.`, {
    hint: 'Make room, or set THAW_MODELS to a folder on another disk.',
  }); // prettier-ignore
}

function otherSize(url: string, expected: number, got: number): AppError {
  return new AppError('hash-mismatch', `${url} has ${got} bytes; ${expected} were expected.`, {
    hint: 'The file at its source is another one than the one known here, or something between changes it.',
    data: { url, expected, got },
  });
}

/** Bytes that an interrupted download has left; 0 for none. */
export async function partBytes(part: string): Promise<number> {
  return stat(part).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Throws away what an interrupted download has left. */
export async function forgetPart(part: string): Promise<void> {
  await rm(versionFile(part), { force: true });
  await rm(part, { force: true });
}

/** A hash of a file, or of its first bytes, in hexadecimal digits. */
export async function hashFile(file: string, algorithm: 'sha256' | 'md5', first = Infinity): Promise<string> {
  const hash = createHash(algorithm);
  const end = first === Infinity ? {} : { end: first - 1 };
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, ...end })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const versionFile = (part: string): string => `${part}.json`;
