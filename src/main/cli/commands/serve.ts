import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { ModelServer } from '../../host/serve/model-server';
import { defaultPort } from '../../../shared/export-snippets';
import type { Run } from '../command';
import { classifierFolder, type ModelFlags } from '../model-folder';
import type { Session } from '../session';

interface ServeFlags extends ModelFlags {
  readonly port: number;
  readonly allowOrigin?: readonly string[];
}

/** `thaw serve`: a classifier that other programs of this machine ask over HTTP. */
export function addServe(program: Command, run: Run): void {
  program
    .command('serve')
    .description('Answer other programs on this machine over HTTP, and nobody else, until Ctrl+C.')
    .option('--model <folder>', 'an exported classifier')
    .option('--project <folder>', 'the classifier of this project')
    .option('--port <port>', 'on 127.0.0.1; 0: one that is free', portOf, defaultPort)
    .option('--allow-origin <origin>', 'pages of this origin may ask too; may be given several times', originOf)
    .addHelpText(
      'after',
      `
GET / says how to ask, GET /model what the model is. POST /predict takes JSON, {"texts": ["…"]} or {"rows": [{"column": "…"}]},
and answers {"predictions": [{"label", "given", "labels": [{"label", "probability"}]}]}.`,
    )
    .action((flags: ServeFlags) => run((session) => serveCommand(session, flags)));
}

/** @throws InvalidArgumentError */
function portOf(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a port: a whole number from 0 to 65535.');
}

/** @throws InvalidArgumentError where it is no origin: a star would let any page of the web in */
function originOf(value: string, before: readonly string[] | undefined): string[] {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isBare = url !== null && url.origin !== 'null' && url.href === `${url.origin}/`;
  if (!isBare) throw new InvalidArgumentError('Expected an origin such as http://localhost:3000, without a path.');
  return [...(before ?? []), url.origin];
}

async function serveCommand({ host, output, interrupts }: Session, flags: ServeFlags): Promise<void> {
  const folder = classifierFolder(flags);
  const { port, allowOrigin: allowOrigins = [] } = flags;
  const server = await ModelServer.start(host.scoring, folder, { port, allowOrigins });
  const { url } = server;
  output.result(
    { url, port: server.port, model: path.resolve(folder) },
    `Serving ${folder} at ${url}, for this machine only. Ctrl+C ends it.`,
  );
  const stop = new AbortController();
  const stopped = new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  const words = 'Answering what has come, then ending … (once more: end at once)';
  await interrupts.during(
    () => stop.abort(),
    () => stopped.then(() => server.close()),
    words,
  );
}
