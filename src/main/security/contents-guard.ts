import type { App, WebContents } from 'electron';
import { isAppUrl } from './app-url';

function guard(contents: WebContents, developmentOrigin: string | null): void {
  const stay = (event: { preventDefault: () => void }, url: string): void => {
    if (!isAppUrl(url, developmentOrigin)) event.preventDefault();
  };
  contents.on('will-navigate', (event, url) => stay(event, url));
  contents.on('will-redirect', (event, url) => stay(event, url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  // Peer connections are not under the content security policy: leave them no way out.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** Keeps every page of the app where it is: no navigation elsewhere, no new windows, no embedded pages. */
export function guardContents(app: App, developmentOrigin: string | null): void {
  app.on('web-contents-created', (_event, contents) => guard(contents, developmentOrigin));
}
