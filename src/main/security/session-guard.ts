import type { Session } from 'electron';
import { isAppUrl } from './app-url';

/** Development tools load themselves from these schemes; neither reaches the network. */
const innerSchemes = ['devtools:', 'data:', 'blob:'];

/** Whether a request may leave the session: only to the page itself and to what never reaches the network. */
export function isAllowedRequest(url: string, developmentOrigin: string | null): boolean {
  if (innerSchemes.some((scheme) => url.startsWith(scheme))) return true;
  if (isAppUrl(url, developmentOrigin)) return true;
  // The development server's live reload talks over a web socket on the same host and port.
  return developmentOrigin !== null && url.startsWith(`${developmentOrigin.replace(/^http/, 'ws')}/`);
}

/** The one permission of the page: to put text on the clipboard when a button is pressed; it can never read there. */
export function isAllowedPermission(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/**
 * Closes the session: no request leaves for any network, no other permission is given, nothing is downloaded. Privacy is a
 * promise of the product, so it is kept here once and for all and not left to the page.
 */
export function guardSession(session: Session, developmentOrigin: string | null): void {
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !isAllowedRequest(details.url, developmentOrigin) });
  });
  session.setPermissionRequestHandler((_contents, permission, callback) => callback(isAllowedPermission(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isAllowedPermission(permission));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.setSpellCheckerEnabled(false); // its dictionaries would be downloaded
}

/**
 * Switches that keep Chromium's own services off the network; must be called before the app is ready.
 * @param set how a switch is set: `app.commandLine.appendSwitch`
 */
export function quietChromium(set: (name: string, value?: string) => void, developmentOrigin: string | null): void {
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'no-pings',
  ]) {
    set(name);
  }
  // No name is ever resolved, so that even a request which slips past every other guard goes nowhere.
  if (developmentOrigin === null) set('host-resolver-rules', 'MAP * ~NOTFOUND');
}
