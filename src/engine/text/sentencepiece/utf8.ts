const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A text in UTF-8; lone surrogates become U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of bytes in UTF-8; what is none becomes U+FFFD, and a byte order mark stays. */
export function utf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
