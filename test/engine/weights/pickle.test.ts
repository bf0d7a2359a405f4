import { describe, expect, it } from 'vitest';
import { readPickle } from '../../../src/engine/weights/pickle';
import { PickleTuple } from '../../../src/engine/weights/pickle-values';
import { parseTorchFile, type TorchFile } from '../../../src/engine/weights/torch-file';
import { TorchTensor } from '../../../src/engine/weights/torch-pickle';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const read = (text: string): unknown => readPickle(bytes(text), 'test.pkl', { allowed: new Map() }).value;

describe('pickles', () => {
  // each made by Python's pickle.dumps of the value in the name
  const values: [string, string, unknown][] = [
    ['None, protocol 0', 'N.', null],
    ['[1, -2, True], protocol 0', '(lp0\nI1\naI-2\naI01\na.', [1, -2, true]],
    ["('a\\n', 1.5), protocol 0", '(Va\\u000a\np0\nF1.5\ntp1\n.', new PickleTuple(['a\n', 1.5])],
    ["Python 2: ['it\\'s']", "(lp0\nS'it\\'s'\np1\na.", ["it's"]],
    ['2 ** 40, protocol 0', 'L1099511627776L\n.', 2 ** 40],
    ['-(2 ** 70), protocol 2', '\x80\x02\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\xc0.', -(2n ** 70n)],
    ['255, 256, -1 and 0', '\x80\x02(K\xffM\x00\x01J\xff\xff\xff\xff\x8a\x00t.', new PickleTuple([255, 256, -1, 0])],
    ["{'a': [], 1: ()}", '\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01]q\x02K\x01)u.', new Map<unknown, unknown>([['a', []], [1, new PickleTuple([])]])],
    ['0.1', '\x80\x02G\x3f\xb9\x99\x99\x99\x99\x99\x9a.', 0.1],
    ["the same list twice, protocol 4: ['é']", '\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00]\x94\x8c\x02\xc3\xa9\x94ah\x00\x86.', new PickleTuple([['é'], ['é']])],
    ["{1, 2} and b'xy'", '\x80\x04\x8f\x94(K\x01K\x02\x90C\x02xy\x94\x86.', new PickleTuple([[1, 2], bytes('xy')])],
  ]; // prettier-ignore
  it.each(values)('give %s', (_name, text, value) => {
    expect(read(text)).toEqual(value);
  });

  const attacks: [string, string, RegExp][] = [
    ['os.system, protocol 0', "cos\nsystem\n(S'touch owned'\ntR.", /'os.system'/],
    ['builtins.eval by STACK_GLOBAL', '\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.', /'builtins.eval'/],
    ['an instance made by INST', "(S'x'\nios\nsystem\n.", /no known pickle instruction/],
    ['a class of an extension registry', '\x80\x02\x82\x01.', /no known pickle instruction/],
    ['data outside the file', '\x80\x02K\x01Q.', /outside the file/],
    ['a call of something that is no class', '\x80\x02K\x01)R.', /not allowed/],
    ['a text longer than the file', '\x80\x02X\xff\xff\xff\x7fabc.', /more bytes were expected/],
    ['a text of 2^63 bytes', '\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7fa.', /more bytes were expected/],
    ['a number of 4,096 bytes', `\x80\x02\x8b\x00\x10\x00\x00${'\x01'.repeat(0x1000)}.`, /whole number of 4096 bytes/],
    ['a decimal of a thousand digits', `I${'9'.repeat(1000)}\n.`, /whole number was expected/],
    ['an empty stack', '.', /no value|takes a value/],
    ['a value below a mark', '\x80\x02K\x01(0.', /takes a value/],
    ['an unknown memo', '\x80\x02h\x05.', /never stored/],
    ['items for a number', '\x80\x02K\x01K\x02a.', /no list/],
    ['no end', '\x80\x02K\x01', /ends at byte 4/],
  ];
  it.each(attacks)('refuse %s, saying so', (_name, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'model-format' }));
  });
});

/** A legacy torch file with one tensor 'w': the description as pickle code, then storage '7' with its raw bytes. */
function legacyFile(type: string, count: number, rebuild: string, window: string, data: Uint8Array): Uint8Array {
  const magic = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.';
  const machine = '\x80\x02M\xe9\x03.\x80\x02}X\x0d\x00\x00\x00little_endian\x88s.';
  const storage = `(U\x07storagec${type}\nU\x017U\x06cuda:0K${String.fromCharCode(count)}NtQ`;
  const value = `\x80\x02}U\x01wctorch._utils\n${rebuild}\n(${storage}${window}tRs.`;
  const keys = '\x80\x02]U\x017a.';
  const length = new Uint8Array(8);
  length[0] = count;
  return new Uint8Array(Buffer.concat([bytes(magic + machine + value + keys), length, data]));
}

const loaded = (file: TorchFile): { shape: readonly number[]; data: unknown } => {
  const tensor = file.value instanceof Map ? (file.value.get('w') as unknown) : null;
  if (!(tensor instanceof TorchTensor)) throw new Error('no tensor');
  return file.load(tensor, 'w');
};

describe('torch tensors', () => {
  const six = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
  const parse =
    (window: string, type = 'torch.cuda\nFloatStorage', rebuild = '_rebuild_tensor') =>
    (): unknown =>
      loaded(parseTorchFile(legacyFile(type, 6, rebuild, window, six), 'x.h5'));

  it('of the oldest files, on a GPU, are read', () => {
    expect(parse('K\x00K\x02K\x03\x86K\x03K\x01\x86')()).toEqual({
      dtype: 'F32',
      shape: [2, 3],
      data: Float32Array.of(1, 2, 3, 4, 5, 6),
    });
  });

  it('that are transposed or parts of a larger one are copied into order', () => {
    expect(parse('K\x00K\x03K\x02\x86K\x01K\x03\x86')()).toMatchObject({
      shape: [3, 2],
      data: Float32Array.of(1, 4, 2, 5, 3, 6),
    });
    expect(parse('K\x01K\x02K\x02\x86K\x03K\x01\x86')()).toMatchObject({
      shape: [2, 2],
      data: Float32Array.of(2, 3, 5, 6),
    });
    expect(parse('K\x05))')()).toMatchObject({ shape: [], data: Float32Array.of(6) });
    expect(parse('K\x00K\x00K\x03\x86K\x03K\x01\x86')()).toMatchObject({ shape: [0, 3], data: new Float32Array(0) });
  });

  it('that reach outside their storage, or repeat it to fill memory, are refused', () => {
    expect(parse('K\x01K\x02K\x03\x86K\x03K\x01\x86')).toThrow(/does not fit its storage of 6/);
    expect(parse('K\x00J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86K\x00K\x00\x86')).toThrow(/does not fit its storage/);
    expect(parse('K\x00J\xff\xff\xff\xffK\x03\x86K\x03K\x01\x86')).toThrow(/no whole sizes/);
    expect(parse('K\x00K\x02\x85K\x03K\x01\x86')).toThrow(/no whole sizes/);
  });

  it('of unknown types or made by unknown functions are refused by name', () => {
    expect(parse('K\x00))', 'torch\nComplexFloatStorage')).toThrow(/'torch.ComplexFloatStorage'/);
    expect(parse('K\x00))', 'torch\nFloatStorage', '_rebuild_evil')).toThrow(/'torch._utils._rebuild_evil'/);
  });

  it('are refused when the numbers are cut off or of another count', () => {
    const window = 'K\x00K\x06\x85K\x01\x85';
    const whole = legacyFile('torch\nFloatStorage', 6, '_rebuild_tensor_v2', `${window}\x89N`, six);
    expect(loaded(parseTorchFile(whole, 'x')).shape).toEqual([6]);
    expect(() => parseTorchFile(whole.subarray(0, whole.length - 1), 'x')).toThrow(/cut off/);
    const more = whole.slice();
    more[whole.length - 32] = 5;
    expect(() => loaded(parseTorchFile(more, 'x'))).toThrow(/6 numbers, got 5/);
    more[whole.length - 25] = 0x80;
    expect(() => parseTorchFile(more, 'x')).toThrow(/cut off/);
  });

  it('in files of other programs are refused with their name', () => {
    expect(() => parseTorchFile(bytes('\x89HDF\r\n\x1a\n'), 'x.h5')).toThrow(/HDF5/);
    expect(() => parseTorchFile(bytes('plain text'), 'x.pth')).toThrow(/not a file that torch.save wrote/);
    expect(() => parseTorchFile(new Uint8Array(0), 'x.pth')).toThrow(/not a file that torch.save wrote/);
  });
});
