import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { isAppUrl } from './app-url';

/**
 * Whether a message comes from the top frame of our own window showing our own page. (Electron's security list,
 * point 17: any frame can send, so every message is checked.)
 */
export function isTrustedSender(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  window: WebContents | null,
  developmentOrigin: string | null,
): boolean {
  if (window === null || event.sender.id !== window.id) return false;
  const frame = event.senderFrame; // null where the frame has gone or moved on since
  return frame !== null && frame !== undefined && frame.parent === null && isAppUrl(frame.url, developmentOrigin);
}
