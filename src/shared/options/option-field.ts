import { z } from 'zod';

/** What is said about an option wherever options are shown. */
export interface OptionWords {
  /** One sentence: what the option does. */
  readonly effect: string;
  /** The paper or fastai symbol that it follows. */
  readonly symbol: string;
  /** What holds where it is left out, in words. */
  readonly usual: string;
}

/** How an option is set on a screen. Numbers are from `least` to `most`, both allowed. */
export type OptionControl =
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly whole: boolean }
  | { readonly kind: 'numbers'; readonly least: number; readonly most: number; readonly count: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'text' };

/** One option of a run: its schema, and how it is told to a person. */
export interface OptionField<S extends z.ZodType = z.ZodType> extends OptionWords {
  readonly schema: S;
  /** What may be given, in words. */
  readonly values: string;
  readonly control: OptionControl;
}

/** An option with a few named values. */
export function choice<const V extends readonly [string, ...string[]]>(values: V, words: OptionWords) {
  const control: OptionControl = { kind: 'choice', choices: values };
  return { schema: z.enum(values), values: values.join(' | '), control, ...words };
}

/** An option that is a number from `least` to `most`. */
export function number(least: number, most: number, words: OptionWords): OptionField<z.ZodNumber> {
  const control: OptionControl = { kind: 'number', least, most, whole: false };
  return { schema: z.number().min(least).max(most), values: range(least, most), control, ...words };
}

/** An option that is a whole number from `least` to `most`. */
export function whole(least: number, most: number, words: OptionWords): OptionField<z.ZodNumber> {
  const control: OptionControl = { kind: 'number', least, most, whole: true };
  return { schema: z.number().int().min(least).max(most), values: `whole ${range(least, most)}`, control, ...words };
}

/** An option that is on or off. */
export function flag(words: OptionWords): OptionField<z.ZodBoolean> {
  return { schema: z.boolean(), values: 'true | false', control: { kind: 'flag' }, ...words };
}

/** An option that is several numbers, parted by commas. */
export function numbers(
  count: number,
  least: number,
  most: number,
  words: OptionWords,
): OptionField<z.ZodArray<z.ZodNumber>> {
  const schema = z.array(z.number().min(least).max(most)).length(count);
  const values = `${count} numbers ${range(least, most)}, parted by commas`;
  return { schema, values, control: { kind: 'numbers', least, most, count }, ...words };
}

function range(least: number, most: number): string {
  return Number.isFinite(most) && most < 1e9 ? `${least} to ${most}` : `from ${least} on`;
}
