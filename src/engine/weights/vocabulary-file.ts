import { modelFormatError } from './file-error';
import { readPickle } from './pickle';
import { PickleObject, PickleTuple, type PickleClass } from './pickle-values';
import { readWholeFile } from './read-file';

/** fastcore's list class: what it holds lies in its state. */
const LIST_NAMES = [
  'fastcore.foundation.L',
  'fastcore.basics.L',
  'fastai.text.transform.Vocab',
  'fastai.data.transforms.CategoryMap',
  'fastai.data.transforms.MultiCategoryMap',
];
/** The lists, and what stands in the state of those that know their words' places. */
const ALLOWED: ReadonlyMap<string, PickleClass | null> = new Map<string, PickleClass | null>([
  ...LIST_NAMES.map((name): [string, PickleClass] => [name, (args) => new PickleObject(name, args)]),
  ['collections.defaultdict', () => new Map()],
  ['builtins.int', null],
  ['__builtin__.int', null],
]);

/** What a vocabulary file holds. */
export interface Vocabularies {
  readonly words: string[];
  /** The labels of a classifier, which fastai keeps beside the words; null where there are none. */
  readonly labels: string[] | null;
}

/**
 * The words of a model by id, from a pickled list (`itos_wt103.pkl`, `vocab.pkl`) or a JSON array; of a classifier's
 * pair of vocabularies also the labels.
 *
 * @throws AppError `file-not-found`, `file-unreadable`, or `model-format` when it is no list of words
 */
export async function readVocabularies(file: string): Promise<Vocabularies> {
  const bytes = await readWholeFile(file);
  const list = bytes[0] === 0x5b ? jsonOf(bytes, file) : listOf(readPickle(bytes, file, { allowed: ALLOWED }).value);
  const isPair = list?.length === 2 && list.every((each) => listOf(each) !== null);
  const words = isPair ? listOf(list[0]) : list;
  const labels = isPair ? listOf(list[1]) : null;
  if (words === null || words.length === 0) throw modelFormatError(file, 'expected a list of words.');
  return {
    words: textsOf(words, file, 'word'),
    labels: labels === null || labels.length === 0 ? null : textsOf(labels, file, 'label'),
  };
}

function textsOf(values: readonly unknown[], file: string, what: string): string[] {
  return values.map((value, id) => {
    if (typeof value === 'string') return value;
    const got = value === null ? 'nothing' : typeof value;
    throw modelFormatError(file, `expected a ${what} at place ${id}, got ${got}.`);
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
