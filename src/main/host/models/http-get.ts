import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AppError } from '../../../shared/errors';
import { thawVersion } from '../version';
import { proxyFor, proxyHeaders, tunnelThrough } from './proxy';

const mostRedirects = 5;
/** Milliseconds without a byte after which a connection counts as lost. */
const silence = 60_000;

/** Where a GET goes to and what it says. */
export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * Asks a server for a file, through the environment's proxy where there is one. Redirects are followed, never from an
 * encrypted to an open connection; only a server on this machine may be asked without encryption.
 * @returns the answer, whatever its status; the caller reads or destroys it
 * @throws AppError `network`, or `bad-input` for an address that is not asked
 */
export async function httpGet(address: string, options: GetOptions): Promise<IncomingMessage> {
  let url = new URL(address);
  for (let redirects = 0; ; redirects++) {
    checkAddress(url);
    const response = await getOnce(url, options);
    const { statusCode = 0, headers } = response;
    if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return response;
    response.resume(); // the body of a redirect is of no interest
    if (redirects === mostRedirects) {
      throw new AppError('network', `${url.host} sends on and on: ${mostRedirects} redirects led to no file.`);
    }
    url = new URL(headers.location, url);
  }
}

async function getOnce(url: URL, { headers, env, signal }: GetOptions): Promise<IncomingMessage> {
  const proxy = proxyFor(url, env);
  const secure = url.protocol === 'https:';
  const common: RequestOptions = {
    method: 'GET',
    // A server that packs what it sends would make sizes and ranges those of the packed file.
    headers: { 'User-Agent': `thaw/${thawVersion()}`, 'Accept-Encoding': 'identity', ...headers },
    timeout: silence,
    signal,
  };
  if (proxy !== null && !secure) {
    const through = { host: proxy.hostname, port: proxy.port || 80, path: url.href };
    const named = { ...common.headers, Host: url.host, ...proxyHeaders(proxy) };
    return answer(url, signal, httpRequest({ ...common, ...through, headers: named }));
  }
  const socket = proxy === null ? null : await tunnelThrough(proxy, url, signal);
  const ask = secure ? httpsRequest : httpRequest;
  return answer(url, signal, ask(url, { ...common, ...(socket ? { createConnection: () => socket, agent: false } : {}) }));
} // prettier-ignore

function answer(url: URL, signal: AbortSignal, request: ReturnType<typeof httpRequest>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('timeout', () =>
      request.destroy(Object.assign(new Error('no byte came for a minute'), { code: 'ETIMEDOUT' })),
    );
    request.on('error', (error) => reject(signal.aborted ? error : networkError(url, error)));
    request.end();
  });
}

/** Failures after which asking again makes no sense before somebody has done something. */
const unreachable: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known here',
  EAI_AGAIN: 'names of servers cannot be looked up now',
  ECONNREFUSED: 'it takes no connections',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no way to it',
};

/** An error of a connection in plain words; `data.passing` says whether it is worth trying again at once. */
export function networkError(url: URL, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  const why = unreachable[code] ?? (error instanceof Error ? error.message : String(error));
  const certificate = code.startsWith('CERT_') || code.startsWith('ERR_TLS') || /certificate/i.test(why);
  return new AppError('network', `${url.host} cannot be reached: ${why}.`, {
    hint: certificate
      ? 'The certificate of the server is not trusted here. Behind a proxy that reads along, name its certificate with NODE_EXTRA_CA_CERTS.'
      : 'Check the connection. Behind a proxy set HTTPS_PROXY. Or fetch the file elsewhere and take it in with: thaw models import',
    data: { host: url.host, systemCode: code, passing: !certificate && unreachable[code] === undefined },
    says: { sentence: 'noServer', host: url.host },
    cause: error,
  });
}

function checkAddress(url: URL): void {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && local)) return;
  throw new AppError('network', `${url.href} is not asked: only encrypted connections (https) are used.`, {
    data: { url: url.href },
  });
}
