import { expect } from '@playwright/test';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from './thaw-app';

test.describe('the window is closed to the outside', () => {
  test('its page has no Node, no Electron and one bridge with three functions', async ({ start }) => {
    const { page } = await start();
    const seen = await page.evaluate(() => ({
      url: location.href,
      globals: ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron'].filter(
        (name) => name in window,
      ),
      bridge: Object.fromEntries(
        Object.entries(Reflect.get(window, 'thaw') as object).map(([name, value]) => [name, typeof value]),
      ),
    }));
    expect(seen).toEqual({
      url: 'app://thaw/index.html',
      globals: [],
      bridge: { invoke: 'function', on: 'function', pathOfFile: 'function' },
    });
  });

  test('its process is sandboxed and isolated', async ({ start }) => {
    const { electron } = await start();
    const preferences = await electron.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return (contents as unknown as { getLastWebPreferences: () => Record<string, unknown> }).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    });
  });

  test('every answer of its scheme carries the policy, and nothing outside of its folder is served', async ({
    start,
  }) => {
    const { electron } = await start();
    const answers = await electron.evaluate(async ({ net }) => {
      const urls = [
        'app://thaw/index.html',
        'app://thaw/..%2f..%2fpackage.json',
        'app://thaw/nothing.js',
        'app://other/index.html',
      ];
      return Promise.all(
        urls.map(async (url) => {
          const answer = await net.fetch(url);
          return { status: answer.status, policy: answer.headers.get('content-security-policy') };
        }),
      );
    });
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 404]);
    for (const { policy } of answers) expect(policy).toContain("default-src 'none'; script-src 'self'");
  });

  test('nothing can be fetched, not even from this machine, and no script can be smuggled in', async ({ start }) => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.setHeader('access-control-allow-origin', '*');
      response.end('<h1>outside</h1>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const outside = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    const { page, electron } = await start();

    const tried = await page.evaluate(async (url) => {
      const fetched = await fetch(url).then(
        () => 'fetched',
        () => 'blocked',
      );
      const image = await new Promise((resolve) => {
        const element = new Image();
        element.onload = () => resolve('loaded');
        element.onerror = () => resolve('blocked');
        element.src = url;
      });
      const socket = await new Promise((resolve) => {
        try {
          const one = new WebSocket(url.replace('http', 'ws'));
          one.onopen = () => resolve('open');
          one.onerror = () => resolve('blocked');
        } catch {
          resolve('blocked');
        }
      });
      const beacon = navigator.sendBeacon(url, 'x');
      const script = document.createElement('script');
      script.textContent = 'window.smuggled = true';
      document.body.append(script);
      let evaluated = 'ran';
      try {
        new Function('return 1')();
      } catch {
        evaluated = 'blocked';
      }
      return { fetched, image, socket, beacon, inline: Reflect.get(window, 'smuggled') === true, evaluated };
    }, outside);
    expect(tried).toMatchObject({
      fetched: 'blocked',
      image: 'blocked',
      socket: 'blocked',
      inline: false,
      evaluated: 'blocked',
    });

    // Past the page's policy, the session itself lets nothing through either.
    const fromSession = await electron.evaluate(async ({ session }, url) => {
      try {
        await session.defaultSession.fetch(url);
        return 'fetched';
      } catch {
        return 'blocked';
      }
    }, outside);
    expect(fromSession).toBe('blocked');
    await page.waitForTimeout(500);
    expect(asked).toBe(0);
    server.close();
  });

  test('it stays on its page: no navigation, no new window, no embedded page, no permission', async ({ start }) => {
    const { page, electron } = await start();
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://example.com/';
      document.body.append(link);
      link.click();
      location.assign('file:///etc/passwd');
    });
    await page.waitForTimeout(500);
    const opened = await page.evaluate(() => window.open('https://example.com/') === null);
    const permission = await page.evaluate(() => Notification.requestPermission());
    await page.waitForTimeout(500);
    expect(page.url()).toBe('app://thaw/index.html');
    expect(opened).toBe(true);
    expect(permission).toBe('denied');
    expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('it may put text on the clipboard when a button is pressed, but never read what is there', async ({ start }) => {
    const { page, electron } = await start();
    await electron.evaluate(({ clipboard }) => clipboard.writeText('secret'));
    await page.evaluate(() => {
      const button = document.createElement('button');
      button.id = 'try-clipboard';
      button.textContent = 'Try';
      button.onclick = async () => {
        const read = await navigator.clipboard.readText().catch(() => 'refused');
        await navigator.clipboard.writeText(`read: ${read}`);
      };
      document.querySelector('main')?.prepend(button);
    });
    await page.locator('#try-clipboard').click();
    await expect.poll(() => electron.evaluate(({ clipboard }) => clipboard.readText())).toBe('read: refused');
  });

  test('main refuses what is not in the contract, and says so in plain data', async ({ start }) => {
    const { page } = await start();
    const answers = await page.evaluate(async () => {
      const bridge = Reflect.get(window, 'thaw') as { invoke: (method: unknown, request: unknown) => Promise<unknown> };
      return Promise.all([
        bridge.invoke('shell.run', { command: 'ls' }),
        bridge.invoke('__proto__', {}),
        bridge.invoke('project.open', { path: 7 }),
        bridge.invoke('shell.showInFolder', { path: '/no/such/place' }),
      ]);
    });
    expect(answers).toMatchObject([
      { ok: false, error: { code: 'bad-input' } },
      { ok: false, error: { code: 'bad-input' } },
      { ok: false, error: { code: 'bad-input' } },
      { ok: false, error: { code: 'file-not-found' } },
    ]);
  });

  test('the page keeps to the policy by itself: nothing it does is refused', async ({ start }) => {
    const app = await start();
    await app.page.waitForTimeout(1000);
    expect(app.complaints).toEqual([]);
  });
});
