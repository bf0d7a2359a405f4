import { z } from 'zod';
import {
  asidePageSchema,
  asideReasonSchema,
  healthIssueIdSchema,
  healthReportSchema,
  labelMergeSchema,
  remedyIdSchema,
} from './health-types';
import { labelStateSchema } from './label-types';
import { splitPlanSchema, splitStateSchema } from './split-types';

const none = z.object({});

/** What the window asks about the state of the data: the health report, and how rows are divided. */
export const dataMethods = {
  /** What is odd about texts and labels; the first call looks at every text, later ones follow the changes. */
  'health.report': { request: none, response: healthReportSchema },
  /** Ends a look at the texts that is under way; the report then fails as cancelled. */
  'health.cancel': { request: none, response: none },
  /** The rows behind an issue, group by group. */
  'health.rows': {
    request: z.object({
      issue: healthIssueIdSchema,
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(500),
    }),
    response: z.object({
      total: z.number().int(),
      rows: healthReportSchema.shape.issues.element.shape.examples,
    }),
  },
  /** Does something about an issue, as one step; `merges` chooses among label variants, empty means all. */
  'health.apply': {
    request: z.object({
      issue: healthIssueIdSchema,
      remedy: remedyIdSchema,
      merges: z.array(labelMergeSchema).default([]),
    }),
    response: z.object({ changed: z.number().int(), report: healthReportSchema }),
  },
  /** Takes a remedy back, or applies it again. */
  'health.undo': { request: z.object({ id: z.number().int(), undone: z.boolean() }), response: healthReportSchema },
  /** Rows that are set aside, each with why: all, or those of one reason. Of each text at most its first `rowHeadCharacters`. */
  'health.aside': {
    request: z.object({
      reason: asideReasonSchema.optional(),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(500),
    }),
    response: asidePageSchema,
  },
  /** Rows that are set aside are used again, as one step: these, those of one reason, or (with neither) all. */
  'health.restore': {
    request: z.object({ rowIds: z.array(z.number().int()).max(1000).optional(), reason: asideReasonSchema.optional() }),
    response: labelStateSchema,
  },

  'splits.state': { request: none, response: splitStateSchema },
  /** Divides the rows as a plan says, and every training from now on; null leaves it to each training. */
  'splits.divide': { request: z.object({ plan: splitPlanSchema.nullable() }), response: splitStateSchema },
  'splits.lock': { request: z.object({ locked: z.boolean() }), response: splitStateSchema },
} as const;

/** How far a look at all texts is. */
export const healthProgressSchema = z.object({
  done: z.number().int(),
  total: z.number().int(),
  /** Texts are read first, then compared with one another. */
  stage: z.enum(['reading', 'comparing']),
});
export type HealthProgress = z.infer<typeof healthProgressSchema>;
