import { z } from 'zod';
import {
  columnChoiceSchema,
  importPreviewSchema,
  importedFileSchema,
  importRoleSchema,
  importSummarySchema,
  labelInfoSchema,
  readOptionsSchema,
  rejectedRowSchema,
  repairedRowsSchema,
  rowHeadSchema,
  rowSchema,
} from './data-types';
import { projectMethods } from './project-types';
import { dataMethods, healthProgressSchema } from './data-methods';
import { ablationRequestSchema, ablationTableSchema } from './ablation-types';
import { doctorReportSchema } from './doctor-types';
import { modelImportSchema, modelInfoSchema, modelListSchema, modelProgressSchema } from './model-types';
import { labelInsightSchema, labelMethods, rowFilterSchema } from './label-types';
import { exportMethods } from './export-types';
import { fileMethods } from './file-types';
import { historyMethods } from './history-types';
import { inspectMethods } from './inspect-types';
import { menuCommands } from './menu-commands';
import { jobSchema, progressEventSchema } from './jobs';
import { runTrashMethods } from './run-trash-types';
import { saveMethods } from './save-types';
import {
  comparisonSchema,
  findRateRequestSchema,
  rateCurveSchema,
  predictionSchema,
  runDiskSchema,
  runSchema,
  runWithEventsSchema,
  trainingPlanSchema,
  trainingRequestSchema,
} from './training-types';

/**
 * The typed IPC contract: the one list of what the window may ask and of what it is told. Both sides parse every
 * message with these schemas. `engine` methods are answered by the engine host (the command line calls the same
 * methods in its own process); `shell` methods by Electron's main process.
 */

/** An open project, as the rail and the title show it. */
export const projectSchema = z.object({
  path: z.string(),
  name: z.string(),
  createdAt: z.string(),
  rows: z.number().int(),
  labelled: z.number().int(),
  columns: columnChoiceSchema.nullable(), // null: nothing imported yet
  labels: z.array(labelInfoSchema),
  hasLanguageModel: z.boolean(),
  hasClassifier: z.boolean(),
  /** Labels are otherwise than they were when the classifier's training began; what was changed back is not. */
  labelsAreNewer: z.boolean(),
  sourceFile: z.string().nullable(),
  /** The sample that the project was made for, by one click on it. */
  sample: z.string().optional(),
});
export type Project = z.infer<typeof projectSchema>;

const none = z.object({});
const jobId = z.object({ jobId: z.string() });
const figures = z.boolean().default(true);
const page = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) };

export type { RowFilter, LabelState } from './label-types';

export const engineMethods = {
  'doctor.report': { request: none, response: doctorReportSchema },

  'project.create': {
    request: z.object({ path: z.string(), name: z.string().min(1), sample: z.string().optional() }),
    response: projectSchema,
  },
  'project.open': { request: z.object({ path: z.string() }), response: projectSchema },
  'project.current': { request: none, response: projectSchema.nullable() },
  'project.close': { request: none, response: none },

  'import.preview': {
    request: z.object({ path: z.string(), options: readOptionsSchema }),
    response: importPreviewSchema,
  },
  /** Reads the whole file without keeping anything: exact row count and every rejected row. */
  'import.check': {
    request: z.object({ path: z.string(), options: readOptionsSchema }),
    response: z.object({
      encoding: z.string(),
      dialect: importPreviewSchema.shape.dialect,
      header: z.boolean(),
      columns: z.array(z.string()),
      rows: z.number().int(),
      rejected: z.array(rejectedRowSchema),
      rejectedCount: z.number().int(),
      repaired: repairedRowsSchema.optional(),
    }),
  },
  /** Imports into the open project. `role` says what the rows are for: the main data, or given validation / test / unlabelled rows. */
  'import.run': {
    request: z.object({
      path: z.string(),
      options: readOptionsSchema,
      columns: columnChoiceSchema,
      role: importRoleSchema.default('data'),
    }),
    response: jobId,
  },
  /** What the newest import did. */
  'import.summary': { request: none, response: importSummarySchema.nullable() },
  /** Every file that was imported, oldest first, with what could not be read of it. */
  'import.files': { request: none, response: z.array(importedFileSchema) },

  /** A page of a table of rows: of each text at most its first `rowHeadCharacters`; `labels.rows` gives whole ones. */
  'rows.page': {
    request: z.object({ ...page, filter: rowFilterSchema }),
    response: z.object({ total: z.number().int(), rows: z.array(rowHeadSchema) }),
  },

  ...labelMethods,
  ...historyMethods,
  ...dataMethods,
  ...projectMethods,

  /** What a run would do. With `timed`, a few steps are timed for the estimate (some seconds), unless a job is under way. */
  'training.plan': {
    request: trainingRequestSchema.extend({ timed: z.boolean().default(false) }),
    response: trainingPlanSchema,
  },
  /** Queues the whole job: tokenize, baseline, language model, classifier stage by stage, calibration, evaluation. */
  'training.start': { request: trainingRequestSchema.extend({ resumeRunId: z.string().optional() }), response: jobId },

  /** Sweeps the learning rate of a run that is not begun; the project's models are only read. */
  'training.findRate': { request: findRateRequestSchema, response: jobId },
  /** What a sweep of {@link engineMethods} `training.findRate` came to, once its job is done. */
  'training.rateCurve': { request: jobId, response: rateCurveSchema.nullable() },
  /** Trains variants of a run beside the run itself and measures each; a folder that was begun goes on. */
  'ablation.start': { request: ablationRequestSchema, response: jobId },
  /** What an ablation has measured so far; null where its folder holds none. */
  'ablation.table': { request: z.object({ folder: z.string() }), response: ablationTableSchema.nullable() },

  /** What can be varied by name, each with the names of its variants. */
  'ablation.parts': { request: none, response: z.array(z.object({ name: z.string(), variants: z.array(z.string()) })) },
  /** The ablations in the project's own folder, newest first. */
  'ablation.list': {
    request: none,
    response: z.array(z.object({ folder: z.string(), name: z.string(), table: ablationTableSchema.nullable() })),
  },

  /** Language models that are installed or can be fetched. Asking opens no connection. */
  'models.list': { request: none, response: modelListSchema },
  /** Begins to fetch a model of the catalogue: the one method that opens a connection, for a click that names host and size. */
  'models.download': { request: z.object({ id: z.string(), trustNew: z.boolean().default(false) }), response: none },
  'models.cancel': { request: z.object({ id: z.string() }), response: none },
  'models.remove': { request: z.object({ id: z.string() }), response: z.object({ freed: z.number() }) },
  /** Makes a model of weights of fastai that lie on this machine. */
  'models.import': {
    request: modelImportSchema,
    response: z.object({ model: modelInfoSchema, notes: z.array(z.string()) }),
  },

  'jobs.list': { request: none, response: z.array(jobSchema) },
  'jobs.pause': { request: jobId, response: jobSchema },
  'jobs.resume': { request: jobId, response: jobSchema },
  /** Ends a job at the next safe point; what was saved stays and the run can go on later. */
  'jobs.cancel': { request: jobId, response: jobSchema },

  /** Ends a run's training now with the best weights so far; calibration and measuring follow. */
  'jobs.finish': { request: jobId, response: jobSchema },
  /** Puts a job that waits before another one that waits, or at the end. */
  'jobs.move': { request: jobId.extend({ before: z.string().nullable() }), response: z.array(jobSchema) },

  /** Without `figures` runs come without those on test rows: handing these out counts as a look at the test rows. */
  'runs.list': { request: z.object({ figures }), response: z.array(runSchema) },
  'runs.get': { request: z.object({ runId: z.string(), figures }), response: runWithEventsSchema },
  /** Gives a run a name of its own; null takes it away. */
  'runs.rename': { request: z.object({ runId: z.string(), name: z.string().min(1).nullable() }), response: runSchema },
  'runs.disk': { request: none, response: z.array(runDiskSchema) },
  /** Deletes the weights that a run keeps; its curves and figures stay, and the project's own classifier. */
  'runs.prune': { request: z.object({ runId: z.string() }), response: z.object({ freed: z.number() }) },
  ...runTrashMethods,
  ...saveMethods,

  'inspect.comparison': { request: none, response: comparisonSchema.nullable() },
  /** The held-out rows behind one cell of the confusion matrix. */
  'inspect.cell': {
    request: z.object({ actual: z.string(), predicted: z.string(), ...page }),
    response: z.object({ total: z.number().int(), rows: z.array(rowSchema) }),
  },
  ...inspectMethods,
  'predict.texts': { request: z.object({ texts: z.array(z.string()).max(1000) }), response: z.array(predictionSchema) },
  ...fileMethods,
  ...exportMethods,
} as const;

/** What a person has set for the whole app. */
const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.string(),
  /** By the name of an action the keys that the person has given it in the place of its own. */
  keys: z.record(z.string(), z.array(z.string())).optional(),
});

export const shellMethods = {
  'shell.info': {
    request: none,
    response: z.object({
      version: z.string(),
      electron: z.string(),
      node: z.string(),
      platform: z.string(),
      locale: z.string(),
      dark: z.boolean(),
      projectsFolder: z.string(),
    }),
  },
  'shell.recentProjects': {
    request: none,
    response: z.array(
      z.object({
        path: z.string(),
        name: z.string(),
        openedAt: z.string(),
        exists: z.boolean(),
        sample: z.string().optional(),
      }),
    ),
  },
  /** Folders that projects are or were in: thrown away ones lie in them, on no list any more. */
  'shell.projectPlaces': { request: none, response: z.array(z.string()) },
  'shell.forgetProject': { request: z.object({ path: z.string() }), response: none },
  /** A project on the list has got another name. */
  'shell.noteName': { request: z.object({ path: z.string(), name: z.string() }), response: none },
  /** The system's own open dialog; null where the person chose nothing. */
  'shell.chooseFile': { request: z.object({ title: z.string() }), response: z.string().nullable() },
  /** The system's own save dialog, which also asks before a file is written over; null where the person chose nothing. */
  'shell.chooseSave': {
    request: z.object({ title: z.string(), fileName: z.string(), extensions: z.array(z.string()).min(1) }),
    response: z.string().nullable(),
  },
  'shell.chooseFolder': { request: z.object({ title: z.string() }), response: z.string().nullable() },
  'shell.samples': {
    request: none,
    response: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        file: z.string(),
        text: z.array(z.string()),
        label: z.array(z.string()),
      }),
    ),
  },
  /** What undo and redo would do now, in the words of the window, for the menu; empty where nothing. */
  'shell.nameHistory': {
    request: z.object({ undo: z.string().max(500), redo: z.string().max(500) }),
    response: none,
  },
  /** What of the menu can be done at the moment; the other items are grey. */
  'shell.offerCommands': { request: z.object({ commands: z.array(z.enum(menuCommands)) }), response: none },
  /** Undo and redo of what is typed into the field that has the focus. */
  'shell.editField': { request: z.object({ what: z.enum(['undo', 'redo']) }), response: none },
  'shell.showInFolder': { request: z.object({ path: z.string() }), response: none },
  'shell.settings': {
    request: none,
    response: settingsSchema,
  },
  'shell.saveSettings': {
    request: settingsSchema,
    response: none,
  },
} as const;

/** What the window is told without asking. */
export const events = {
  /** A job has changed state or moved on. */
  job: jobSchema,
  /** What a running job reports. */
  progress: z.object({ jobId: z.string(), runId: z.string().nullable(), event: progressEventSchema }),
  /** The quick model of the labelling screen was fitted anew, or measured. */
  labelling: labelInsightSchema,
  /** How far the look at all texts for the health report is. */
  health: healthProgressSchema,
  /** The project has other rows, labels or models than before. */
  project: projectSchema.nullable(),
  /** How the download of a model stands. */
  modelDownload: modelProgressSchema,
  /** A person has clicked the system's note of a job: its screen is wanted. */
  jobWanted: z.object({ jobId: z.string() }),
  /** A person has chosen undo or redo in the menu. */
  historyWanted: z.object({ what: z.enum(['undo', 'redo']) }),
  /** A person has chosen a command in the menu. */
  commandWanted: z.object({ command: z.enum(menuCommands) }),
  /** A person has chosen a project in the menu. */
  projectWanted: z.object({ path: z.string() }),
  /** The engine process: `restarting` after it ended unexpectedly, with the reason. */
  engine: z.object({
    state: z.enum(['starting', 'ready', 'restarting', 'failed']),
    reason: z.string().nullable(),
    /** Which kernels are in use, once TensorFlow was loaded. */
    backend: z.string().nullable(),
  }),
} as const;

export type EngineMethods = typeof engineMethods;
export type ShellMethods = typeof shellMethods;
export type EngineMethod = keyof EngineMethods;
export type ShellMethod = keyof ShellMethods;
export type Method = EngineMethod | ShellMethod;
type Contract = EngineMethods & ShellMethods;

/** What a caller passes (defaults may be left out). */
export type Request<M extends Method> = z.input<Contract[M]['request']>;
/** What a handler gets after parsing. */
export type ParsedRequest<M extends Method> = z.output<Contract[M]['request']>;
export type Response<M extends Method> = z.output<Contract[M]['response']>;

export type EventName = keyof typeof events;
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>;
