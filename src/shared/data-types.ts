import { z } from 'zod';

/** How the cells of a delimited file are marked. `quote` and `escape` may be empty: no quoting at all. */
export const dialectSchema = z.object({
  delimiter: z.string().min(1),
  quote: z.string().max(1),
  escape: z.string().max(1),
});
export type Dialect = z.infer<typeof dialectSchema>;

/** What a person may override before importing; what is left out is guessed. */
export const readOptionsSchema = z.object({
  encoding: z.string().optional(), // an iconv name: utf-8, windows-1252, utf-16le, gb18030 …
  delimiter: z.string().min(1).optional(),
  quote: z.string().max(1).optional(),
  header: z.boolean().optional(),
  skipLines: z.number().int().min(0).optional(),
  sheet: z.string().optional(), // of an Excel workbook
});

/** What kind of file or folder rows come from. */
export const sourceFormatSchema = z.enum(['delimited', 'lines', 'fasttext', 'json', 'xlsx', 'parquet', 'folder']);
export type SourceFormat = z.infer<typeof sourceFormatSchema>;

export type ReadOptions = z.infer<typeof readOptionsSchema>;

export const columnRoleSchema = z.enum(['text', 'label', 'split', 'id', 'group', 'time', 'ignore']);
export type ColumnRole = z.infer<typeof columnRoleSchema>;

/** Why a column is hardly one of labels: nearly every row has a value of its own, or its values are amounts. */
export const labelDoubtSchema = z.enum(['unique', 'numbers']);
export type LabelDoubt = z.infer<typeof labelDoubtSchema>;

/** A column as it was found, with what it looks like. */
export const columnSchema = z.object({
  name: z.string(), // unique; unnamed columns are called column1, column2 …
  index: z.number().int(),
  type: z.enum(['text', 'number', 'empty']),
  distinct: z.number().int(), // in the sample that was looked at
  emptyShare: z.number(), // 0 to 1
  meanLength: z.number(), // characters
  suggestedRole: columnRoleSchema,
  /** What seems to part several labels in one cell. */
  suggestedSeparator: z.string().optional(),
  /** The cells are lists of several labels already, as in JSON; {@link suggestedSeparator} parts them. */
  lists: z.boolean().optional(),
  /** Why the column would make no good labels, whatever it is called. */
  labelDoubt: labelDoubtSchema.optional(),
});
export type Column = z.infer<typeof columnSchema>;

/** A row that could not be read, kept with its place and reason; `text` is the line as it stands in the file. */
export const rejectedRowSchema = z.object({ line: z.number().int(), reason: z.string(), text: z.string() });
export type RejectedRow = z.infer<typeof rejectedRowSchema>;

/** Rows that were read although NUL bytes stood in them: each place became U+FFFD. */
export const repairedRowsSchema = z.object({
  count: z.number().int(),
  lines: z.array(z.number().int()), // of the first 1,000
});
export type RepairedRows = z.infer<typeof repairedRowsSchema>;

/** The answer to "what is in this file?", from its first lines only. */
export const importPreviewSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  encoding: z.string(),
  encodingReason: z.string(), // 'byte order mark', 'valid UTF-8', 'statistics (83 %)', 'chosen'
  dialect: dialectSchema,
  header: z.boolean(),
  skipLines: z.number().int(),
  columns: z.array(columnSchema),
  rawLines: z.array(z.object({ line: z.number().int(), text: z.string() })),
  rows: z.array(z.array(z.string().nullable())), // the first rows, parsed
  estimatedRows: z.number(),
  notes: z.array(z.string()),
  format: sourceFormatSchema.default('delimited'),
  sheets: z.array(z.string()).default([]), // of an Excel workbook
  sheet: z.string().nullable().default(null), // the one that is shown
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

/** What each column is, and how labels are written. */
export const columnChoiceSchema = z.object({
  textColumns: z.array(z.string()).min(1),
  labelColumns: z.array(z.string()), // empty: nothing is labelled yet
  multiLabel: z.boolean(),
  labelSeparator: z.string().nullable(), // for several labels in one cell
  /** Columns that say on which side a row is, who a row is, what rows belong together, and when a row was written. */
  splitColumn: z.string().optional(),
  idColumn: z.string().optional(),
  groupColumn: z.string().optional(),
  timeColumn: z.string().optional(),
});
export type ColumnChoice = z.infer<typeof columnChoiceSchema>;

/** What the ids of a file's rows said: which rows are new, and which were there. */
export const idSummarySchema = z.object({
  fresh: z.number().int(), // rows with an id that was not there, or with none
  changed: z.number().int(), // rows whose text is another one now: the earlier one was set aside
  same: z.number().int(), // rows that were there just so: not taken a second time
  labelsKept: z.number().int(), // rows where the file has another label than a person has given
  labelsTaken: z.number().int(), // rows where the file's label has replaced that of an earlier file
  repeated: z.array(z.object({ id: z.string(), lines: z.array(z.number().int()) })), // the first 20
  repeatedCount: z.number().int(), // ids that stand in the file more than once
});
export type IdSummary = z.infer<typeof idSummarySchema>;

/** What an import did. */
export const importSummarySchema = z.object({
  rows: z.number().int(),
  labelled: z.number().int(),
  rejected: z.array(rejectedRowSchema), // the first 1,000
  rejectedCount: z.number().int(),
  labels: z.array(z.object({ name: z.string(), count: z.number().int() })),
  seconds: z.number(),
  ids: idSummarySchema.optional(), // where a column holds ids
  repaired: repairedRowsSchema.optional(), // where there are any
});
export type ImportSummary = z.infer<typeof importSummarySchema>;

/** What rows of a file are for: the main data, given validation or test rows, or texts for the language model only. */
export const importRoleSchema = z.enum(['data', 'valid', 'test', 'unlabelled']);
export type ImportRole = z.infer<typeof importRoleSchema>;

/** A file that was imported. */
export const importedFileSchema = z.object({
  id: z.number().int(),
  path: z.string(),
  role: importRoleSchema,
  summary: importSummarySchema,
  inUse: z.number().int(), // rows that are not set aside
});
export type ImportedFile = z.infer<typeof importedFileSchema>;

export const splitSchema = z.enum(['train', 'valid', 'test', 'unlabelled']);
export type Split = z.infer<typeof splitSchema>;

/** One row as a screen sees it. `labels` is empty where nobody has labelled it. */
export const rowSchema = z.object({
  id: z.number().int(),
  text: z.string(), // text columns joined by a line break
  labels: z.array(z.string()),
  split: splitSchema,
  predicted: z.array(z.object({ label: z.string(), probability: z.number() })).nullable(), // best first
  /** What a person has put on the row besides labels; left out where nothing. */
  marks: z.object({ flagged: z.boolean(), skipped: z.boolean(), kept: z.boolean(), note: z.string() }).optional(),
});
export type Row = z.infer<typeof rowSchema>;

/** So much of a text a page of rows holds, in characters (code points): many times what a table shows of it. */
export const rowHeadCharacters = 2_000;
/** A row of which the text is only its beginning where it is long; `labels.rows` gives the whole of it. */
export const rowHeadSchema = rowSchema.extend({
  textLength: z.number().int().optional(), // characters in the whole text; left out where `text` is whole
});
export type RowHead = z.infer<typeof rowHeadSchema>;

export const labelInfoSchema = z.object({
  name: z.string(),
  count: z.number().int(),
  color: z.string(),
  description: z.string().optional(), // what belongs under the label, in a person's words
});
export type LabelInfo = z.infer<typeof labelInfoSchema>;
