import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import { ModelServer } from '../../src/main/host/serve/model-server';
import { writeAbstainBelow } from '../../src/main/host/classifier-folder';
import type { GivenLabels } from '../../src/main/host/scoring';
import { startThaw, thaw } from './cli-process';
import { writeChanceFolder } from '../helpers/served-classifier';

/** A model over HTTP, with the real engine behind it; what the model has learned does not matter here. */

const texts = [
  'a warm and funny film',
  'where is my parcel ?',
  'paid twice',
  '',
  'the very same words again and again',
];
const mails = [
  { subject: 'parcel', body: 'where is it ?', id: 1 },
  { subject: null, body: 'paid twice' },
  { subject: 'funny', body: 7 },
];

let folder: string;
/** From so sure on the films' classifier answers. */
let limit: number;
let host: EngineHost;
let films: ModelServer;
let teams: ModelServer;
const modelOf = (name: string): string => path.join(folder, name);

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly predictions: GivenLabels[];
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

async function ask(server: ModelServer, body: unknown, more: RequestInit = {}): Promise<Answered> {
  const response = await fetch(`${server.url}/predict`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    ...more,
  });
  return { ...((await response.json()) as object), status: response.status, headers: response.headers } as Answered;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-serve-'));
  const words = [...texts, 'it subject body'];
  await writeChanceFolder(modelOf('films'), { labels: ['good', 'bad', 'so-so'], columns: ['text'], texts: words }); // prettier-ignore
  await writeChanceFolder(modelOf('teams'), { labels: ['billing', 'delivery <b>'], columns: ['subject', 'body'], thresholds: [0.4, 0.5], texts: words }); // prettier-ignore
  host = new EngineHost();
  // As sure as the middle one of them: so some are answered, and some are not.
  const sure = (await host.scoring.predictTexts(modelOf('films'), texts)).map(
    ({ labels }) => labels[0]?.probability ?? 0,
  );
  limit = [...sure].sort((a, b) => a - b)[2] ?? 0;
  await writeAbstainBelow(modelOf('films'), limit);
  const allowOrigins = ['http://localhost:3000'];
  films = await ModelServer.start(host.scoring, modelOf('films'), { port: 0, allowOrigins });
  teams = await ModelServer.start(host.scoring, modelOf('teams'), { port: 0, allowOrigins: [] });
}, 120_000);
afterAll(async () => {
  await Promise.all([films.close(), teams.close()]);
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a served model', () => {
  it('answers what thaw predict says, and nothing where it is not sure enough', async () => {
    const { status, predictions } = await ask(films, { texts });
    expect(status).toBe(200);
    const inside = await host.scoring.predictTexts(modelOf('films'), texts);
    expect(predictions.map(({ labels }) => labels)).toEqual(inside.map(({ labels }) => labels));
    for (const { label, given, labels } of predictions) {
      const [best] = labels;
      expect(label).toBe((best?.probability ?? 0) < limit ? null : best?.label);
      expect(given).toEqual(label === null ? [] : [label]);
    }
    const named = new Set(predictions.map(({ label }) => label === null));
    expect(named).toEqual(new Set([true, false])); // both kinds are among these texts
  });

  it('takes rows by the columns of the model, in any order and with others beside them', async () => {
    const { predictions } = await ask(teams, { rows: mails });
    const lines = ['parcel\nwhere is it ?', '\npaid twice', 'funny\n7'];
    const inside = await host.scoring.predictTexts(modelOf('teams'), lines);
    expect(predictions.map(({ labels }) => labels)).toEqual(inside.map(({ labels }) => labels));
    for (const { given, labels } of predictions) {
      const limits: Readonly<Record<string, number>> = { billing: 0.4, 'delivery <b>': 0.5 };
      const expected = labels.filter(({ label, probability }) => probability >= (limits[label] ?? 1));
      expect([...given].sort()).toEqual(expected.map(({ label }) => label).sort());
    }
    const reversed = mails.map(({ subject, body }) => ({ body, subject }));
    expect((await ask(teams, { rows: reversed })).predictions).toEqual(predictions);
    expect((await ask(teams, { texts: lines })).predictions).toEqual(predictions);
    expect((await ask(films, { rows: [{ text: texts[0] }] })).predictions).toEqual((await ask(films, { texts: [texts[0]] })).predictions); // prettier-ignore
  });

  it('says what it is, as JSON and as a page without anything from elsewhere', async () => {
    const model = (await (await fetch(`${teams.url}/model`)).json()) as unknown;
    const labels = ['billing', 'delivery <b>'];
    expect(model).toEqual({ labels, multiLabel: true, columns: ['subject', 'body'], abstainBelow: 0, thresholds: [0.4, 0.5], version: '0.1.0' }); // prettier-ignore
    const page = await fetch(teams.url);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain('delivery &lt;b&gt;');
    expect(html).not.toMatch(/<b>|<script|src=|href=/);
    expect(html).toContain(`${teams.url}/predict`);
    expect((await fetch(films.url, { method: 'HEAD' })).status).toBe(200);
  });

  it('labels many texts in one request, but no more than ten thousand', async () => {
    const many = Array.from({ length: 2_000 }, (_, i) => texts[i % texts.length] ?? '');
    const { predictions } = await ask(films, { texts: many });
    expect(predictions).toHaveLength(2_000);
    const few = (await ask(films, { texts })).predictions;
    for (const i of [0, 1_234, 1_999]) {
      const own = few[i % texts.length];
      expect(predictions[i]?.label).toBe(own?.label);
      expect(predictions[i]?.labels[0]?.probability).toBeCloseTo(own?.labels[0]?.probability ?? 0, 5);
    }
    expect(await ask(films, { texts: Array.from({ length: 10_001 }, () => 'a') })).toMatchObject({
      status: 413,
      error: { code: 'bad-input' },
    });
    expect((await ask(films, { texts: [] })).predictions).toEqual([]);
  }, 60_000);

  it('answers requests that come at once each with its own', async () => {
    const both = await Promise.all([ask(films, { texts }), ask(teams, { rows: mails }), ask(films, { texts: texts.slice(1) })]); // prettier-ignore
    expect(both.map(({ predictions }) => predictions.length)).toEqual([5, 3, 4]);
    expect(both[2]?.predictions[0]?.labels).toEqual(both[0]?.predictions[1]?.labels.map((label) => ({ ...label, probability: expect.closeTo(label.probability, 5) as number }))); // prettier-ignore
  });
});

describe('a request that does not fit', () => {
  it('is told what was expected, what came, and what to send', async () => {
    const cases: [unknown, RegExp][] = [
      ['{"texts": [', /not JSON/],
      [Uint8Array.from([0x7b, 0xff, 0x7d]), /not UTF-8/],
      [[], /Expected a JSON object, got a list/],
      [{ text: 'a' }, /either "texts" or "rows", got "text"/],
      [{ texts: ['a'], rows: [] }, /got both/],
      [{ texts: 'a' }, /list as "texts", got a string/],
      [{ texts: ['a', 3] }, /string as texts\[1\], got a number/],
      [{ rows: ['a'] }, /object as rows\[0\], got a string/],
      [{ rows: [{ subject: 's', body: {} }] }, /string as rows\[0\]\["body"\], got an object/],
    ];
    for (const [body, message] of cases) {
      const { status, error } = await ask(teams, body);
      expect([status, error?.message]).toEqual([400, expect.stringMatching(message)]);
      expect(error?.hint).toBeTruthy();
    }
    const missing = await ask(teams, { rows: [mails[0], { Subject: 'parcel', body: 'x' }] });
    expect(missing).toMatchObject({ status: 400, error: { code: 'no-such-column' } });
    expect(missing.error?.message).toMatch(
      /rows\[1\] has no "subject": it has "Subject", "body", .* reads "subject", "body"/,
    );
    expect(missing.error?.hint).toContain('{"rows": [{"subject": "…", "body": "…"}]}');
  });

  it('is refused where it is too large, of another kind, or leads nowhere', async () => {
    const large = await ask(films, { texts: ['x'.repeat(11_000_000)] });
    expect(large).toMatchObject({ status: 413, error: { message: expect.stringContaining('10 MB') as string } });
    const form = await ask(films, '{"texts": []}', { headers: { 'Content-Type': 'text/plain' } });
    expect(form).toMatchObject({ status: 415, error: { hint: expect.stringContaining('application/json') as string } });
    expect((await fetch(`${films.url}/elsewhere`)).status).toBe(404);
    expect((await fetch(`${films.url}//`)).status).toBe(404);
    const wrong = await fetch(`${films.url}/predict`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await ask(films, { texts })).status).toBe(200); // and the server goes on
  });

  it('is refused for another name of this machine, and for pages that were not allowed', async () => {
    // By hand: a client of HTTP puts its own name where none is given.
    const withHost = (name: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const socket = connect(films.port, '127.0.0.1');
        socket.on('error', reject);
        socket.once('data', (answer) => {
          socket.destroy();
          resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString('latin1'))?.[1]));
        });
        socket.write(`GET /model HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
      });
    for (const name of ['evil.example', `evil.example:${films.port}`, '127.0.0.1.evil.example', '192.168.0.7', ''])
      expect([name, await withHost(name)]).toEqual([name, 403]);
    for (const name of ['localhost', `127.0.0.1:${films.port}`, `[::1]:${films.port}`])
      expect([name, await withHost(name)]).toEqual([name, 200]);

    const from = (origin: string, method = 'POST'): Promise<Response> =>
      fetch(`${films.url}/predict`, { method, headers: { 'Content-Type': 'application/json', Origin: origin }, ...(method === 'POST' ? { body: '{"texts": []}' } : {}) }); // prettier-ignore
    expect((await from('https://evil.example')).status).toBe(403);
    expect((await from('null')).status).toBe(403);
    expect((await from('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const allowed = await from('http://localhost:3000');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'http://localhost:3000',
    ]);
    const before = await from('http://localhost:3000', 'OPTIONS');
    expect([before.status, before.headers.get('access-control-allow-headers')]).toEqual([204, 'Content-Type']);
    const own = await fetch(`${films.url}/model`);
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });

  it('is heard by this machine only', async () => {
    const outside = Object.values(os.networkInterfaces()).flat().find((one) => one?.family === 'IPv4' && !one.internal); // prettier-ignore
    if (!outside) return; // a machine without a network has no other address
    const refused = await new Promise((resolve) => {
      const socket = connect(films.port, outside.address, () => resolve('connected'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(refused).toBe('ECONNREFUSED');
  });
});

describe('thaw serve', () => {
  it('says where it is, refuses a port that is taken, answers what has come and ends with 0', async () => {
    const running = startThaw(['serve', '--model', modelOf('films'), '--port', '0', '--json']);
    const { url, port } = await new Promise<{ url: string; port: number }>((resolve, reject) => {
      running.child.stdout?.once('data', (chunk: Buffer) => resolve(JSON.parse(chunk.toString('utf8')) as never));
      void running.ended.then(({ code, stderr }) => reject(new Error(`thaw serve ended with ${code}: ${stderr}`)));
    });
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const second = await thaw('serve', '--model', modelOf('teams'), '--port', String(port), '--json');
    expect(second.code).toBe(1);
    expect(second.json()).toMatchObject({
      error: { code: 'busy', hint: expect.stringContaining('--port 0') as string },
    });

    const many = Array.from({ length: 2_000 }, (_, i) => texts[i % texts.length] ?? '');
    const body = JSON.stringify({ texts: many });
    const headers = { 'Content-Type': 'application/json' };
    const asked = fetch(`${url}/predict`, { method: 'POST', headers, body });
    await fetch(`${url}/model`);
    await new Promise((resolve) => setTimeout(resolve, 200)); // until it has come
    running.child.kill('SIGINT');
    const answer = (await (await asked).json()) as Pick<Answered, 'predictions'>;
    expect(answer.predictions).toHaveLength(2_000);
    const { code, stderr } = await running.ended;
    expect([code, stderr.includes('then ending')]).toEqual([0, true]);
  }, 120_000);

  it('ends with 2 where it is called wrongly, with 1 where there is no model', async () => {
    const calls = [['--port', '70000'], ['--allow-origin', '*'], ['--allow-origin', 'http://localhost:3000/page'], ['--project', 'x']]; // prettier-ignore
    for (const call of calls) {
      const { code } = await thaw('serve', '--model', modelOf('films'), ...call);
      expect([call, code]).toEqual([call, 2]);
    }
    const none = await thaw('serve', '--model', folder, '--port', '0', '--json');
    expect([none.code, none.json()]).toMatchObject([1, { error: { code: 'model-missing' } }]);
  }, 60_000);
});
