import { z } from 'zod';
import { labelStateSchema } from './label-types';

const none = z.object({});

/** Undo and redo, and the way that is left for a file that can no longer be taken out. */
export const historyMethods = {
  /** Takes the newest change of the project's data back, whatever its kind; without one nothing happens. */
  'history.undo': { request: none, response: labelStateSchema },
  'history.redo': { request: none, response: labelStateSchema },
  /** Sets the rows of an imported file aside: they are kept and not used. One step for undo. */
  'import.setAside': { request: z.object({ importId: z.number().int() }), response: labelStateSchema },
} as const;
