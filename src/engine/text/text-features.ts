import { isPythonSpace } from './python-text';

/*
 * One pass over a text says which of the rules can have anything to do there, so that the others need not run. A feature
 * may be seen where the rule then changes nothing; it is never missed where the rule would change something.
 */

/** `fix_html` may apply: one of `& ; \ < @`, or three full stops. */
export const HTML = 1;
/** `replace_rep` may apply: a code unit stands three times running, or surrogate pairs repeat. */
export const REPEATED_CHARACTERS = 2;
/** `replace_wrep` may apply: two words side by side are equal. */
export const REPEATED_WORDS = 4;
/** `spec_add_spaces` applies: one of `/ # \`. */
export const SPECIAL = 8;

/** 0 letter or the like, 1 white space, 2 trigger of HTML, 3 of SPECIAL, 4 of both, 5 second half of a surrogate pair. */
const kinds = new Uint8Array(0x10000);
for (let code = 0; code < kinds.length; code++) if (isPythonSpace(code)) kinds[code] = 1;
for (const code of [0x26, 0x3b, 0x3c, 0x40]) kinds[code] = 2;
for (const code of [0x2f, 0x23]) kinds[code] = 3;
kinds[0x5c] = 4;
kinds.fill(5, 0xdc00, 0xe000);
const FEATURES_OF_KIND = [0, 0, HTML, SPECIAL, HTML | SPECIAL, 0] as const;

/** Whether a code unit is white space, by table. */
export function isSpaceUnit(code: number): boolean {
  return kinds[code] === 1;
}

/** The features (bits above) of `units[0, length)`. */
export function textFeatures(units: Uint16Array, length: number): number {
  let features = 0;
  let before = -1;
  let wordStart = 0;
  let previousStart = 0;
  let previousLength = 0;
  for (let i = 0; i < length; i++) {
    const code = units[i] as number;
    const kind = kinds[code] as number;
    if (code === before && kind !== 1 && i > 1 && units[i - 2] === code) {
      features |= code === 0x2e ? REPEATED_CHARACTERS | HTML : REPEATED_CHARACTERS;
    }
    before = code;
    if (kind === 0) continue;
    if (kind === 1) {
      const wordLength = i - wordStart;
      if (wordLength > 0) {
        if (wordLength === previousLength && equalUnits(units, previousStart, wordStart, wordLength))
          features |= REPEATED_WORDS;
        previousStart = wordStart;
        previousLength = wordLength;
      }
      wordStart = i + 1;
    } else if (kind === 5) {
      if (i > 3 && units[i - 2] === code && units[i - 4] === code) features |= REPEATED_CHARACTERS;
    } else {
      features |= FEATURES_OF_KIND[kind] as number;
    }
  }
  return features;
}

function equalUnits(units: Uint16Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (units[a + i] !== units[b + i]) return false;
  return true;
}
