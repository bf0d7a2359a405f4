import { z } from 'zod';

/** Bytes that a project takes on the disk. */
export const diskUseSchema = z.object({
  total: z.number(),
  rows: z.number(), // texts and labels
  texts: z.number(), // tokenized; made anew when needed
  runs: z.number(),
  models: z.number(),
  other: z.number(),
});
export type DiskUse = z.infer<typeof diskUseSchema>;

/** A project that was put into the trash. */
export const trashedProjectSchema = z.object({ path: z.string(), name: z.string(), at: z.string(), bytes: z.number() });
export type TrashedProject = z.infer<typeof trashedProjectSchema>;

const none = z.object({});
const folder = z.object({ path: z.string() });

/** What the home screen does with whole projects. One that is open is closed first, but for another name. */
export const projectMethods = {
  'project.diskUse': { request: folder, response: diskUseSchema },
  'project.rename': { request: folder.extend({ name: z.string().min(1) }), response: none },
  'project.duplicate': { request: folder.extend({ name: z.string().min(1) }), response: folder },
  /** Moves a project into the trash beside it, from where it can be restored. */
  'project.trash': { request: folder, response: none },
  'project.trashed': { request: z.object({ folders: z.array(z.string()) }), response: z.array(trashedProjectSchema) },
  'project.restore': { request: folder, response: folder },
  'project.deleteTrashed': { request: folder, response: none },
  /** Keeps what was pasted as a file of the open project. */
  'import.paste': { request: z.object({ text: z.string() }), response: folder },
} as const;
