import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadLanguageModel } from '../../src/engine/model/language-model-files';
import { importModel } from '../../src/engine/weights/import-model';
import { catalogue, type CatalogueArchive, type CatalogueEntry } from '../../src/main/host/models/catalogue';
import { ModelLibrary, type LibraryOptions } from '../../src/main/host/models/model-library';
import type { ModelProgress } from '../../src/shared/model-types';
import { startFileServer, type FileServer } from '../helpers/file-server';
import { tarGz } from '../helpers/tar-gz';

const fixtures = path.resolve(__dirname, '../fixtures');
const oracle = (name: string): string => path.join(fixtures, 'parity/small/fastai-files', name);
const archive = tarGz([
  { name: 'wt103/', type: '5' },
  { name: 'wt103/noise.bin', content: randomBytes(400_000) },
  { name: 'wt103/lstm_fwd.pth', content: readFileSync(oracle('model_v2.pth')) },
  { name: 'wt103/itos_wt103.pkl', content: readFileSync(oracle('vocab_v2.pkl')) },
]);
const sha256 = createHash('sha256').update(archive).digest('hex');
const firstMebibyteMd5 = createHash('md5')
  .update(archive.subarray(0, 2 ** 20))
  .digest('hex');

/** Bytes that do not pack, the same each time. */
function randomBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let i = 0, state = 1; i < count; i++) bytes[i] = (state = (state * 48271) % 2147483647) & 255;
  return bytes;
}

let server: FileServer;
let folder: string;
let told: ModelProgress[];
const folders: string[] = [];
beforeAll(async () => {
  server = await startFileServer();
});
afterAll(async () => {
  await server.close();
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'thaw-models-'));
  folders.push(folder);
  told = [];
  server.files.clear();
  server.files.set('/small.tgz', archive);
});
afterEach(() => {
  server.asked.length = 0;
  server.misbehave = null;
  server.breakAfter = null;
});

function library(change: Partial<CatalogueArchive> = {}, options: LibraryOptions = {}): ModelLibrary {
  const [first] = catalogue as readonly [CatalogueEntry];
  const known = { url: `${server.url}/small.tgz`, bytes: null, firstMebibyteMd5: null, sha256: null };
  const entry = { ...first, id: 'small', title: 'Small', archive: { ...first.archive, ...known, ...change } };
  return new ModelLibrary({
    folder,
    env: {},
    catalogue: [entry],
    convert: (model) => importModel(model),
    retryDelay: 1,
    onProgress: (progress) => void told.push(progress),
    ...options,
  });
}
const part = (): string => path.join(folder, '.downloads', 'small.part');

describe('a model of the catalogue', () => {
  it('is listed before anything is fetched, and listing asks no server', async () => {
    const { models, folder: where } = await library({ bytes: archive.length, firstMebibyteMd5 }).list();
    expect(where).toBe(folder);
    expect(models.find(({ id }) => id === 'small')).toMatchObject({
      origin: 'catalogue',
      installed: false,
      folder: null,
      languages: ['en'],
      download: { host: new URL(server.url).host, bytes: archive.length, estimate: null, check: 'first-mebibyte' },
    });
    expect(models.find(({ origin }) => origin === 'shipped')).toMatchObject({ id: 'en-forward', installed: true });
    expect(server.asked).toEqual([]);
  });

  it('becomes a model folder with card, source and hash, and leaves nothing else behind', async () => {
    const models = library({ bytes: archive.length, firstMebibyteMd5, sha256 });
    const model = await models.download('small');
    expect(model).toMatchObject({ installed: true, sha256, trustedOnFirstUse: false, partBytes: 0 });
    const saved = await loadLanguageModel(path.join(folder, 'small'));
    expect(saved.config).toMatchObject({ kind: 'awd-lstm', vocabulary: 40, embedding: 12, hidden: 16, layers: 3 });
    expect(saved.file.facts).toMatchObject({ archiveSha256: sha256, licence: 'Apache-2.0; CC BY-SA 3.0 (Wikipedia)' });
    expect(readFileSync(path.join(folder, 'small', 'README.md'), 'utf8')).toContain(sha256);
    expect(readdirSync(path.join(folder, '.downloads'))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['.downloads', 'known-hashes.json', 'small']);
    expect(told.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1])).toEqual([
      'downloading',
      'checking',
      'unpacking',
      'converting',
      'done',
    ]);
    expect(told.find(({ done }) => done === archive.length)).toMatchObject({ total: archive.length });
    server.asked.length = 0;
    await models.download('small');
    expect(server.asked).toEqual([]);
  });

  it('is taken up where a lost connection left it, by itself', async () => {
    server.breakAfter = 150_000;
    await library({ sha256 }).download('small');
    // What a broken connection still delivers is up to the system; every new try must go on and not begin anew.
    const [first, ...later] = server.asked;
    expect(first).toMatchObject({ status: 200, range: undefined });
    expect(later.length).toBeGreaterThanOrEqual(2);
    expect(new Set(later.map(({ status }) => status))).toEqual(new Set([206]));
    const starts = later.map(({ range }) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]));
    expect(starts[0]).toBeGreaterThan(0);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
  });

  it('is gone on with by the next program after a cancel', async () => {
    server.breakAfter = 100_000;
    const first: ModelLibrary = library(
      { sha256 },
      // Longer than the time between two reports, so that one comes before the file is whole.
      { retryDelay: 400, onProgress: ({ done }) => void (done > 50_000 && first.cancel('small')) },
    );
    await expect(first.download('small')).rejects.toMatchObject({ code: 'cancelled' });
    const kept = statSync(part()).size;
    expect(kept).toBeGreaterThan(50_000);
    expect((await first.show('small')).partBytes).toBe(kept);
    expect(existsSync(path.join(folder, 'small'))).toBe(false);
    server.breakAfter = null;
    server.asked.length = 0;
    expect(await library({ sha256 }).download('small')).toMatchObject({ installed: true });
    expect(server.asked).toEqual([{ path: '/small.tgz', range: `bytes=${kept}-`, status: 206 }]);
  });

  it('begins anew where the server has another file by now', async () => {
    server.breakAfter = 100_000;
    server.files.set('/small.tgz', tarGz([{ name: 'other.pth', content: randomBytes(300_000) }]));
    const first: ModelLibrary = library(
      {},
      // Longer than the time between two reports, so that one comes before the file is whole.
      { retryDelay: 400, onProgress: ({ done }) => void (done > 50_000 && first.cancel('small')) },
    );
    await expect(first.download('small')).rejects.toMatchObject({ code: 'cancelled' });
    server.breakAfter = null;
    server.asked.length = 0;
    server.files.set('/small.tgz', archive);
    expect(await library({ sha256 }).download('small')).toMatchObject({ installed: true });
    expect(server.asked.map(({ status }) => status)).toEqual([200]);
  });

  it.each([
    ['sha256', { sha256: 'a'.repeat(64) }, /the hash that its source publishes/],
    ["fastai's check", { firstMebibyteMd5: 'b'.repeat(32) }, /first mebibyte/],
    ['the size', { bytes: 12 }, /12 were expected/],
  ])('is thrown away where %s is another', async (_what, known, words) => {
    const work = library(known).download('small');
    await expect(work).rejects.toMatchObject({ code: 'hash-mismatch' });
    await expect(work).rejects.toThrow(words);
    expect(existsSync(part())).toBe(false);
    expect(existsSync(path.join(folder, 'small'))).toBe(false);
    expect(told.at(-1)).toMatchObject({ state: 'failed', error: { code: 'hash-mismatch' } });
  });

  it('without a published hash must stay what it was at first, unless the new file is accepted', async () => {
    const models = library();
    expect(await models.download('small')).toMatchObject({ sha256, trustedOnFirstUse: true });
    expect(await models.remove('small')).toMatchObject({ freed: expect.any(Number) as number });
    const other = tarGz([
      { name: 'm.pth', content: readFileSync(oracle('model_v2_with_opt.pth')) },
      { name: 'v.pkl', content: readFileSync(oracle('vocab_v2.pkl')) },
    ]);
    server.files.set('/small.tgz', other);
    const refused = models.download('small');
    await expect(refused).rejects.toMatchObject({ code: 'hash-mismatch' });
    await expect(refused).rejects.toThrow(sha256);
    expect((await models.show('small')).installed).toBe(false);
    const accepted = await models.download('small', true);
    expect(accepted.sha256).toBe(createHash('sha256').update(other).digest('hex'));
  });

  it('that is gone is said to be gone, and refusals are not asked again', async () => {
    server.files.clear();
    await expect(library().download('small')).rejects.toMatchObject({ code: 'not-found', data: { status: 404 } });
    expect(server.asked).toHaveLength(1);
    server.misbehave = (_request, response) => {
      response.writeHead(403).end();
      return true;
    };
    await expect(library().download('small')).rejects.toMatchObject({ code: 'network', data: { status: 403 } });
    expect(server.asked).toHaveLength(2);
  });

  it('is asked for again while the server is overloaded, and not for ever', async () => {
    server.misbehave = (_request, response) => {
      response.writeHead(503).end();
      return true;
    };
    await expect(library().download('small')).rejects.toMatchObject({ code: 'network', data: { status: 503 } });
    expect(server.asked).toHaveLength(6);
  });

  it('says so where there is no server, without trying on', async () => {
    const url = 'http://127.0.0.1:9/small.tgz';
    const work = library({ url }).download('small');
    await expect(work).rejects.toMatchObject({ code: 'network', data: { host: '127.0.0.1:9', passing: false } });
    await expect(work).rejects.toThrow(/takes no connections/);
  });

  it('follows redirects, but never to an open connection elsewhere', async () => {
    server.misbehave = (request, response) => {
      if (request.url !== '/small.tgz') return false;
      response.writeHead(302, { Location: '/real.tgz' }).end();
      return true;
    };
    server.files.set('/real.tgz', archive);
    expect(await library({ sha256 }).download('small')).toMatchObject({ installed: true });
    server.misbehave = (_request, response) => {
      response.writeHead(302, { Location: 'http://example.org/small.tgz' }).end();
      return true;
    };
    const models = library();
    await models.remove('small');
    await expect(models.download('small')).rejects.toThrow(/only encrypted connections/);
  });

  it('is no archive where a sign-in page came in its place', async () => {
    server.files.set('/small.tgz', Buffer.from('<html>Sign in to the network</html>'));
    await expect(library().download('small')).rejects.toMatchObject({ code: 'model-format' });
    expect(existsSync(part())).toBe(false);
  });

  it('is fetched through the proxy of the environment, but for hosts that are exempt', async () => {
    const seen: string[] = [];
    server.misbehave = (request, response) => {
      if (!request.url?.startsWith('http://')) return false;
      seen.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
      response.writeHead(200, { 'Content-Length': archive.length }).end(archive);
      return true;
    };
    const proxy = server.url.replace('http://', 'http://me:secret@');
    const url = 'http://localhost:9/small.tgz';
    await library({ url, sha256 }, { env: { HTTP_PROXY: proxy } }).download('small');
    expect(seen).toEqual([`${url} Basic ${Buffer.from('me:secret').toString('base64')}`]);
    await library().remove('small');
    const exempt = library({ url }, { env: { HTTP_PROXY: proxy, NO_PROXY: 'example.org, localhost' } });
    await expect(exempt.download('small')).rejects.toThrow(/localhost:9 cannot be reached/);
  });

  it('comes from the mirror of an organisation where one is named', async () => {
    server.files.set('/mirror/other.tgz', archive);
    const models = library(
      { url: 'https://example.org/a/other.tgz', sha256 },
      { env: { THAW_MODEL_MIRROR: `${server.url}/mirror/` } },
    );
    expect(await models.download('small')).toMatchObject({ installed: true });
  });

  it('is fetched once at a time, also by two programs', async () => {
    const models = library({ sha256 });
    const first = models.download('small');
    await expect(models.download('small')).rejects.toMatchObject({ code: 'busy' });
    await first;
    await models.remove('small');
    // 1 is the system's first process: it lives, and is not ours.
    writeFileSync(path.join(folder, '.downloads', 'small.lock'), '1');
    await expect(models.download('small')).rejects.toMatchObject({ code: 'busy', data: { holder: 1 } });
    writeFileSync(path.join(folder, '.downloads', 'small.lock'), '999999999');
    expect(await models.download('small')).toMatchObject({ installed: true });
  });

  it('that the catalogue does not know, or that ships with Thaw, is refused by name', async () => {
    const models = library();
    await expect(models.download('smal')).rejects.toThrow(/no model "smal". It has: small/);
    await expect(models.remove('en-forward')).rejects.toThrow(/ships with Thaw/);
    await expect(models.remove('small')).rejects.toThrow(/not installed/);
  });
});

describe("a model of a person's own files", () => {
  const files = { weights: oracle('model_v2.pth'), vocabulary: oracle('vocab_v2.pkl') };
  const rest = { backward: true, language: 'de', sentencepiece: null, labels: null, multiLabel: false };

  it('stands in the same list, and can be removed', async () => {
    const models = library();
    const { model, saved } = await models.import({ ...files, ...rest, name: 'Unser Modell' });
    expect(saved.kind).toBe('language-model');
    expect(model).toMatchObject({ id: 'unser-modell', origin: 'own', title: 'Unser Modell', backward: true });
    expect(model).toMatchObject({ languages: ['de'], encoder: { vocabulary: 40 } });
    expect(await models.folderOf('unser-modell')).toBe(path.join(folder, 'unser-modell'));
    await expect(models.import({ ...files, ...rest, name: 'unser modell' })).rejects.toThrow(/already/);
    await models.remove('unser-modell');
    expect(existsSync(path.join(folder, 'unser-modell'))).toBe(false);
  });

  it('that cannot be read leaves nothing', async () => {
    const work = library().import({ ...files, vocabulary: files.weights, ...rest, name: 'bad' });
    await expect(work).rejects.toMatchObject({ code: 'model-format' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
