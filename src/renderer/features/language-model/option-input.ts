import { runOptionsSchema, type RunOption, type RunOptionName, type RunOptions } from '../../../shared/run-options';

/** What a person has typed or chosen for an option: a value that fits, nothing (as usual), or something that does not fit. */
export type OptionInput =
  | { readonly state: 'empty' }
  | { readonly state: 'fits'; readonly value: RunOptions[RunOptionName] }
  | { readonly state: 'wrong' };

/** Reads what stands in an option's field. Decimals may have a comma; several numbers are parted by blanks. */
export function readOption({ name, control }: RunOption, text: string): OptionInput {
  const trimmed = text.trim();
  if (trimmed === '') return { state: 'empty' };
  const parsed = runOptionsSchema.shape[name].safeParse(reading(control.kind, trimmed));
  return parsed.success && parsed.data !== undefined ? { state: 'fits', value: parsed.data } : { state: 'wrong' };
}

function reading(kind: RunOption['control']['kind'], text: string): unknown {
  if (kind === 'number') return toNumber(text);
  if (kind === 'flag') return text === 'true' ? true : text === 'false' ? false : text;
  if (kind !== 'numbers') return text;
  const parts = /[\s;]/.test(text) ? text.split(/[\s;]+/) : text.split(',');
  return parts.filter((part) => part !== '').map((part) => toNumber(part.replace(/,$/, '')));
}

/** NaN where the text is no number; `Number` alone would take '' for 0. */
function toNumber(text: string): number {
  const plain = text.replace(',', '.');
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}

/** An option's value as its field shows it. */
export function showOption(value: RunOptions[RunOptionName] | undefined): string {
  if (value === undefined) return '';
  return Array.isArray(value) ? value.join(' ') : String(value);
}

/** Options that fit a search: every word of it is somewhere in the name, the symbol or the sentences. */
export function findOptions(
  options: readonly RunOption[],
  search: string,
  words: (option: RunOption) => string,
): readonly RunOption[] {
  const wanted = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return options.filter((option) => {
    const text = [option.name, option.symbol, option.values, words(option)].join(' ').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
