import { z } from 'zod';
import { trainingRequestSchema } from './training-types';

/** What to vary: parts of the method by name, or an option as `name=value`. */
export const ablationRequestSchema = z.object({
  /** The run that everything is compared with. `minutes` is the budget of all runs together. */
  request: trainingRequestSchema,
  what: z.array(z.string().min(1)).min(1),
  /** Each variant is trained with so many seeds, on the same rows. */
  seeds: z.number().int().min(1).max(100).default(1),
  /** Gets finished runs as they come, and the table as CSV and Markdown. */
  folder: z.string(),
});
export type AblationRequest = z.infer<typeof ablationRequestSchema>;

/** One run of an ablation, measured on the held-out rows. */
export const ablationCellSchema = z.object({
  variant: z.string(),
  seed: z.number().int(),
  accuracy: z.number(),
  macroF1: z.number(),
  loss: z.number(),
  ece: z.number(),
  seconds: z.number(),
});
export type AblationCell = z.infer<typeof ablationCellSchema>;

const spreadSchema = z.object({ mean: z.number(), deviation: z.number() });

/** A variant over its seeds; the deviation is that of a sample, 0 for one seed. */
export const ablationRowSchema = z.object({
  variant: z.string(),
  /** What differs from the full method, in words. */
  change: z.string(),
  runs: z.number().int(),
  accuracy: spreadSchema.nullable(), // null: no run is finished
  macroF1: spreadSchema.nullable(),
  loss: spreadSchema.nullable(),
  minutes: spreadSchema.nullable(),
});
export type AblationRow = z.infer<typeof ablationRowSchema>;

export const ablationTableSchema = z.object({
  split: z.enum(['valid', 'test']),
  n: z.number().int(), // rows that every run is measured on
  seeds: z.number().int(),
  finished: z.number().int(),
  planned: z.number().int(),
  rows: z.array(ablationRowSchema),
  baseline: z.object({ accuracy: z.number(), macroF1: z.number() }), // TF-IDF on the same rows
  cells: z.array(ablationCellSchema),
});
export type AblationTable = z.infer<typeof ablationTableSchema>;
