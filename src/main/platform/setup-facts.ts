import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { setupFactsFile } from './paths';

const setupFactsSchema = z.object({
  cacheFolder: z.string().optional(),
  tensorflow: z
    .object({
      route: z.enum(['cuda', 'official', 'wheel', 'portable']),
      title: z.string(),
      version: z.string().nullable(),
      reasons: z.array(z.string()),
    })
    .optional(),
  /** Thaw's own kernels: the best instruction set of this processor, or why there are none. */
  kernels: z.object({ name: z.string().nullable(), reason: z.string().nullable() }).optional(),
  electron: z
    .object({
      route: z.enum(['official', 'package']),
      version: z.string(),
      executable: z.string(),
      reasons: z.array(z.string()),
    })
    .optional(),
});

/** What set-up found and did on this machine, as far as its steps were run. */
export type SetupFacts = z.infer<typeof setupFactsSchema>;

/** Reads the facts of set-up; without any (a packed application, a clone that was never set up) an empty object. */
export function readSetupFacts(file: string = setupFactsFile()): SetupFacts {
  if (!existsSync(file)) return {};
  const parsed = setupFactsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data : {};
}
