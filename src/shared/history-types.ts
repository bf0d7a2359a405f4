import { z } from 'zod';
import { labelStateSchema } from './label-types';

/** The step that somebody means: where another one has become the newest, nothing happens and `outdated` is thrown. */
const meant = z.object({ step: z.number().int().optional() });

/** Undo and redo, and the way that is left for a file that can no longer be taken out. */
export const historyMethods = {
  /** Takes the newest change of the project's data back, whatever its kind; without any nothing happens. */
  'history.undo': { request: meant, response: labelStateSchema },
  'history.redo': { request: meant, response: labelStateSchema },
  /** Sets the rows of an imported file aside: they are kept and not used. One step for undo. */
  'import.setAside': { request: z.object({ importId: z.number().int() }), response: labelStateSchema },
} as const;
