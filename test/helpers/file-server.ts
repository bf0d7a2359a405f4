import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on this machine that hands out files, with ranges, and misbehaves as told. */
export interface FileServer {
  readonly url: string;
  /** What it was asked, oldest first: method, path and the range. */
  readonly asked: { readonly path: string; readonly range: string | undefined; readonly status: number }[];
  /** Files by path. */
  readonly files: Map<string, Buffer>;
  /** Answers in the place of the files; false lets the usual answer happen. */
  misbehave: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** Ends the connection after so many bytes of each answer. */
  breakAfter: number | null;
  close(): Promise<void>;
}

/** Starts a file server on a free port. */
export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, Buffer>();
  const asked: FileServer['asked'][number][] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const note = (status: number): void => void asked.push({ path, range: request.headers.range, status });
    if (state.misbehave?.(request, response)) return note(response.statusCode);
    const file = files.get(path);
    if (!file) {
      note(404);
      response.writeHead(404).end('nothing here');
      return;
    }
    const etag = `"${createHash('md5').update(file).digest('hex')}"`;
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const partly = from !== undefined && request.headers['if-range'] === etag;
    const start = partly ? Number(from) : 0;
    const status = partly ? (start >= file.length ? 416 : 206) : 200;
    note(status);
    const body = file.subarray(start);
    const range = partly ? { 'Content-Range': `bytes ${start}-${file.length - 1}/${file.length}` } : {};
    response.writeHead(status, { ETag: etag, 'Content-Length': body.length, ...range });
    if (state.breakAfter === null || body.length <= state.breakAfter) return void response.end(body);
    response.write(body.subarray(0, state.breakAfter), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: FileServer = {
    url: `http://127.0.0.1:${port}`,
    asked,
    files,
    misbehave: null,
    breakAfter: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}
