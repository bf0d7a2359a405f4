import { replaceRepeatedCharacters, replaceRepeatedWords } from './repeats';
import { fixHtml, spaceSpecialCharacters } from './rules';
import { HTML, REPEATED_CHARACTERS, REPEATED_WORDS, SPECIAL, textFeatures } from './text-features';

/** Node's copies between strings and code units are far faster than a loop; browsers, where exported models run too, have only that. */
const native = typeof Buffer === 'undefined' ? null : Buffer;
/** Code units that become a string at once: each is an argument of a call. */
const PIECE = 8192;

/**
 * The text rules up to `spec_add_spaces` on code units. One look at a text says which of them can have anything to do;
 * most texts come back as they are. The rules about spaces and capitals work word by word and are the caller's.
 */
export class RulePass {
  private scratch = new Uint16Array(1 << 15);
  private bytes = native?.from(this.scratch.buffer);

  /** The text after the rules, as code units that are valid until the next call. */
  applyToText(text: string): Uint16Array {
    const units = this.unitsOf(text);
    const features = textFeatures(units, units.length);
    return features === 0 ? units : this.unitsOf(this.ruled(text, features));
  }

  /** The same for code units; what comes back may be the given array. */
  apply(units: Uint16Array): Uint16Array {
    const features = textFeatures(units, units.length);
    return features === 0 ? units : this.unitsOf(this.ruled(stringOf(units, 0, units.length), features));
  }

  /** The rules, each only where its triggers are; what they add may hold triggers of the next. */
  private ruled(text: string, features: number): string {
    let current = text;
    let found = features;
    const apply = (rule: (text: string) => string): void => {
      const changed = rule(current);
      if (changed !== current) found = textFeatures(this.unitsOf(changed), changed.length);
      current = changed;
    };
    if (found & HTML) apply(fixHtml);
    if (found & REPEATED_CHARACTERS) apply(replaceRepeatedCharacters);
    if (found & REPEATED_WORDS) apply(replaceRepeatedWords);
    return found & SPECIAL ? spaceSpecialCharacters(current) : current;
  }

  private unitsOf(text: string): Uint16Array {
    if (text.length > this.scratch.length) {
      this.scratch = new Uint16Array(Math.ceil(text.length * 1.5));
      this.bytes = native?.from(this.scratch.buffer);
    }
    if (this.bytes) this.bytes.write(text, 'utf16le');
    else for (let i = 0; i < text.length; i++) this.scratch[i] = text.charCodeAt(i);
    return this.scratch.subarray(0, text.length);
  }
}

/** A part of some code units as a string. */
export function stringOf(units: Uint16Array, start: number, end: number): string {
  if (native) return native.from(units.buffer, units.byteOffset + start * 2, (end - start) * 2).toString('utf16le');
  let text = '';
  for (let i = start; i < end; i += PIECE) text += String.fromCharCode(...units.subarray(i, Math.min(end, i + PIECE)));
  return text;
}
