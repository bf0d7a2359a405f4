import { z } from 'zod';
import { AppError } from './errors';
import { classifierOptions } from './options/classifier-options';
import { encoderOptions } from './options/encoder-options';
import { ensembleOptions } from './options/ensemble-options';
import { languageModelOptions } from './options/language-model-options';
import type { OptionControl, OptionField } from './options/option-field';
import { textOptions } from './options/text-options';
import { trainingOptions } from './options/training-options';

/** The groups of options, in the order in which they are shown. A new option goes into the file of its group. */
export const optionGroups = {
  text: textOptions,
  encoder: encoderOptions,
  'language-model': languageModelOptions,
  classifier: classifierOptions,
  training: trainingOptions,
  ensemble: ensembleOptions,
} as const;
export type OptionGroup = keyof typeof optionGroups;

/** Makes every field optional, keeping its type. */
function shapeOf<F extends Readonly<Record<string, OptionField>>>(
  fields: F,
): { [K in keyof F]: z.ZodOptional<F[K]['schema']> } {
  const entries = Object.entries(fields).map(([name, field]) => [name, field.schema.optional()]);
  return Object.fromEntries(entries) as { [K in keyof F]: z.ZodOptional<F[K]['schema']> };
}

/** Every advanced option of a run; what is left out is chosen by the plan. Unknown names are refused. */
export const runOptionsSchema = z.strictObject({
  ...shapeOf(textOptions),
  ...shapeOf(encoderOptions),
  ...shapeOf(languageModelOptions),
  ...shapeOf(classifierOptions),
  ...shapeOf(trainingOptions),
  ...shapeOf(ensembleOptions),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;
export type RunOptionName = keyof RunOptions;

/** An option as a table shows it. */
export interface RunOption {
  readonly name: RunOptionName;
  readonly group: OptionGroup;
  readonly values: string;
  readonly control: OptionControl;
  readonly usual: string;
  readonly effect: string;
  readonly symbol: string;
}

/** All options with what they do, for help, documents and the window. */
export const runOptionTable: readonly RunOption[] = Object.entries(optionGroups).flatMap(([group, fields]) =>
  Object.entries(fields as Readonly<Record<string, OptionField>>).map(([name, field]) => ({
    name: name as RunOptionName,
    group: group as OptionGroup,
    values: field.values,
    control: field.control,
    usual: field.usual,
    effect: field.effect,
    symbol: field.symbol,
  })),
);

/**
 * Reads options given as `name=value` (a name also with dashes: `lm-rate`); later ones replace earlier ones.
 * @throws AppError `bad-input` with the option, what was expected and what was got
 */
export function parseRunOptions(given: readonly string[], base: RunOptions = {}): RunOptions {
  const options: Record<string, unknown> = { ...base };
  for (const text of given) {
    const at = text.indexOf('=');
    const name = at < 0 ? text : text.slice(0, at).trim();
    const option = optionNamed(name);
    const value = at < 0 ? '' : text.slice(at + 1).trim();
    options[option.name] = valueOf(option, value);
  }
  return runOptionsSchema.parse(options);
}

function optionNamed(name: string): RunOption {
  const wanted = name.replaceAll('-', '').toLowerCase();
  const option = runOptionTable.find((each) => each.name.toLowerCase() === wanted);
  if (option) return option;
  throw new AppError('bad-input', `There is no option "${name}".`, {
    hint: 'thaw options lists them all.',
    data: { name },
  });
}

/** The first reading of a text that the option's schema takes: as it is, as JSON, as numbers parted by commas. */
function valueOf(option: RunOption, text: string): unknown {
  const schema = runOptionsSchema.shape[option.name as RunOptionName];
  const readings: unknown[] = text === '' ? [] : [text, asJson(text), text.split(',').map(Number)];
  for (const reading of readings) {
    const parsed = schema.safeParse(reading);
    if (parsed.success && parsed.data !== undefined) return parsed.data;
  }
  throw new AppError('bad-input', `Option ${option.name} is "${text}"; expected ${option.values}.`, {
    data: { name: option.name, got: text, expected: option.values },
    says: { sentence: 'optionValue', option: option.name, got: text },
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
