import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOfUrl, isAppUrl } from '../../src/main/security/app-url';
import { contentSecurityPolicy } from '../../src/main/security/content-security-policy';
import { isAllowedPermission, isAllowedRequest, quietChromium } from '../../src/main/security/session-guard';
import { isTrustedSender } from '../../src/main/security/trusted-sender';

const development = 'http://localhost:5173';

describe("the page's addresses", () => {
  it('are those of our own origin only', () => {
    expect(isAppUrl('app://thaw/index.html', null)).toBe(true);
    for (const url of [
      'app://other/index.html',
      'app://thaw:80/index.html',
      'app://user@thaw/index.html',
      'file:///etc/passwd',
      'https://thaw/index.html',
      'about:blank',
      'not an address',
      '',
    ]) {
      expect(isAppUrl(url, null), url).toBe(false);
    }
  });

  it("include the development server's only where there is one", () => {
    expect(isAppUrl(`${development}/index.html`, development)).toBe(true);
    expect(isAppUrl(`${development}/index.html`, null)).toBe(false);
    expect(isAppUrl('http://localhost:9999/index.html', development)).toBe(false);
  });

  it('never lead to a file outside the folder of the page', () => {
    const folder = path.resolve('/srv/page');
    expect(fileOfUrl(folder, 'app://thaw/')).toBe(path.join(folder, 'index.html'));
    expect(fileOfUrl(folder, 'app://thaw/assets/a%20b.js?x=1#y')).toBe(path.join(folder, 'assets/a b.js'));
    for (const url of [
      'app://thaw/%2e%2e%2f%2e%2e%2fetc/passwd',
      'app://thaw/..%2f..%2fetc%2fpasswd',
      'app://thaw/assets%5c..%5c..%5csecret',
      'app://thaw/a%00.js',
      'app://thaw/%E0%A4%A',
      'app://elsewhere/index.html',
    ]) {
      const file = fileOfUrl(folder, url);
      expect(file === null || file.startsWith(`${folder}${path.sep}`), `${url} → ${String(file)}`).toBe(true);
    }
    expect(fileOfUrl(folder, 'app://thaw/..%2f..%2fetc%2fpasswd')).toBeNull();
  });
});

describe('the content security policy', () => {
  it('starts from nothing and allows no origin but our own, no eval and no inline script or style', () => {
    const directives = new Map(
      contentSecurityPolicy.split('; ').map((one) => {
        const [name = '', ...values] = one.split(' ');
        return [name, values.join(' ')];
      }),
    );
    expect(directives.get('default-src')).toBe("'none'");
    expect(directives.get('connect-src')).toBe("'none'");
    expect(directives.get('script-src')).toBe("'self'");
    expect(directives.get('style-src')).toBe("'self'");
    expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/);
  });
});

describe('the closed session', () => {
  it('lets only the page itself through', () => {
    expect(isAllowedRequest('app://thaw/assets/index.js', null)).toBe(true);
    expect(isAllowedRequest('data:image/png;base64,AAAA', null)).toBe(true);
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1:8080/',
      'ws://example.com/',
      'file:///etc/passwd',
      'ftp://example.com/',
    ]) {
      expect(isAllowedRequest(url, null), url).toBe(false);
    }
  });

  it('lets the development server and its socket through in development only', () => {
    expect(isAllowedRequest('ws://localhost:5173/?token=1', development)).toBe(true);
    expect(isAllowedRequest('ws://localhost:5173.example.com/', development)).toBe(false);
    expect(isAllowedRequest('ws://localhost:5173/', null)).toBe(false);
  });

  it('gives no permission but that to write text to the clipboard', () => {
    expect(isAllowedPermission('clipboard-sanitized-write')).toBe(true);
    for (const permission of [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fileSystem',
    ]) {
      expect(isAllowedPermission(permission), permission).toBe(false);
    }
  });

  it('resolves no name at all outside development', () => {
    const switches = new Map<string, string | undefined>();
    quietChromium((name, value) => switches.set(name, value), null);
    expect(switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
    expect(switches.has('disable-background-networking')).toBe(true);
  });
});

describe('the check of who sends', () => {
  const frame = (url: string, parent: unknown = null) => ({ url, parent });
  const check = (senderId: number, senderFrame: unknown): boolean =>
    isTrustedSender({ sender: { id: senderId }, senderFrame } as never, { id: 1 } as never, null);

  it("accepts our window's top frame on our page", () => {
    expect(check(1, frame('app://thaw/index.html'))).toBe(true);
  });

  it('refuses another window, an inner frame, another page and a frame that is gone', () => {
    expect(check(2, frame('app://thaw/index.html'))).toBe(false);
    expect(check(1, frame('app://thaw/index.html', {}))).toBe(false);
    expect(check(1, frame('https://example.com/'))).toBe(false);
    expect(check(1, null)).toBe(false);
    expect(isTrustedSender({ sender: { id: 1 }, senderFrame: frame('app://thaw/') } as never, null, null)).toBe(false);
  });
});
