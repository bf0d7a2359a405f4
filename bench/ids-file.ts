import { readFileSync, writeFileSync } from 'node:fs';

/** Documents as token ids: document i is `ids[offsets[i], offsets[i + 1])`. */
export interface IdDocuments {
  readonly ids: Int32Array;
  readonly offsets: Int32Array;
}

/** Writes documents for product and peer: 32-bit numbers, first how many documents, then where each ends, then all ids. */
export function writeIds(file: string, { ids, offsets }: IdDocuments): void {
  const count = offsets.length - 1;
  const numbers = new Int32Array(1 + count + ids.length);
  numbers[0] = count;
  numbers.set(offsets.subarray(1), 1);
  numbers.set(ids, 1 + count);
  writeFileSync(file, numbers);
}

/** Reads what {@link writeIds} wrote. */
export function readIds(file: string): IdDocuments {
  const bytes = readFileSync(file);
  const numbers = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const count = numbers[0] ?? 0;
  const offsets = new Int32Array(count + 1);
  offsets.set(numbers.subarray(1, count + 1), 1);
  return { ids: numbers.slice(count + 1), offsets };
}
