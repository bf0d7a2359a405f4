import type { IncomingMessage } from 'node:http';
import { Refused } from './refused';

/** The names by which this machine calls itself. A page elsewhere can make its own name lead here, but not these. */
const ownHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/**
 * Checks who asks: the Host header must name this machine (else a page of the web could reach the server by DNS rebinding),
 * and a page of a browser must come from an origin that was allowed.
 *
 * @param allowed origins of `--allow-origin`
 * @returns the origin that may read the answer, or null where no page asks
 * @throws Refused 403
 */
export function allowedOrigin({ headers }: IncomingMessage, allowed: readonly string[]): string | null {
  const { host = '', origin } = headers;
  if (!ownHost.test(host)) {
    throw new Refused(403, 'bad-input', `Expected a Host header of this machine, got ${JSON.stringify(host)}.`, {
      hint: 'Ask for http://127.0.0.1 or http://localhost, with the port. This server answers this machine only.',
    });
  }
  if (origin === undefined) return null;
  if (allowed.includes(origin)) return origin;
  // The server's own page; that of another server on this machine has another port, and is asked about like any other.
  if (origin.toLowerCase() === `http://${host}`.toLowerCase()) return null;
  throw new Refused(403, 'bad-input', `Pages of ${origin} are not allowed to ask this model.`, {
    hint: `Start it with: thaw serve --allow-origin ${origin}`,
  });
}

/** The headers with which a browser lets a page of that origin read the answer. */
export function originHeaders(origin: string | null): Readonly<Record<string, string>> {
  return origin === null ? {} : { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' };
}

/** What a browser is told that asks before it sends a page's request. */
export function preflightHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const local = headers['access-control-request-private-network'] === 'true';
  return {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Max-Age': '600',
    ...(local ? { 'Access-Control-Allow-Private-Network': 'true' } : {}),
  };
}
