import { z } from 'zod';
import { runSchema } from './training-types';

/** A run that was put into its project's trash. */
export const trashedRunSchema = z.object({ run: runSchema, at: z.string(), bytes: z.number() });
export type TrashedRun = z.infer<typeof trashedRunSchema>;

const runId = z.object({ runId: z.string() });

/** Throwing runs away, and fetching them back. */
export const runTrashMethods = {
  /** Moves a run that is over into the trash; refused for the run that the project's classifier came from. */
  'runs.trash': { request: runId, response: z.object({}) },
  /** The runs in the trash, the one thrown away last first. */
  'runs.trashed': { request: z.object({}), response: z.array(trashedRunSchema) },
  'runs.restore': { request: runId, response: runSchema },
  /** Deletes a run in the trash for good. */
  'runs.deleteTrashed': { request: runId, response: z.object({ freed: z.number() }) },
} as const;
