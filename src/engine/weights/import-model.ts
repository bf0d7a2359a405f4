import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors';
import { type TokenizerFile } from '../text/tokenizer-file';
import { SENTENCEPIECE_FILE } from '../text/sentencepiece/sentencepiece-model';
import { SentencePieceModel } from '../text/sentencepiece/sentencepiece-model';
import { pieceTokens } from '../text/sentencepiece/subword-vocabulary';
import { writeBytesAtomic } from './atomic-write';
import { importFastaiWeights } from './fastai-import';
import { saveImported, type SavedImport } from './save-imported';

/** Weights that somebody else has trained, and where the model made of them goes. */
export interface ModelToImport {
  readonly weights: string;
  readonly vocabulary: string;
  /** Folder of the model: new, empty, or with an older model that is replaced. */
  readonly out: string;
  readonly name: string;
  readonly backward: boolean;
  readonly language: string;
  /** A SentencePiece model where the words are sub-words; null for words. */
  readonly sentencepiece: string | null;
  /** A classifier's labels by class; null for a language model, or where the vocabulary's file holds them. */
  readonly labels: readonly string[] | null;
  readonly multiLabel: boolean;
  /** What else `model.json` says of it. */
  readonly facts?: Readonly<Record<string, string | number | null>>;
  /** The model's card, in Markdown. */
  readonly card?: string;
}

/**
 * Makes a model folder of files of fastai: all of it, or where that fails nothing.
 * @throws AppError `file-not-found`, `file-unreadable`, `model-format`, `bad-input`
 */
export async function importModel(model: ModelToImport): Promise<SavedImport> {
  const { out, sentencepiece, name, backward, labels, multiLabel, facts } = model;
  await refuseOtherContent(out);
  const pieces = sentencepiece === null ? null : pieceTokens(SentencePieceModel.load(sentencepiece));
  const imported = await importFastaiWeights(model.weights, model.vocabulary, { subwords: pieces !== null });
  const tokenizer: TokenizerFile = {
    language: model.language,
    kind: pieces === null ? 'words' : 'sentencepiece',
  };
  const half = `${out}.half`;
  await rm(half, { recursive: true, force: true });
  try {
    const saved = await saveImported(half, imported, { name, backward, tokenizer, labels, multiLabel, facts });
    if (sentencepiece !== null) await copyFile(sentencepiece, path.join(half, SENTENCEPIECE_FILE));
    if (model.card !== undefined) await writeBytesAtomic(path.join(half, 'README.md'), model.card);
    await mkdir(path.dirname(out), { recursive: true });
    await rm(out, { recursive: true, force: true });
    await rename(half, out);
    return saved;
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

async function refuseOtherContent(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const found = await readdir(folder);
  if (found.length === 0 || found.includes('model.json')) return;
  throw new AppError('bad-input', `${folder} is not empty and holds no model: ${found.slice(0, 3).join(', ')} …`, {
    hint: 'Choose a new or empty folder.',
    data: { folder },
    says: { sentence: 'folderInUse', folder },
  });
}
