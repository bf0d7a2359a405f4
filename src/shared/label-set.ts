import { z } from 'zod';

/** A label of a file: its place in the list is its key's, so the order of the entries counts. */
export const labelSetEntrySchema = z.object({
  name: z.string().trim().min(1).max(200),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .optional(),
  description: z.string().max(2000).optional(),
});
export type LabelSetEntry = z.infer<typeof labelSetEntrySchema>;

/** The file that a set of labels is saved to and taken from, see docs/formats/labels.md. */
export const labelSetFileSchema = z.object({
  format: z.literal('thaw-labels'),
  version: z.literal(1),
  labels: z.array(labelSetEntrySchema).min(1).max(10_000),
});

/** What taking a file's labels does, or has done, to those of the project. */
export const labelSetEffectSchema = z.object({
  file: z.string(),
  added: z.array(z.string()), // labels that are new
  changed: z.array(z.string()), // known ones that get another colour or description
  moved: z.boolean(), // the order of the list changes
  kept: z.number().int(), // labels of the project that the file does not name; they stay, behind the others
});
export type LabelSetEffect = z.infer<typeof labelSetEffectSchema>;
