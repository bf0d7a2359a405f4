import { z } from 'zod';
import { rowFilterSchema } from './label-types';

const saved = z.object({ file: z.string(), rows: z.number().int(), bytes: z.number() });

/** Writing rows into files that other programs read: CSV, or with the ending .tsv parted by tabs. */
export const saveMethods = {
  /** Rows that a filter finds, with texts, the file's other columns, labels, side, marks and what the model says. */
  'rows.save': { request: z.object({ out: z.string().min(1), filter: rowFilterSchema.default({}) }), response: saved },
  /** Lines that could not be read, of one imported file or of all: line, reason, the line as it stood, and the file. */
  'rejected.save': {
    request: z.object({ out: z.string().min(1), importId: z.number().int().optional() }),
    response: saved,
  },
} as const;
