import { z } from 'zod';

/** How labelled rows are divided into those that are learned from, chosen by, and measured on. */
export const splitStrategySchema = z.enum([
  'stratified', // by chance, each label with the same share on every side
  'random', // by chance alone
  'group', // rows with the same value of a column stay together
  'time', // the newest rows measure, the ones before them choose
  'given', // as the file says; by chance only where it says nothing
]);

/** How a project's rows are divided at each training, until it is changed. */
export const splitPlanSchema = z.object({
  strategy: splitStrategySchema,
  column: z.string().nullable(), // for `group` and `time`
  validShare: z.number().min(0.01).max(0.5),
  testShare: z.number().min(0).max(0.5),
  seed: z.number().int(),
});
export type SplitPlan = z.infer<typeof splitPlanSchema>;

/** One time that somebody saw how good a model is on the test rows. */
export const testLookSchema = z.object({ run: z.string(), what: z.string(), at: z.string() });
export type TestLook = z.infer<typeof testLookSchema>;

const sideSchema = z.object({ train: z.number().int(), valid: z.number().int(), test: z.number().int() });

/** How the rows are divided now. */
export const splitStateSchema = z.object({
  plan: splitPlanSchema.nullable(), // null: each training decides by itself
  decided: z.boolean(), // false: no training and nobody has divided the rows yet
  rows: sideSchema.extend({ heldBack: z.number().int() }), // held back: the same text is measured on
  labels: z.array(sideSchema.extend({ name: z.string() })), // the fifty most frequent
  /** Columns of the files that hold neither texts nor labels: what can group rows or order them in time. */
  columns: z.array(z.string()),
  suggestedGroup: z.string().nullable(),
  suggestedTime: z.string().nullable(),
  given: z.number().int(), // rows of which a file says on which side they are
  locked: z.boolean(),
  looks: z.array(testLookSchema), // newest first
});
export type SplitState = z.infer<typeof splitStateSchema>;
