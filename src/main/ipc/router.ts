import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import { invokeChannel, type BridgeAnswer } from '../../shared/bridge';
import {
  engineMethods,
  shellMethods,
  type EngineMethod,
  type ParsedRequest,
  type Response,
  type ShellMethod,
} from '../../shared/contract';
import { AppError, toEnvelope } from '../../shared/errors';

/** One handler for each method that main itself answers. */
export type ShellHandlers = {
  readonly [M in ShellMethod]: (request: ParsedRequest<M>) => Response<M> | Promise<Response<M>>;
};

/** Where calls go to once sender and request were checked. */
export interface RouterOptions {
  readonly isTrusted: (event: IpcMainInvokeEvent) => boolean;
  readonly shell: ShellHandlers;
  readonly engine: (method: EngineMethod, request: unknown) => Promise<unknown>;
  readonly log: (line: string) => void;
}

const isEngineMethod = (method: unknown): method is EngineMethod =>
  typeof method === 'string' && Object.hasOwn(engineMethods, method);
const isShellMethod = (method: unknown): method is ShellMethod =>
  typeof method === 'string' && Object.hasOwn(shellMethods, method);

function parse<T>(schema: z.ZodType<T>, request: unknown, method: string): T {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new AppError('bad-input', `The request of ${method} does not fit: ${z.prettifyError(parsed.error)}`);
}

/**
 * Answers one call of the page.
 * @throws AppError `bad-input` for an unknown method or a request that does not fit its schema, or what the method throws
 */
export async function route(
  options: Pick<RouterOptions, 'shell' | 'engine'>,
  method: unknown,
  request: unknown,
): Promise<unknown> {
  if (isEngineMethod(method))
    return options.engine(method, parse<unknown>(engineMethods[method].request, request, method));
  if (isShellMethod(method)) {
    // The handler and the schema stand under the same name; TypeScript cannot follow that through the union.
    const handler = options.shell[method] as (parsed: unknown) => unknown;
    return handler(parse<unknown>(shellMethods[method].request, request, method));
  }
  throw new AppError('bad-input', `There is no method ${JSON.stringify(method)}.`);
}

/** Listens to the page: the one channel on which it can ask for anything. */
export function listen(ipcMain: IpcMain, options: RouterOptions): void {
  ipcMain.handle(invokeChannel, async (event, method: unknown, request: unknown): Promise<BridgeAnswer> => {
    if (!options.isTrusted(event)) {
      options.log(`A message from ${event.senderFrame?.url ?? 'a frame that is gone'} was refused.`);
      return { ok: false, error: { code: 'bad-input', message: 'This sender is not trusted.' } };
    }
    try {
      return { ok: true, value: await route(options, method, request) };
    } catch (error) {
      const envelope = toEnvelope(error);
      if (envelope.code === 'internal')
        options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return { ok: false, error: envelope };
    }
  });
}
