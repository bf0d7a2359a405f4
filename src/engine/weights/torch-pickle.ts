import { PickleGlobal, PickleObject, PickleTuple, type PickleClass } from './pickle-values';
import type { StoredDtype } from './stored-tensor';

/** A block of numbers that tensors look into, somewhere else in the file. */
export interface TorchStorage {
  readonly key: string;
  readonly dtype: StoredDtype;
  readonly count: number; // elements
}

/** A tensor as torch pickles it: a window on a storage. Not checked yet. */
export class TorchTensor {
  constructor(
    readonly storage: unknown,
    readonly offset: unknown,
    readonly shape: unknown,
    readonly strides: unknown,
  ) {}
}

const STORAGE_TYPES: Readonly<Record<string, StoredDtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** Values that occur beside the weights (in an optimiser's state) and are of no interest: kept as inert objects. */
const INERT = [
  'fastcore.foundation.L',
  'fastcore.basics.L',
  'numpy.core.multiarray.scalar',
  'numpy._core.multiarray.scalar',
  'numpy.dtype',
  '_codecs.encode',
  'torch.device',
];

const items = (value: unknown): readonly unknown[] =>
  value instanceof PickleTuple ? value.items : Array.isArray(value) ? (value as readonly unknown[]) : [];

/** Python 2 pickles an OrderedDict as a call with a list of pairs. */
const dictOf: PickleClass = (args) => new Map(items(args[0]).map((pair) => [items(pair)[0], items(pair)[1]]));

const windowOn: PickleClass = (args) => new TorchTensor(args[0], args[1], args[2], args[3]);

/** Names that a file of torch weights may mention, with the plain data that stands for them. */
export const TORCH_NAMES: ReadonlyMap<string, PickleClass | null> = new Map<string, PickleClass | null>([
  ['collections.OrderedDict', dictOf],
  ['collections.defaultdict', () => new Map()],
  ['builtins.set', (args) => [...items(args[0])]],
  ['__builtin__.set', (args) => [...items(args[0])]],
  ['torch.Size', (args) => new PickleTuple(items(args[0]))],
  ['torch._utils._rebuild_tensor', windowOn],
  ['torch._utils._rebuild_tensor_v2', windowOn],
  ['torch._utils._rebuild_parameter', (args) => args[0]],
  ['torch._utils._rebuild_parameter_with_state', (args) => args[0]],
  ...INERT.map((name): [string, PickleClass] => [name, (args) => new PickleObject(name, args)]),
  ...Object.keys(STORAGE_TYPES).flatMap((type): [string, null][] => [
    [`torch.${type}`, null],
    [`torch.cuda.${type}`, null],
  ]),
]);

/** The storage that a reference of the pickle names: ('storage', type, key, device, count); null for anything else. */
export function storageOf(id: unknown): TorchStorage | null {
  const [tag, type, key, , count, view] = items(id);
  if (tag !== 'storage' || !(type instanceof PickleGlobal) || typeof key !== 'string' || !isCount(count)) return null;
  const dtype = STORAGE_TYPES[type.name.replace(/^torch\.(cuda\.)?/, '')];
  if (dtype === undefined || (view !== undefined && view !== null)) return null;
  return { key, dtype, count };
}

/** Sizes or strides as numbers; null when they are something else. */
export function countsOf(value: unknown): number[] | null {
  const list = items(value);
  return (value instanceof PickleTuple || Array.isArray(value)) && list.every(isCount) ? [...list] : null;
}

/** A whole number from 0 on that arithmetic keeps exact. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
