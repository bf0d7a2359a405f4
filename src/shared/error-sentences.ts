import { z } from 'zod';

/**
 * What is said of an error, as data: the name of a sentence and what stands in it. It is given where the error is thrown;
 * the window writes the sentence in its language (`errorWords` of the locales), the command line and logs say the error's
 * English message. Numbers are numbers, lists of names are lists: each language writes them in its way.
 */

const text = z.string();
const number = z.number();
const list = z.array(z.string());
const sentence = <N extends string, V extends z.ZodRawShape>(name: N, values: V) =>
  z.object({ sentence: z.literal(name), ...values });

/** Of files, and what is read from them. */
const ofFiles = [
  sentence('noFile', { path: text }),
  sentence('noFileRows', { path: text }),
  sentence('noFileText', { path: text }),
  sentence('notAFile', { path: text }),
  sentence('noColumn', { path: text, wanted: text, got: list }),
  sentence('noSheet', { path: text, wanted: text, got: list }),
  sentence('noRecords', { path: text }),
  sentence('noLabelledRow', { path: text, columns: list }),
  sentence('sameFile', { path: text }),
  sentence('manyLabels', { path: text, columns: list, n: number, got: number }),
  sentence('noParquet', { path: text }),
  sentence('tooLarge', { path: text }),
  sentence('unreadable', { path: text }),
  sentence('fileTrouble', { file: text }),
  sentence('noEncoding', { got: text }),
  sentence('emptyClipboard', {}),
  sentence('diskFull', { file: text }),
] as const;

/** Of projects, their labels and their rows. */
const ofProjects = [
  sentence('projectLocked', { file: text, by: z.enum(['this', 'another']), process: number.optional() }),
  sentence('noProject', { folder: text }),
  sentence('newerProject', { folder: text, n: number, got: number }),
  sentence('projectThere', { folder: text }),
  sentence('folderInUse', { folder: text }),
  sentence('projectClosed', {}),
  sentence('labelThere', { label: text }),
  sentence('noLabel', { label: text }),
  sentence('labelName', {}),
  sentence('noSplitColumn', {}),
  sentence('noTestRows', {}),
  sentence('noRows', {}),
] as const;

/** Of models, runs and jobs. */
const ofTraining = [
  sentence('twoLabels', { n: number }),
  sentence('rowsOfEach', { n: number, train: number, valid: number }),
  sentence('labelColumn', { columns: list, n: number, rows: number, alone: number }),
  sentence('modelLacks', { folder: text, files: list }),
  sentence('fewTexts', { n: number, labels: number }),
  sentence('noClassifier', {}),
  sentence('noClassifierIn', { folder: text }),
  sentence('noLanguageModelIn', { folder: text }),
  sentence('notDownloaded', { model: text }),
  sentence('importedOnly', { folder: text }),
  sentence('otherDirection', { folder: text }),
  sentence('noRun', { run: text }),
  sentence('runBusy', { run: text }),
  sentence('runInUse', { run: text }),
  sentence('runComplete', { run: text }),
  sentence('rowsChanged', {}),
  sentence('notMeasured', { run: text }),
  sentence('otherOrigin', {}),
  sentence('jobState', {}),
  sentence('noNumber', {}),
  sentence('memory', {}),
  sentence('engineEnded', {}),
  sentence('noServer', { host: text }),
  sentence('brokeOff', { host: text, n: number, total: number }),
  sentence('downloading', { model: text }),
  sentence('modelName', { wanted: text }),
  sentence('optionValue', { option: text, got: text }),
] as const;

/** What is said of an error. */
export const errorSentenceSchema = z.discriminatedUnion('sentence', [...ofFiles, ...ofProjects, ...ofTraining]);
export type ErrorSentence = z.infer<typeof errorSentenceSchema>;
export type ErrorSentenceName = ErrorSentence['sentence'];
