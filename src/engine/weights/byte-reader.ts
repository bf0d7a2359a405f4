import { modelFormatError } from './file-error';

/** Lines and whole numbers in pickles are short; anything longer is an attack or damage. */
const LONGEST_LINE = 100_000;
const LONGEST_NUMBER = 256;

/** Pickles hold lone surrogates as three bytes each; replacement characters stand for them. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads little-endian values one after the other; reading past the end is a `model-format` error. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  position: number;

  constructor(bytes: Uint8Array, file: string, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.position = start;
  }

  error(message: string, data: Readonly<Record<string, unknown>> = {}): Error {
    return modelFormatError(this.#file, message, data);
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    const start = this.position;
    if (length > this.#bytes.length - start) {
      throw this.error(`ends at byte ${this.#bytes.length}; ${length} more bytes were expected from byte ${start} on.`);
    }
    this.position = start + length;
    return this.#bytes.subarray(start, start + length);
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  /** A 64-bit count; one that no memory holds runs into the end of the bytes. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  float64BigEndian(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  utf8(length: number): string {
    return DECODER.decode(this.take(length));
  }

  /** A two's complement number of `length` bytes. */
  longOf(length: number): number | bigint {
    if (length > LONGEST_NUMBER) throw this.error(`has a whole number of ${length} bytes.`);
    const hex = Buffer.from(this.take(length)).reverse().toString('hex');
    if (hex === '') return 0;
    return narrow(BigInt.asIntN(length * 8, BigInt(`0x${hex}`)));
  }

  /** A whole number in decimal digits. */
  decimal(digits: string): number | bigint {
    if (!/^[-+]?\d{1,300}$/.test(digits))
      throw this.error(`has '${digits.slice(0, 40)}' where a whole number was expected.`);
    return narrow(BigInt(digits.replace(/^\+/, '')));
  }

  /** Text up to the next line end, which is taken too. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.position);
    if (end < 0 || end - this.position > LONGEST_LINE)
      throw this.error(`has a line without end at byte ${this.position}.`);
    const text = this.utf8(end - this.position);
    this.position = end + 1;
    return text;
  }

  #skip(length: number): number {
    this.take(length);
    return this.position - length;
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
