import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { SENTENCEPIECE_FILE, type TokenizerFile } from '../../../engine/text/tokenizer-file';
import { SentencePieceModel } from '../../../engine/text/sentencepiece/sentencepiece-model';
import { pieceTokens } from '../../../engine/text/sentencepiece/subword-vocabulary';
import { importFastaiWeights } from '../../../engine/weights/fastai-import';
import { saveImported, type SavedImport } from '../../../engine/weights/save-imported';
import { AppError } from '../../../shared/errors';
import type { Run } from '../command';
import { integer } from '../human';
import { nameList } from '../options';
import type { Session } from '../session';
import { languageCode } from '../tokenizer-flags';

interface ImportWeightsFlags {
  readonly weights: string;
  readonly vocab: string;
  readonly out: string;
  readonly name?: string;
  readonly backward?: boolean;
  readonly labels?: readonly string[];
  readonly multiLabel?: boolean;
  readonly language: string;
  readonly sentencepiece?: string;
}

/** `thaw import-weights`: a language model or classifier of fastai as a model folder. */
export function addImportWeights(program: Command, run: Run): void {
  program
    .command('import-weights')
    .description('Make a model folder of weights that fastai saved: a language model, or a text classifier.')
    .requiredOption('--weights <file>', '.pth or .h5 of torch.save, or safetensors; nothing in it is executed')
    .requiredOption('--vocab <file>', 'its words: .pkl, or a JSON list')
    .requiredOption('--out <folder>', 'folder of the model')
    .option('--name <name>', 'name of the model (default: that of the folder)')
    .option('--backward', 'it reads texts from their end')
    .option(
      '--labels <names>',
      'labels of a classifier in the order of its classes (default: those in the vocabulary file)',
      nameList,
    )
    .option('--multi-label', 'the classifier gives several labels to a text')
    .option('--language <code>', 'language of its texts', languageCode, 'en')
    .option('--sentencepiece <file>', 'its words are sub-words of this SentencePiece model')
    .action((flags: ImportWeightsFlags) => run((session) => importCommand(session, flags)));
}

async function importCommand({ output }: Session, flags: ImportWeightsFlags): Promise<void> {
  const out = path.resolve(flags.out);
  await refuseOtherContent(out);
  const subwords = flags.sentencepiece !== undefined;
  if (flags.sentencepiece !== undefined) pieceTokens(SentencePieceModel.load(path.resolve(flags.sentencepiece)));
  const imported = await importFastaiWeights(path.resolve(flags.weights), path.resolve(flags.vocab), { subwords });
  const tokenizer: TokenizerFile = { language: flags.language, kind: subwords ? 'sentencepiece' : 'words' };
  const half = `${out}.half`;
  await rm(half, { recursive: true, force: true });
  try {
    const saved = await saveImported(half, imported, {
      name: flags.name ?? path.basename(out),
      backward: flags.backward ?? false,
      tokenizer,
      labels: flags.labels ?? null,
      multiLabel: flags.multiLabel ?? false,
    });
    if (flags.sentencepiece !== undefined) {
      await copyFile(path.resolve(flags.sentencepiece), path.join(half, SENTENCEPIECE_FILE));
    }
    await mkdir(path.dirname(out), { recursive: true });
    await rm(out, { recursive: true, force: true });
    await rename(half, out);
    for (const note of saved.notes) output.say(note);
    output.result({ ...saved, backward: flags.backward ?? false, out }, words(saved, out));
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

function words({ kind, encoder }: SavedImport, out: string): string {
  const { vocabulary, embedding, hidden, layers } = encoder;
  const what = kind === 'classifier' ? 'Classifier' : 'Language model';
  return `${what} (${encoder.kind}) with ${integer(vocabulary)} words, embedding ${embedding}, ${layers} layers of ${hidden}: ${out}`;
}

async function refuseOtherContent(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const found = await readdir(folder);
  if (found.length === 0 || found.includes('model.json')) return;
  throw new AppError('bad-input', `${folder} is not empty and holds no model: ${found.slice(0, 3).join(', ')} …`, {
    hint: 'Choose a new or empty folder.',
    data: { folder },
  });
}
