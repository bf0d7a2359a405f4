import { modelFormatError } from './file-error';
import { readPickle } from './pickle';
import { PickleObject, PickleTuple, type PickleClass } from './pickle-values';
import { readWholeFile } from './read-file';

/** fastcore's list class: what it holds lies in its state. */
const LIST_NAMES = ['fastcore.foundation.L', 'fastcore.basics.L', 'fastai.text.transform.Vocab'];
const ALLOWED: ReadonlyMap<string, PickleClass> = new Map(
  LIST_NAMES.map((name): [string, PickleClass] => [name, (args) => new PickleObject(name, args)]),
);

/**
 * The words of a language model by id, from a pickled list (`itos_wt103.pkl`, `vocab.pkl`) or a JSON array. Of a
 * classifier's pair of vocabularies (words, labels) the first is taken.
 *
 * @throws AppError `file-not-found`, `file-unreadable`, or `model-format` when it is no list of words
 */
export async function readVocabularyFile(file: string): Promise<string[]> {
  const bytes = await readWholeFile(file);
  const list = bytes[0] === 0x5b ? jsonOf(bytes, file) : listOf(readPickle(bytes, file, { allowed: ALLOWED }).value);
  const words = list?.length === 2 && list.every((each) => listOf(each) !== null) ? listOf(list[0]) : list;
  if (words === null || words.length === 0) throw modelFormatError(file, 'expected a list of words.');
  return words.map((word, id) => {
    if (typeof word === 'string') return word;
    throw modelFormatError(file, `expected a word at place ${id}, got ${word === null ? 'nothing' : typeof word}.`);
  });
}

function jsonOf(bytes: Uint8Array, file: string): readonly unknown[] {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as readonly unknown[];
  } catch (error) {
    throw modelFormatError(file, 'is neither a pickle nor a JSON array.', {}, error);
  }
}

function listOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (value instanceof PickleTuple) return value.items;
  if (!(value instanceof PickleObject)) return null;
  if (value.state instanceof Map) return listOf(value.state.get('items') ?? value.state.get('itos') ?? null);
  return value.items.length > 0 ? value.items : listOf(value.args[0] ?? null);
}
