/** Element types of stored tensors, as safetensors names them. F16 and BF16 are kept as their raw 16-bit patterns. */
export type StoredDtype = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'U8' | 'I8' | 'BOOL';

export type StoredData =
  Float64Array | Float32Array | Uint16Array | BigInt64Array | Int32Array | Int16Array | Uint8Array | Int8Array;

/** A tensor as it lies in a file: row-major, little-endian. */
export interface StoredTensor {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly data: StoredData;
}

/** Bytes of one element. */
export const BYTES_PER_ELEMENT: Readonly<Record<StoredDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  U8: 1,
  I8: 1,
  BOOL: 1,
};

/** True for the name of an element type that Thaw can read. */
export function isStoredDtype(name: unknown): name is StoredDtype {
  return typeof name === 'string' && Object.hasOwn(BYTES_PER_ELEMENT, name);
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * `count` elements of `bytes` from `offset` on: a view where the position is aligned for the element type, else a copy.
 * The caller has checked that they lie inside `bytes`.
 */
export function viewElements(bytes: Uint8Array, offset: number, dtype: StoredDtype, count: number): StoredData {
  const width = BYTES_PER_ELEMENT[dtype];
  const aligned = (bytes.byteOffset + offset) % width === 0;
  // slice() on a Buffer would share memory: go through the plain prototype, which copies.
  const buffer = aligned ? bytes.buffer : Uint8Array.prototype.slice.call(bytes, offset, offset + count * width).buffer;
  const start = aligned ? bytes.byteOffset + offset : 0;
  switch (dtype) {
    case 'F64':
      return new Float64Array(buffer, start, count);
    case 'F32':
      return new Float32Array(buffer, start, count);
    case 'F16':
    case 'BF16':
      return new Uint16Array(buffer, start, count);
    case 'I64':
      return new BigInt64Array(buffer, start, count);
    case 'I32':
      return new Int32Array(buffer, start, count);
    case 'I16':
      return new Int16Array(buffer, start, count);
    case 'U8':
    case 'BOOL':
      return new Uint8Array(buffer, start, count);
    case 'I8':
      return new Int8Array(buffer, start, count);
  }
}

/** The values as 32-bit floats: the same memory for F32, a converted copy for every other type. */
export function toFloat32(tensor: StoredTensor): Float32Array {
  const { data, dtype } = tensor;
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  if (dtype === 'BF16') {
    // bfloat16 is the upper half of a float32
    return new Float32Array(Uint32Array.from(data, (bits) => bits << 16).buffer);
  }
  if (dtype === 'F16') return Float32Array.from(data, halfToNumber);
  return Float32Array.from(data);
}

/** A half-precision bit pattern as a number (IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits). */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
