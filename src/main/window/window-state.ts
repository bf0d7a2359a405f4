import path from 'node:path';
import { z } from 'zod';
import { JsonFile } from '../ipc/json-file';

const windowStateSchema = z.object({
  x: z.number().int().nullable(),
  y: z.number().int().nullable(),
  width: z.number().int(),
  height: z.number().int(),
  maximized: z.boolean(),
});
/** Where the window was; `x` and `y` null leave the place to the system. In device-independent pixels. */
export type WindowState = z.infer<typeof windowStateSchema>;

/** A rectangle on the desktop. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The smallest window in which every screen works. */
export const minimumSize = { width: 900, height: 600 } as const;
const initial: WindowState = { x: null, y: null, width: 1280, height: 800, maximized: false };

/** Opens the remembered place of the window. */
export function openWindowState(profileFolder: string): JsonFile<WindowState> {
  return new JsonFile(path.join(profileFolder, 'window.json'), windowStateSchema, initial);
}

/** The place to use: the remembered one, unless the screen that it was on is gone; never larger than its screen. */
export function placeOnScreens(state: WindowState, screens: readonly Area[]): WindowState {
  const { x, y } = state;
  const width = Math.max(state.width, minimumSize.width);
  const height = Math.max(state.height, minimumSize.height);
  if (x === null || y === null) return { ...state, width, height };
  // The middle of the title bar must be on a screen, or the window could not be grasped.
  const graspX = x + width / 2;
  const screen = screens.find(
    (area) => graspX >= area.x && graspX < area.x + area.width && y >= area.y && y < area.y + area.height,
  );
  if (screen === undefined) return { ...state, x: null, y: null, width, height };
  return {
    ...state,
    width: Math.max(minimumSize.width, Math.min(width, screen.width)),
    height: Math.max(minimumSize.height, Math.min(height, screen.height)),
  };
}
