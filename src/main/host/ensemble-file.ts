import { z } from 'zod';
import { tokenizerFileSchema } from '../../engine/text/tokenizer-file';

/** `model.json` of an ensemble: a folder whose models lie in sub-folders (docs/formats/model.md). */
export const ensembleFileSchema = z.object({
  format: z.literal('thaw-ensemble'),
  version: z.literal(1),
  labels: z.array(z.string()).min(2),
  multiLabel: z.boolean(),
  /** On the logarithm of the weighted mean of the members' probabilities. */
  temperature: z.number().positive(),
  thresholds: z.array(z.number()).nullable(),
  /** Of `vocabulary.json` beside it, which the baseline reads with. */
  tokenizer: tokenizerFileSchema,
  members: z
    .array(
      z.object({
        // One sub-folder down and nowhere else: a model folder must not lead out of itself.
        folder: z.string().regex(/^members\/[A-Za-z0-9_-]+$/),
        name: z.string(),
        weight: z.number().min(0).max(1),
      }),
    )
    .min(2),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
});
export type EnsembleFile = z.infer<typeof ensembleFileSchema>;
