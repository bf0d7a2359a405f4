import { z } from 'zod';
import { labelInfoSchema, rowSchema, splitSchema } from './data-types';
import { labelSetEffectSchema } from './label-set';

/** What the labelling screen asks of the engine and is told: rows to label, changes of labels, and what they do. */

const percentSchema = z.number().int().min(0).max(100);

/** How rows are filtered on a screen; everything given must hold. */
export const rowFilterSchema = z.object({
  search: z.string().optional(), // a substring, case-insensitive
  label: z.string().optional(),
  labelled: z.boolean().optional(),
  split: splitSchema.optional(),
  predicted: z.string().optional(),
  flagged: z.boolean().optional(),
  skipped: z.boolean().optional(),
  noted: z.boolean().optional(),
  aside: z.boolean().optional(), // true: only rows that were set aside; otherwise none of them
  /** Rows to which the kept suggestions give this label with at least so many per cent. */
  sure: z.object({ label: z.string(), from: percentSchema }).optional(),
  /**
   * Rows whose two best suggestions are at most so many points apart, where this label is one of the two (and `other`
   * the other). Where rows can have several labels: whose probability is at most half as many points away from a half.
   */
  torn: z.object({ label: z.string(), other: z.string().optional(), within: percentSchema }).optional(),
});
export type RowFilter = z.infer<typeof rowFilterSchema>;

/**
 * Where the next rows come from. `uncertain`: what the model doubts most, with a fair share of chance; `diverse`: what
 * stands for most texts that resemble nothing labelled yet; `doubted`: labelled rows whose label the model does not
 * believe; `filter`: all that a filter lets through, in the order of the file; `similar`: the nearest to one row.
 */
export const queueOrderSchema = z.enum(['uncertain', 'diverse', 'random', 'doubted', 'file', 'filter', 'similar']);
export type QueueOrder = z.infer<typeof queueOrderSchema>;

/** Which model an order or a suggestion rests on. */
export const basisSchema = z.enum(['classifier', 'baseline', 'none']);
export type Basis = z.infer<typeof basisSchema>;

/** Steps that change something else than labels and marks: texts, how rows are divided, files. */
export const changeKinds = [
  'repair-text',
  'strip-markup',
  'text-back', // a change of texts that was taken back by itself
  'text-again', // and one that was made again
  'divide',
  'undivide', // dividing left to each training again
  'lock',
  'unlock',
  'import',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** A step that can be taken back or done again, in a few figures for its name. */
export const labelStepSchema = z.object({
  /** By which undo and redo mean this one; missing where the window shows a step before the engine has answered. */
  number: z.number().int().optional(),
  kind: z.enum([
    ...changeKinds,
    'label',
    'bulk',
    'add',
    'remove',
    'rename',
    'merge',
    'describe',
    'order',
    'label-set',
    'flag',
    'skip',
    'keep',
    'aside',
    'restore', // rows that were set aside are used again
    'note',
  ]),
  rows: z.number().int(), // that it changed
  label: z.string(), // the one it is about (of `import` the file's name); empty where it is about several or none
});
export type LabelStep = z.infer<typeof labelStepSchema>;

/** Where labelling stands after a change. */
export const labelStateSchema = z.object({
  labels: z.array(labelInfoSchema),
  labelled: z.number().int(),
  total: z.number().int(),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
  /** The row that the change was about, to show it again after undo and redo. */
  rowId: z.number().int().nullable(),
  undoStep: labelStepSchema.nullable().optional(),
  redoStep: labelStepSchema.nullable().optional(),
  marks: z.object({ flagged: z.number().int(), skipped: z.number().int(), noted: z.number().int() }).optional(),
});
export type LabelState = z.infer<typeof labelStateSchema>;

/** A change of many rows or of the labels themselves; the same request previews it and makes it. */
export const labelChangeSchema = z.discriminatedUnion('kind', [
  /** All rows of a filter get labels: exactly these, these as well, or all but these. */
  z.object({
    kind: z.literal('rows'),
    filter: rowFilterSchema,
    labels: z.array(z.string()).readonly(),
    mode: z.enum(['replace', 'add', 'remove']),
    except: z.array(z.number().int()).max(1000).readonly().optional(), // rows of the filter that stay as they are
  }),
  /** Several labels become one, which may be a new one. */
  z.object({ kind: z.literal('merge'), labels: z.array(z.string()).min(1).readonly(), into: z.string().min(1) }),
  /** Rows of a label that a filter lets through get another one in its place, which may be a new one. */
  z.object({ kind: z.literal('split'), label: z.string(), filter: rowFilterSchema, into: z.string().min(1) }),
  /** A label is taken off all rows and out of the list. */
  z.object({ kind: z.literal('remove'), label: z.string() }),
]);
export type LabelChange = z.infer<typeof labelChangeSchema>;

/** What a change would do to the rows there are. */
export const labelEffectSchema = z.object({
  matched: z.number().int(), // rows that the filter lets through
  changed: z.number().int(), // rows that would have other labels than now
  losing: z.number().int(), // of these, rows that would have no label any more
  overwritten: z.number().int(), // of these, rows that have labels of which one would go
  labels: z.array(z.object({ name: z.string(), before: z.number().int(), after: z.number().int() })), // that differ
  examples: z.array(rowSchema),
});
export type LabelEffect = z.infer<typeof labelEffectSchema>;

/** How many rows of a filter have which probability; see `labels.likelihood`. */
const suggestionCountsSchema = z.object({
  percents: z.array(z.number().int()).length(101), // by whole per cent
  said: z.number().int(), // rows of the filter that a model has said something about
  rows: z.number().int(), // rows of the filter
});
export type SuggestionCounts = z.infer<typeof suggestionCountsSchema>;

/** How well the labels so far can be learned, measured by cross-validation of the quick model. */
export const labelInsightSchema = z.object({
  state: z.enum(['few', 'measuring', 'ready']), // few: too few labels to say anything
  measure: z.enum(['accuracy', 'f1']), // f1: micro-averaged, where rows have several labels
  /** From few labels to all: share right on labelled rows that were held out, with its 95 % interval. */
  points: z.array(
    z.object({
      labels: z.number().int(),
      share: z.number(),
      low: z.number(),
      high: z.number(),
      rows: z.number().int(),
    }),
  ),
  /** About so many more labels for one more point in a hundred; null where the curve does not say. */
  forOnePoint: z.number().int().nullable(),
  /** Labelled rows whose label the model doubts. */
  doubted: z.number().int(),
  /** Rows labelled when this was measured. */
  at: z.number().int(),
  /** Of the rows looked at, those labelled many at once: learned from, but not measured on. */
  atOnce: z.number().int(),
});
export type LabelInsight = z.infer<typeof labelInsightSchema>;

const none = z.object({});
const rowIds = z.array(z.number().int()).max(1000);
const markSchema = z.enum(['flag', 'skip', 'keep']);

/** The engine methods of labelling. */
export const labelMethods = {
  'labels.state': { request: none, response: labelStateSchema },
  'labels.add': { request: z.object({ name: z.string().min(1) }), response: labelStateSchema },
  'labels.rename': { request: z.object({ from: z.string(), to: z.string().min(1) }), response: labelStateSchema },
  /** What belongs under a label, and its colour (#rrggbb; empty: the one it came with). */
  'labels.describe': {
    request: z.object({
      name: z.string(),
      description: z.string().max(2000).optional(),
      color: z
        .string()
        .regex(/^(#[0-9a-f]{6})?$/i)
        .optional(),
    }),
    response: labelStateSchema,
  },
  /** Puts a label at another place of the list, from 0, and so gives it that place's key. */
  'labels.move': {
    request: z.object({ name: z.string(), place: z.number().int().min(0) }),
    response: labelStateSchema,
  },
  /** Writes names, colours, descriptions and order of the labels to a file. */
  'labels.saveSet': {
    request: z.object({ out: z.string() }),
    response: z.object({ file: z.string(), labels: z.number().int() }),
  },
  /** What the labels of such a file would do to those of the project. */
  'labels.previewSet': { request: z.object({ path: z.string() }), response: labelSetEffectSchema },
  /** Takes the labels of such a file over, as one step. */
  'labels.takeSet': { request: z.object({ path: z.string() }), response: labelStateSchema },
  /** Sets the labels of one row; an empty list takes them away, or with `none` says that no label fits. */
  'labels.set': {
    request: z.object({ rowId: z.number().int(), labels: z.array(z.string()), none: z.boolean().optional() }),
    response: labelStateSchema,
  },
  /** Puts a mark on rows or takes it off; without rows it is taken off all. */
  'labels.mark': {
    request: z.object({ rowIds: rowIds.optional(), mark: markSchema, on: z.boolean() }),
    response: labelStateSchema,
  },
  'labels.note': {
    request: z.object({ rowId: z.number().int(), note: z.string().max(5000) }),
    response: labelStateSchema,
  },
  /** What a change would do. Of a filter by probability the examples come in its order, from the place `from` on. */
  'labels.preview': {
    request: z.object({ change: labelChangeSchema, from: z.number().int().min(0).optional() }),
    response: labelEffectSchema,
  },
  /** Counts the rows of a filter by what the suggestions say about a label: the numbers beside a slider. */
  'labels.likelihood': {
    request: z.object({
      filter: rowFilterSchema,
      kind: z.enum(['sure', 'torn']),
      label: z.string(),
      other: z.string().optional(),
    }),
    response: suggestionCountsSchema,
  },
  'labels.apply': { request: z.object({ change: labelChangeSchema }), response: labelStateSchema },
  /** The next rows to label. `basis` says on which model the order rests. */
  'labels.queue': {
    request: z.object({
      order: queueOrderSchema,
      limit: z.number().int().min(1).max(100),
      exclude: z.array(z.number().int()),
      filter: rowFilterSchema.optional(), // for `filter`
      similarTo: z.number().int().optional(), // for `similar`
    }),
    response: z.object({
      rows: z.array(rowSchema),
      basis: basisSchema,
      /** How many rows this queue still holds, these included; null where nobody has counted. */
      left: z.number().int().nullable().optional(),
      /** Rows of `uncertain` that chance has picked. */
      byChance: z.array(z.number().int()).optional(),
    }),
  },
  /** What the best model at hand says about rows; rows that it cannot say anything about are left out. */
  'labels.suggest': {
    request: z.object({ rowIds: rowIds.max(100) }),
    response: z.object({
      basis: basisSchema,
      rows: z.array(z.object({ rowId: z.number().int(), predicted: rowSchema.shape.predicted.unwrap() })),
    }),
  },
  /** Rows by their ids, in this order; unknown ones are left out. */
  'labels.rows': { request: z.object({ rowIds }), response: z.array(rowSchema) },
  'labels.insight': { request: none, response: labelInsightSchema },
} as const;
