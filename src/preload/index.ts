import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { eventChannel, invokeChannel, type BridgeAnswer, type ThawBridge } from '../shared/bridge';

/**
 * The bridge between the sandboxed page and Electron's main process: two channels and nothing else. It knows no
 * schemas: main parses every request, the page parses every answer and event.
 */

type Listener = (payload: never) => void;
const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on(eventChannel, (_event: IpcRendererEvent, name: string, payload: unknown) => {
  // The page parses the payload with the event's schema before it uses it.
  for (const listener of listeners.get(name) ?? []) listener(payload as never);
});

/** Electron before 32 puts the path on the file itself; later ones answer for real files only, through `webUtils`. */
function pathOfFile(file: unknown): string {
  if (!(file instanceof File)) return '';
  // `webUtils` is declared by the types of the current Electron and missing in older ones.
  const utilities = webUtils as typeof webUtils | undefined;
  if (utilities !== undefined) return utilities.getPathForFile(file);
  const path: unknown = Reflect.get(file, 'path');
  return typeof path === 'string' ? path : '';
}

const bridge: ThawBridge = {
  async invoke(method, request): Promise<BridgeAnswer> {
    try {
      return (await ipcRenderer.invoke(invokeChannel, method, request)) as BridgeAnswer;
    } catch (error) {
      // Thrown by Electron itself: a request that cannot be cloned, or a main process that is going away.
      return {
        ok: false,
        error: { code: 'internal', message: error instanceof Error ? error.message : String(error) },
      };
    }
  },
  on(event, listener) {
    const forEvent = listeners.get(event) ?? new Set<Listener>();
    listeners.set(event, forEvent);
    forEvent.add(listener);
    return () => {
      forEvent.delete(listener);
    };
  },
  pathOfFile,
};

contextBridge.exposeInMainWorld('thaw', bridge);
