import { z } from 'zod';
import { errorEnvelopeSchema } from './jobs';

/** Where a language model comes from: with Thaw, by download from the catalogue, or from a person's own files. */
export const modelOriginSchema = z.enum(['shipped', 'catalogue', 'own']);
export type ModelOrigin = z.infer<typeof modelOriginSchema>;

/** What a download would fetch, and from whom. */
export const modelDownloadSchema = z.object({
  url: z.string(),
  host: z.string(),
  /** Size of the archive; null where its source does not publish it: then the server says it when asked. */
  bytes: z.number().nullable(),
  /** About how many bytes it has where `bytes` is not known: what its weights take, computed from the model's sizes. */
  estimate: z.number().nullable(),
  /** How the download is checked: a hash of the whole file, fastai's of its first mebibyte, or none that is published. */
  check: z.enum(['sha256', 'first-mebibyte', 'first-use']),
});
export type ModelDownload = z.infer<typeof modelDownloadSchema>;

/**
 * What one should know of a model: its licence is that of the program that publishes it (the weights name none); its
 * sub-words were learned from text whose punctuation stood apart (Moses tokenizer), which Thaw does not do.
 */
export const modelNoteSchema = z.enum(['code-licence', 'moses']);
export type ModelNote = z.infer<typeof modelNoteSchema>;

/** A language model or imported classifier, installed or to be had. */
export const modelInfoSchema = z.object({
  id: z.string(),
  title: z.string(),
  origin: modelOriginSchema,
  kind: z.enum(['language-model', 'classifier']),
  installed: z.boolean(),
  /** Its folder; null where it is not installed. */
  folder: z.string().nullable(),
  /** Disk use in bytes; null where it is not installed. */
  bytes: z.number().nullable(),
  /** ISO 639-1 codes; empty where nothing says so. */
  languages: z.array(z.string()),
  backward: z.boolean(),
  tokens: z.enum(['words', 'sentencepiece']),
  encoder: z.object({
    kind: z.string(),
    vocabulary: z.number().int(),
    embedding: z.number().int(),
    hidden: z.number().int(),
    layers: z.number().int(),
  }),
  /** On the validation text of whoever trained it, per word or sub-word; null where nobody says. */
  perplexity: z.number().nullable(),
  licence: z.string().nullable(),
  /** The web page that the model is described on. */
  page: z.string().nullable(),
  /** What one should know before using it. */
  notes: z.array(modelNoteSchema),
  download: modelDownloadSchema.nullable(),
  /** sha256 of the archive that it was made of; of one that was removed, still what the next download must have. */
  sha256: z.string().nullable(),
  /** True where the hash was taken from the first download and not published by the source. */
  trustedOnFirstUse: z.boolean(),
  /** Bytes of an interrupted download that the next one goes on from. */
  partBytes: z.number(),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;

/** How a download stands. */
export const modelProgressSchema = z.object({
  id: z.string(),
  state: z.enum(['downloading', 'checking', 'unpacking', 'converting', 'done', 'failed', 'cancelled']),
  done: z.number(),
  total: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  error: errorEnvelopeSchema.nullable(),
});
export type ModelProgress = z.infer<typeof modelProgressSchema>;

/** All models, with the folder that downloads and imports go to. */
export const modelListSchema = z.object({
  folder: z.string(),
  models: z.array(modelInfoSchema),
  downloads: z.array(modelProgressSchema),
});
export type ModelList = z.infer<typeof modelListSchema>;

/** Files of a person's own to make a model of. */
export const modelImportSchema = z.object({
  weights: z.string().min(1),
  vocabulary: z.string().min(1),
  name: z.string().min(1),
  backward: z.boolean().default(false),
  language: z.string().default('en'),
  /** A SentencePiece model where the words are sub-words. */
  sentencepiece: z.string().nullable().default(null),
  /** Labels of a classifier in the order of its classes; null: those in the vocabulary file. */
  labels: z.array(z.string()).nullable().default(null),
  multiLabel: z.boolean().default(false),
});
export type ModelImport = z.infer<typeof modelImportSchema>;
