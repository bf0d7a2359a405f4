import type { IdBuffer } from './id-buffer';

/** Turns documents into token ids; words and sub-words each have their own. */
export interface TokenEncoder {
  /** Appends the ids of a text whose fields are joined already. */
  encode(text: string, out: IdBuffer): void;
  /** Appends the ids of `units`, the code units of a text whose fields are joined already. */
  encodeUnits(units: Uint16Array, out: IdBuffer): void;
}
