import { AppError } from '../../../shared/errors';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
/** Field numbers and lengths in such files are small; a number that needs more bytes is damage. */
const LONGEST_VARINT = 10;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads the fields of one protobuf message in their order; only what model files need. */
export class ProtoReader {
  private readonly data: Uint8Array;
  private readonly view: DataView;
  private readonly file: string;
  private position = 0;
  private kind = VARINT;

  constructor(data: Uint8Array, file: string) {
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.file = file;
  }

  /** Whether another field follows. */
  get more(): boolean {
    return this.position < this.data.length;
  }

  /** The number of the next field; its value must be read or skipped next. */
  field(): number {
    const key = this.varint();
    this.kind = key & 7;
    return Math.floor(key / 8);
  }

  /** The value as a whole number (negative ones too, up to 32 bits). */
  integer(): number {
    this.expect(VARINT);
    return this.varint() | 0;
  }

  /** The value as a 32-bit float. */
  float(): number {
    this.expect(FIXED32);
    return this.view.getFloat32(this.advance(4), true);
  }

  /** The value as bytes (a view): also that of a nested message. */
  bytes(): Uint8Array {
    this.expect(BYTES);
    const length = this.varint();
    const start = this.advance(length);
    return this.data.subarray(start, start + length);
  }

  /** The value as text. */
  text(): string {
    return utf8.decode(this.bytes());
  }

  /** Passes over a value of any kind. */
  skip(): void {
    if (this.kind === VARINT) this.varint();
    else if (this.kind === FIXED64) this.advance(8);
    else if (this.kind === FIXED32) this.advance(4);
    else this.bytes();
  }

  private varint(): number {
    let value = 0;
    for (let i = 0; i < LONGEST_VARINT; i++) {
      const byte = this.data[this.advance(1)] as number;
      // The upper half of a negative number's ten bytes adds multiples of 2³², which `| 0` drops.
      if (i < 7) value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw this.damaged();
  }

  private advance(length: number): number {
    const start = this.position;
    if (length > this.data.length - start) throw this.damaged();
    this.position = start + length;
    return start;
  }

  private expect(kind: number): void {
    if (this.kind !== kind) throw this.damaged();
  }

  private damaged(): AppError {
    const message = `${this.file}: not a model of SentencePiece: the message breaks off or is malformed near byte ${this.position} of ${this.data.length}.`;
    return new AppError('model-format', message, {
      hint: 'The file is damaged, incomplete, or of another format. Copy or make it again.',
      data: { file: this.file },
    });
  }
}

/** Writes a protobuf message field by field. */
export class ProtoWriter {
  private readonly parts: Uint8Array[] = [];

  integer(field: number, value: number): this {
    this.key(field, VARINT);
    this.parts.push(varintOf(BigInt.asUintN(64, BigInt(value))));
    return this;
  }

  float(field: number, value: number): this {
    this.key(field, FIXED32);
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.parts.push(bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.key(field, BYTES);
    this.parts.push(varintOf(BigInt(value.length)), value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, value: ProtoWriter): this {
    return this.bytes(field, value.finish());
  }

  /** All that was written. */
  finish(): Uint8Array {
    return Buffer.concat(this.parts);
  }

  private key(field: number, kind: number): void {
    this.parts.push(varintOf(BigInt(field * 8 + kind)));
  }
}

function varintOf(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
