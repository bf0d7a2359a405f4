/*
 * UTF-8 that was read as Windows-1252 (or Latin-1): "fÃ¼r" for "für". Such places can be told from real text because the
 * characters, written back as bytes, are valid UTF-8, which text hardly ever is by chance.
 */

/** The characters of Windows-1252 for the bytes 0x80 to 0x9f; the five unused ones stand for themselves. */
const HIGH =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';
const BYTE_OF = new Map([...HIGH].map((character, i) => [character.charCodeAt(0), 0x80 + i]));
/** A character that can stand for a continuation byte, as a class of a pattern. */
const CONTINUATION = `[\u0080-\u00bf${HIGH}]`;
const DAMAGED = new RegExp(
  `[\u00c2-\u00df]${CONTINUATION}|[\u00e0-\u00ef]${CONTINUATION}{2}|[\u00f0-\u00f4]${CONTINUATION}{3}`,
  'g',
);
const FIRST_LOOK = /[\u00c2-\u00f4]/;
/** What such places hardly ever stand for: marks without a letter, but for that of emoji. */
const UNLIKELY = /^(?!\ufe0f)\p{M}/u;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** True where the text has UTF-8 that was read as Windows-1252. */
export function hasMojibake(text: string): boolean {
  return FIRST_LOOK.test(text) && repairOnce(text) !== text;
}

/** The text as it was meant; places that were read wrongly twice are mended twice, everything else stays. */
export function repairMojibake(text: string): string {
  let mended = text;
  for (let round = 0; round < 3; round++) {
    const next = FIRST_LOOK.test(mended) ? repairOnce(mended) : mended;
    if (next === mended) break;
    mended = next;
  }
  return mended;
}

function repairOnce(text: string): string {
  return text.replace(DAMAGED, (place) => {
    const bytes = Uint8Array.from(place, (character) => {
      const code = character.charCodeAt(0);
      return BYTE_OF.get(code) ?? code;
    });
    try {
      const meant = decoder.decode(bytes);
      // A code that no text has is a character of Windows-1252 by its byte: it was taken for Latin-1 first.
      const high = HIGH[meant.charCodeAt(0) - 0x80];
      if (meant < '\u00a0' && high !== undefined) return high;
      return UNLIKELY.test(meant) ? place : meant;
    } catch {
      return place; // over-long forms and surrogates: no UTF-8 after all
    }
  });
}
