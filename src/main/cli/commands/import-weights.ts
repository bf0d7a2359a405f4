import path from 'node:path';
import type { Command } from 'commander';
import { importModel } from '../../../engine/weights/import-model';
import type { SavedImport } from '../../../engine/weights/save-imported';
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
  const saved = await importModel({
    weights: path.resolve(flags.weights),
    vocabulary: path.resolve(flags.vocab),
    out,
    name: flags.name ?? path.basename(out),
    backward: flags.backward ?? false,
    language: flags.language,
    sentencepiece: flags.sentencepiece === undefined ? null : path.resolve(flags.sentencepiece),
    labels: flags.labels ?? null,
    multiLabel: flags.multiLabel ?? false,
  });
  for (const note of saved.notes) output.say(note);
  output.result({ ...saved, backward: flags.backward ?? false, out }, importedWords(saved, out));
}

/** What was imported, in a line. */
export function importedWords({ kind, encoder }: SavedImport, out: string): string {
  const { vocabulary, embedding, hidden, layers } = encoder;
  const what = kind === 'classifier' ? 'Classifier' : 'Language model';
  return `${what} (${encoder.kind}) with ${integer(vocabulary)} words, embedding ${embedding}, ${layers} layers of ${hidden}: ${out}`;
}
