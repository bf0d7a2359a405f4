import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError, CancelledError, toEnvelope } from '../../../shared/errors';
import type { Scoring } from '../scoring';
import { allowedOrigin, originHeaders, preflightHeaders } from './guard';
import { readJsonBody } from './read-body';
import { Refused } from './refused';
import { ServedModel } from './served-model';
import { pagePolicy, usagePage } from './usage-page';

/** This machine only: never another address, so that no text and no model can be reached from a network. */
const address = '127.0.0.1';

/** A body of each may be in memory. */
const mostConnections = 64;
/** Milliseconds in which what has come is answered and fetched once the server is to end. */
const longestFarewell = 300_000;

/** How a model is served. */
export interface ServeOptions {
  /** 0: one that is free. */
  readonly port: number;
  /** Origins of pages that may ask, such as `http://localhost:3000`. */
  readonly allowOrigins: readonly string[];
}

/** What is answered. */
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A classifier folder behind HTTP on this machine: `GET /`, `GET /model`, `POST /predict`. */
export class ModelServer {
  readonly #model: ServedModel;
  readonly #allowed: readonly string[];
  readonly #server: Server;
  /** Requests that have come whole and are not answered yet. */
  readonly #open = new Set<Promise<void>>();
  #closing = false;

  private constructor(model: ServedModel, allowed: readonly string[]) {
    this.#model = model;
    this.#allowed = allowed;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.maxConnections = mostConnections;
  }

  /**
   * Loads a model and begins to answer.
   * @throws AppError `model-missing`, `model-format`; `busy` where the port is taken, `bad-input` where it may not be used
   */
  static async start(scoring: Scoring, folder: string, { port, allowOrigins }: ServeOptions): Promise<ModelServer> {
    const model = new ServedModel(scoring, folder);
    const server = new ModelServer(model, allowOrigins);
    await server.#listen(port); // a port that is taken is said at once, not after the model was loaded
    try {
      await model.warmUp();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** The port that it listens on. */
  get port(): number {
    // A server that listens on TCP has an address of this kind.
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where it is asked. */
  get url(): string {
    return `http://${address}:${this.port}`;
  }

  /** Takes no more requests, answers those that have come, and ends. */
  async close(): Promise<void> {
    this.#closing = true;
    // Closing the server would cut off answers that are not read whole yet; whoever does not read must not hold it for ever.
    await Promise.race([Promise.all([...this.#open]), wait(longestFarewell, undefined, { ref: false })]);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections(); // whoever has not sent a whole request by now
    await closed;
  }

  #listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
      this.#server.listen(port, address, () => resolve());
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let origin: string | null = null;
    try {
      origin = allowedOrigin(request, this.#allowed);
      if (this.#closing) throw new Refused(503, 'busy', 'This server is ending.', { headers: { 'Retry-After': '5' } });
      const [pathname = '/'] = (request.url ?? '/').split('?');
      const body = pathname === '/predict' && request.method === 'POST' ? await readJsonBody(request) : undefined;
      const work = this.#answer(request, response, pathname, body, origin);
      this.#open.add(work);
      await work.finally(() => this.#open.delete(work));
    } catch (error) {
      if (request.destroyed && !request.complete) return; // nobody is there any more
      await this.#send(response, failure(error), origin);
    }
  }

  /** Answers a request that has come whole. */
  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    body: unknown,
    origin: string | null,
  ): Promise<void> {
    let answer: Answer;
    try {
      answer = await this.#answerTo(request, response, pathname, body, origin);
    } catch (error) {
      if (error instanceof CancelledError) return;
      answer = failure(error);
    }
    await this.#send(response, answer, origin);
  }

  async #answerTo(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    body: unknown,
    origin: string | null,
  ): Promise<Answer> {
    const { method = 'GET' } = request;
    const allowed = methodsOf(pathname);
    if (method === 'OPTIONS' && origin !== null) {
      return { status: 204, type: 'text/plain', body: '', headers: preflightHeaders(request) };
    }
    if (!allowed.includes(method)) {
      throw new Refused(405, 'bad-input', `${pathname} is asked with ${allowed[0] ?? ''}, not with ${method}.`, {
        headers: { Allow: allowed.join(', ') },
      });
    }
    if (pathname === '/predict') return json(200, await this.#model.predict(body, () => !response.destroyed));
    const model = await this.#model.describe();
    if (pathname === '/model') return json(200, model);
    const headers = { 'Content-Security-Policy': pagePolicy };
    return { status: 200, type: 'text/html; charset=utf-8', body: usagePage(model, this.port), headers };
  }

  /** Resolves once the answer is on its way, or nobody waits for it any more. */
  #send(response: ServerResponse, { status, type, body, headers }: Answer, origin: string | null): Promise<void> {
    if (response.destroyed) return Promise.resolve();
    const bytes = Buffer.from(body, 'utf8');
    return new Promise((resolve) => {
      response.once('close', resolve);
      // 'finish' comes with the last byte in the system's hands: before it, an answer is not sent.
      response.once('finish', resolve);
      response.writeHead(status, {
        ...(status === 204 ? {} : { 'Content-Type': type, 'Content-Length': bytes.length }),
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        ...(this.#closing ? { Connection: 'close' } : {}),
        ...originHeaders(origin),
        ...headers,
      });
      response.end(bytes);
    });
  }
}

/** @throws Refused 404 */
function methodsOf(pathname: string): readonly string[] {
  if (pathname === '/predict') return ['POST'];
  if (pathname === '/' || pathname === '/model') return ['GET', 'HEAD'];
  throw new Refused(404, 'not-found', `There is nothing at ${pathname}.`, {
    hint: 'GET / says how to use this server, GET /model what the model is, POST /predict labels texts.',
  });
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` };
}

/** An error as `{"error": {code, message, hint}}`, in the form of the command line's. */
function failure(error: unknown): Answer {
  const { code, message, hint } = toEnvelope(error);
  const [status, headers] = error instanceof Refused ? [error.status, error.headers] : [500, {}];
  return { ...json(status, { error: { code, message, hint } }), headers };
}

function listenError(error: NodeJS.ErrnoException, port: number): AppError {
  const more = { data: { port }, cause: error };
  if (error.code === 'EADDRINUSE') {
    const hint = 'Name another one with --port, or take a free one with --port 0.';
    return new AppError('busy', `Port ${port} of this machine is taken by another program.`, { ...more, hint });
  }
  if (error.code === 'EACCES') {
    const hint = 'Ports below 1024 are kept for the system: take one above.';
    return new AppError('bad-input', `Port ${port} may not be used.`, { ...more, hint });
  }
  return new AppError('internal', `Listening on port ${port} failed: ${error.message}.`, more);
}
