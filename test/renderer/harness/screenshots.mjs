/**
 * Builds the renderer as the product does, serves it under its own content policy with a fake bridge in place of the
 * preload script, and takes a picture of every screen. Usage: node test/renderer/harness/screenshots.mjs OUT [FILTER]
 * Set CHROMIUM to the browser's executable (default /usr/bin/chromium).
 */
import { createReadStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';

const out = resolve(process.argv[2] ?? 'test-results/renderer');
const filter = process.argv[3] ?? '';
const root = resolve(new URL('.', import.meta.url).pathname, '../../..');
const built = join(out, 'built');
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'";

const wide = { width: 1280, height: 800 };
const small = { width: 900, height: 600 };
const huge = { width: 3840, height: 2160 };

async function openStep(page, step) {
  await page.getByTestId(`rail-${step}`).click();
}

/** name, scene, and what is done before the picture is taken. */
const shots = [
  { name: 'home-first', scene: 'first' },
  { name: 'home', scene: 'home' },
  {
    name: 'home-new',
    scene: 'home',
    act: async (page) => {
      await page.getByTestId('home-new').click();
      await page.getByTestId('home-name').fill('Mails of the autumn');
    },
  },
  {
    name: 'home-error',
    scene: 'broken',
    act: async (page) => {
      await page.getByTestId('rail-home').click();
      await page.getByTestId('home-recent-0').click();
    },
  },
  { name: 'import-choose', scene: 'empty' },
  {
    name: 'import-preview',
    scene: 'empty',
    act: async (page) => {
      await page.getByTestId('import-choose').click();
      await page.getByTestId('import-preview-table').waitFor();
    },
  },
  {
    name: 'import-check',
    scene: 'empty',
    act: async (page) => {
      await page.getByTestId('import-choose').click();
      await page.getByTestId('import-check').click();
      await page.getByTestId('import-check-result').scrollIntoViewIfNeeded();
    },
  },
  { name: 'import-summary', scene: 'labelled', act: (page) => openStep(page, 'import') },
  { name: 'import-summary-many', scene: 'many', act: (page) => openStep(page, 'import') },
  { name: 'label-start', scene: 'unlabelled', act: (page) => openStep(page, 'label') },
  {
    name: 'label',
    scene: 'labelled',
    act: async (page) => {
      await openStep(page, 'label');
      await page.keyboard.press('1');
      await page.keyboard.press('2');
    },
  },
  { name: 'label-many', scene: 'many', act: (page) => openStep(page, 'label') },
  { name: 'label-empty', scene: 'empty', act: (page) => openStep(page, 'label') },
  {
    name: 'train-setup',
    scene: 'labelled',
    act: async (page) => {
      await openStep(page, 'language-model');
      await page.getByTestId('train-plan').getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'train-advanced',
    scene: 'labelled',
    act: async (page) => {
      await openStep(page, 'language-model');
      await page.getByTestId('train-advanced').click();
    },
  },
  { name: 'train-needs-labels', scene: 'unlabelled', act: (page) => openStep(page, 'language-model') },
  { name: 'train-running', scene: 'training', act: (page) => openStep(page, 'language-model') },
  {
    name: 'train-table',
    scene: 'training',
    act: async (page) => {
      await openStep(page, 'language-model');
      await page.getByTestId('train-loss-chart').getByRole('button').click();
    },
  },
  { name: 'classifier-running', scene: 'classifying', act: (page) => openStep(page, 'classifier') },
  { name: 'classifier-empty', scene: 'labelled', act: (page) => openStep(page, 'classifier') },
  { name: 'classifier-done', scene: 'trained', act: (page) => openStep(page, 'classifier') },
  { name: 'inspect-overview', scene: 'trained', act: (page) => openStep(page, 'inspect') },
  {
    name: 'inspect-matrix',
    scene: 'trained',
    act: async (page) => {
      await openStep(page, 'inspect');
      await page.getByTestId('inspect-tab-confusion').click();
    },
  },
  {
    name: 'inspect-cell',
    scene: 'trained',
    act: async (page) => {
      await openStep(page, 'inspect');
      await page.getByTestId('inspect-tab-confusion').click();
      await page.getByTestId('inspect-cell-1-2').click();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'inspect-matrix-many',
    scene: 'many',
    act: async (page) => {
      await openStep(page, 'inspect');
      await page.getByTestId('inspect-tab-confusion').click();
    },
  },
  {
    name: 'inspect-classes',
    scene: 'many',
    act: async (page) => {
      await openStep(page, 'inspect');
      await page.getByTestId('inspect-tab-classes').click();
    },
  },
  {
    name: 'inspect-try',
    scene: 'trained',
    act: async (page) => {
      await openStep(page, 'inspect');
      await page.getByTestId('inspect-tab-try').click();
      await page.getByTestId('inspect-try').fill('The parcel is xylophonical and late.');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'export',
    scene: 'trained',
    act: async (page) => {
      await openStep(page, 'export');
      await page.getByTestId('export-run').click();
      await page.getByTestId('export-done').waitFor();
    },
  },
  { name: 'export-empty', scene: 'labelled', act: (page) => openStep(page, 'export') },
  { name: 'settings', scene: 'trained', act: (page) => page.getByTestId('settings-open').click() },
  {
    name: 'engine',
    scene: 'trained',
    act: (page) => page.getByTestId('engine-foot').getByRole('button').first().click(),
  },
  { name: 'german', scene: 'training', locale: 'de-DE', act: (page) => openStep(page, 'language-model') },
  { name: 'french', scene: 'unlabelled', locale: 'fr-FR', act: (page) => openStep(page, 'label') },
];

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

async function buildPages() {
  const quiet = { configFile: false, logLevel: 'warn' };
  if (process.env.REUSE_BUILD === undefined || !existsSync(built)) {
    rmSync(built, { recursive: true, force: true });
    await build({
      ...quiet,
      root: join(root, 'src/renderer'),
      base: './',
      plugins: [vue()],
      build: { target: 'chrome114', outDir: built, emptyOutDir: true },
    });
  }
  await build({
    ...quiet,
    root,
    publicDir: false,
    build: {
      outDir: join(out, 'script'),
      lib: {
        entry: join(root, 'test/renderer/harness/page-script.ts'),
        formats: ['iife'],
        name: 'thawHarness',
        fileName: () => 'page-script.js',
      },
    },
  });
}

function serve() {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(built, path === '/' ? 'index.html' : path);
    if (!file.startsWith(built) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((ready) => {
    server.listen(0, '127.0.0.1', () => ready(server));
  });
}

async function take(browser, base, shot, viewport, dark) {
  const page = await browser.newPage({
    viewport,
    colorScheme: dark ? 'dark' : 'light',
    locale: shot.locale ?? 'en-GB',
    reducedMotion: 'reduce',
  });
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript({ path: join(out, 'script/page-script.js') });
  if (shot.locale !== undefined)
    await page.addInitScript((language) => {
      window.fake.handlers['shell.settings'] = () => ({ theme: 'system', language });
    }, shot.locale);
  await page.goto(`${base}/?scene=${shot.scene}`);
  await page.getByTestId('engine-foot').waitFor();
  await page.waitForTimeout(250);
  if (shot.act !== undefined) await shot.act(page);
  await page.waitForTimeout(350);
  const name = `${shot.name}-${viewport.width}${dark ? '-dark' : ''}`;
  const overflow = await page.evaluate(
    () =>
      document.documentElement.scrollWidth > innerWidth ||
      [...document.querySelectorAll('main')].some((main) => main.scrollWidth > main.clientWidth + 1),
  );
  await page.screenshot({ path: join(out, `${name}.png`) });
  await page.close();
  return [...complaints, ...(overflow ? ['the page is wider than the window'] : [])].map((text) => `${name}: ${text}`);
}

mkdirSync(out, { recursive: true });
await buildPages();
const server = await serve();
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const complaints = [];
for (const shot of shots.filter(({ name }) => name.includes(filter))) {
  complaints.push(...(await take(browser, base, shot, wide, false)), ...(await take(browser, base, shot, small, true)));
  if (process.env.ALL !== undefined)
    complaints.push(
      ...(await take(browser, base, shot, wide, true)),
      ...(await take(browser, base, shot, small, false)),
    );
  if (process.env.HUGE !== undefined) complaints.push(...(await take(browser, base, shot, huge, false)));
}
await browser.close();
server.close();
console.log(complaints.length === 0 ? 'No complaints.' : complaints.join('\n'));
process.exitCode = complaints.length === 0 ? 0 : 1;
