import type { IncomingMessage } from 'node:http';
import { Refused } from './refused';

/** A request's body may have so many bytes. */
export const mostBytes = 10_000_000;
/** Of a body that is too large so much is still taken off the line, so that whoever sends it hears the answer. */
const mostDrained = 100_000_000;

/**
 * A request's body as JSON.
 * @throws Refused 415 for another type, 413 where it is too large, 400 where it is not UTF-8 or not JSON
 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refused(
      415,
      'bad-input',
      `Expected Content-Type: application/json, got ${type === '' ? 'none' : type}.`,
      {
        hint: 'Send the texts as JSON, with the header Content-Type: application/json.',
      },
    );
  }
  return parsed(await readBytes(request));
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= mostBytes) pieces.push(piece);
    else pieces.length = 0;
    if (bytes > mostDrained) break;
  }
  if (bytes <= mostBytes) return Buffer.concat(pieces, bytes);
  throw new Refused(413, 'bad-input', `Expected a body of at most ${mostBytes / 1e6} MB, got more.`, {
    hint: 'Send the texts in several requests, or use thaw predict --data FILE --out FILE for files of any size.',
    headers: { Connection: 'close' },
  });
}

function parsed(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refused(400, 'encoding', 'The body is not UTF-8.', { hint: 'JSON is sent as UTF-8.' });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refused(400, 'bad-input', `The body is not JSON: ${(error as Error).message}.`, {
      hint: 'Send for instance {"texts": ["a text"]}.',
    });
  }
}
