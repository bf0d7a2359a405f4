import { z } from 'zod';
import { rowHeadSchema } from './data-types';

/** What the health report looks for, in the order in which it is shown where the weight is the same. */
export const healthIssueIds = [
  'conflict', // the same text with different labels
  'leakage', // a text (or nearly it) both in what is learned from and in what is measured on
  'label-variants', // label names that differ by case, spaces, marks or one letter
  'rare-label',
  'imbalance',
  'empty',
  'duplicate',
  'near-duplicate',
  'mojibake', // letters damaged by a wrong encoding
  'undecoded', // letters lost for good: U+FFFD
  'markup',
  'language',
  'outlier', // unlike all other texts
  'short',
  'long',
  'label-order', // rows sorted by label
  'text-order', // like texts stand together: by time, by source
] as const;
export const healthIssueIdSchema = z.enum(healthIssueIds);
export type HealthIssueId = z.infer<typeof healthIssueIdSchema>;

/** What can be done about an issue in one click; each can be undone. */
export const remedyIdSchema = z.enum([
  'set-aside', // the rows are kept and no longer used
  'keep-first', // all but the first of each group are set aside
  'unlabel', // labels are taken away, so that a person decides
  'majority-label', // the label that most of the copies have; ties are set aside
  'merge-labels',
  'repair-text',
  'strip-markup',
]);
export type RemedyId = z.infer<typeof remedyIdSchema>;

/** Why a row is set aside: an issue of the report, or something else. */
export const asideReasons = [
  ...healthIssueIds,
  'file', // all rows of its file were
  'id', // another row with its id is used in its place
  'other', // nobody has noted why
] as const;
export const asideReasonSchema = z.enum(asideReasons);
export type AsideReason = z.infer<typeof asideReasonSchema>;

/** Some of the rows that are set aside, in the order of their numbers. */
export const asidePageSchema = z.object({
  total: z.number().int(), // rows that were asked for
  reasons: z.array(z.object({ reason: asideReasonSchema, rows: z.number().int() })), // of all, most rows first
  rows: z.array(rowHeadSchema.extend({ reason: asideReasonSchema })),
});
export type AsidePage = z.infer<typeof asidePageSchema>;

/** Labels that are to be one. */
export const labelMergeSchema = z.object({ keep: z.string(), merge: z.array(z.string()).min(1) });

const exampleSchema = z.object({
  rowId: z.number().int(),
  text: z.string(),
  labels: z.array(z.string()),
  /** The text as a remedy would make it, the language, the part of the data …; what tells why the row is here. */
  note: z.string().nullable(),
  /** Rows with the same number belong together; 0 where there are no groups. */
  group: z.number().int(),
});
export type HealthExample = z.infer<typeof exampleSchema>;

export const healthIssueSchema = z.object({
  id: healthIssueIdSchema,
  weight: z.enum(['problem', 'warning', 'note']),
  /** Rows that are concerned (for labels that are rare or unequal: labels). */
  count: z.number().int(),
  groups: z.number().int(), // 0 where there are none
  /** Rows that the first remedy would change. */
  affected: z.number().int(),
  /** Figures for the words of the interface: limits, shares, names. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  examples: z.array(exampleSchema),
  remedies: z.array(remedyIdSchema),
  variants: z.array(labelMergeSchema.extend({ rows: z.number().int(), why: z.enum(['spelling', 'typing']) })),
  labels: z.array(z.object({ name: z.string(), count: z.number().int() })),
});
export type HealthIssue = z.infer<typeof healthIssueSchema>;

/** Something that was done about an issue. */
export const appliedRemedySchema = z.object({
  id: z.number().int(),
  issue: z.string(),
  remedy: remedyIdSchema,
  rows: z.number().int(),
  at: z.string(), // ISO 8601
  undone: z.boolean(),
  /** The texts as they were are no longer kept: it cannot be taken back or applied again. */
  forgotten: z.boolean().default(false),
});
export type AppliedRemedy = z.infer<typeof appliedRemedySchema>;

/** What is odd about the texts and labels of a project, before anything is trained. */
export const healthReportSchema = z.object({
  rows: z.number().int(), // looked at: without those set aside
  setAside: z.number().int(),
  labelled: z.number().int(),
  words: z.object({ median: z.number(), most: z.number(), fewest: z.number() }),
  languages: z.array(z.object({ language: z.string(), rows: z.number().int() })), // '' where it cannot be told
  issues: z.array(healthIssueSchema),
  remedies: z.array(appliedRemedySchema), // newest first
  seconds: z.number(),
});
export type HealthReport = z.infer<typeof healthReportSchema>;
