import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { AppError } from '../../../shared/errors';

/** Milliseconds that a proxy may take to answer. */
const proxyTimeout = 30_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for an address: `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` (small letters first),
 * unless `NO_PROXY` lists the host; null for none. As curl does, `HTTP_PROXY` in capitals counts too.
 * @throws AppError `bad-input` where it is no http or https address
 */
export function proxyFor(url: URL, env: Environment): URL | null {
  const named = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const value = named(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? named('ALL_PROXY');
  if (value === undefined || isExempt(url, named('NO_PROXY') ?? '')) return null;
  const proxy = URL.parse?.(value.includes('://') ? value : `http://${value}`) ?? parseUrl(value);
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw new AppError('bad-input', `The environment names "${value}" as the proxy; only http and https proxies are used.`, {
    hint: 'Set HTTPS_PROXY to an address such as http://proxy.example:3128, or unset it.',
  }); // prettier-ignore
}

/** `URL.parse` came with Node 22.1. */
function parseUrl(value: string): URL | null {
  try {
    return new URL(value.includes('://') ? value : `http://${value}`);
  } catch {
    return null;
  }
}

/** `NO_PROXY`: hosts parted by commas, with or without port; `.example.org` and `example.org` both cover sub-domains. */
function isExempt(url: URL, list: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, host = '', ownPort] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\*?\./, '')) ?? [];
      if (ownPort !== undefined && ownPort !== port) return false;
      return url.hostname === host || url.hostname.endsWith(`.${host}`);
    });
}

/** The header by which a proxy knows who asks; empty where its address names nobody. */
export function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const who = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(who).toString('base64')}` };
}

/**
 * An encrypted connection to a server through a proxy (HTTP CONNECT): the proxy sees the host's name and nothing else.
 * @throws AppError `network` where the proxy refuses or does not answer
 */
export async function tunnelThrough(proxy: URL, url: URL, signal: AbortSignal): Promise<Socket> {
  const target = `${url.hostname}:${url.port || 443}`;
  const socket = await new Promise<Socket>((resolve, reject) => {
    const ask = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = ask({
      host: proxy.hostname,
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { Host: target, ...proxyHeaders(proxy) },
      timeout: proxyTimeout,
      signal,
    });
    request.on('connect', (response, connection) => {
      if (response.statusCode === 200) return resolve(connection);
      connection.destroy();
      reject(refused(proxy, target, `it answered ${response.statusCode} ${response.statusMessage ?? ''}`.trim()));
    });
    request.on('timeout', () => request.destroy(refused(proxy, target, 'it did not answer within 30 seconds')));
    request.on('error', (error) => reject(signal.aborted ? error : refused(proxy, target, error.message, error)));
    request.end();
  });
  const secure = tlsConnect({ socket, servername: url.hostname });
  await new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve);
    secure.once('error', reject);
  });
  return secure;
}

function refused(proxy: URL, target: string, why: string, cause?: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('network', `The proxy ${proxy.host} gave no way to ${target}: ${why}.`, {
    hint: 'Check HTTPS_PROXY and NO_PROXY, or the name and password in it.',
    data: { proxy: proxy.host, target },
    cause,
  });
}
