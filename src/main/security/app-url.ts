import path from 'node:path';

/** The scheme of the page; a scheme of our own can carry headers and an origin, which `file:` cannot. */
export const appScheme = 'app';
/** The page's origin. */
export const appOrigin = `${appScheme}://thaw`;
/** The address of the window's page. */
export const appPage = `${appOrigin}/index.html`;

/** Whether an address belongs to the page: our own origin, or the development server's where there is one. */
export function isAppUrl(url: string, developmentOrigin: string | null): boolean {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return false;
  }
  // `origin` of a scheme that URL does not know is 'null': compare its parts.
  if (parsed.protocol === `${appScheme}:`)
    return parsed.host === 'thaw' && parsed.username === '' && parsed.port === '';
  return developmentOrigin !== null && parsed.origin === developmentOrigin;
}

/**
 * The file behind an address of the page, or null where there is none: another host, or a place outside the folder.
 * @param folder absolute path of the built page
 */
export function fileOfUrl(folder: string, url: string): string | null {
  if (!isAppUrl(url, null)) return null;
  let pathname: string;
  try {
    pathname = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null; // a broken percent escape
  }
  if (pathname.includes('\0') || pathname.includes('\\')) return null;
  const file = path.resolve(folder, `.${pathname === '/' ? '/index.html' : pathname}`);
  const relative = path.relative(folder, file);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? null : file;
}
