import { z } from 'zod';
import { exportFactsSchema } from './export-snippets';

const fileSchema = z.object({ name: z.string(), bytes: z.number() });

/** An export that was written before, as the project remembers it. */
export const exportRecordSchema = z.object({
  folder: z.string(),
  /** UTC. */
  writtenAt: z.string(),
  /** The run whose classifier it is; null where the classifier does not name one. */
  runId: z.string().nullable(),
  files: z.number().int(),
  bytes: z.number(),
  /** With ONNX and JavaScript. */
  onnx: z.boolean(),
});
export type ExportRecord = z.infer<typeof exportRecordSchema>;

/** An export that was written before, as it is now: its facts, or null where the folder holds no classifier any more. */
export const pastExportSchema = exportRecordSchema.extend({ facts: exportFactsSchema.nullable() });
export type PastExport = z.infer<typeof pastExportSchema>;

/** What an export would write. */
export const exportContentsSchema = z.object({
  files: z.array(fileSchema),
  /** What ONNX adds, its network about as large as said; null: this classifier cannot be written as ONNX. */
  onnx: z.array(fileSchema).nullable(),
});
export type ExportContents = z.infer<typeof exportContentsSchema>;

/** Methods about the classifier as a folder of its own. */
export const exportMethods = {
  /** Writes the trained classifier as a folder that `thaw predict` and other programs can use. */
  'export.model': {
    /** onnx: for programs other than Thaw, an ONNX model with the JavaScript that uses it. */
    request: z.object({ folder: z.string(), onnx: z.boolean().optional() }),
    response: z.object({ folder: z.string(), files: z.array(fileSchema), facts: exportFactsSchema }),
  },
  /** What would be in the folder, and how large. */
  'export.contents': { request: z.object({}), response: exportContentsSchema },
  /** What was exported of this project, newest first, each folder once. */
  'export.past': { request: z.object({}), response: z.array(pastExportSchema) },
} as const;
