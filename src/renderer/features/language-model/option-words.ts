import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { runOptionTable, type RunOption, type RunOptionName } from '../../../shared/run-options';
import type { TrainingRequest } from '../../../shared/training-types';
import { useFormat, type Format } from '../../app/format';

/** Options and their values in plain words of one language. */
export interface OptionWords {
  /** What an option is called. */
  title(name: RunOptionName): string;
  /** One value of an option with named values. */
  choice(name: RunOptionName, value: string): string;
  /** What holds where an option is left out. */
  usual(option: RunOption): string;
  /** Any value of an option, as tables show it. */
  value(name: RunOptionName, value: unknown): string;
  /** Any value of a plain setting of a run, as tables show it. */
  setting(name: keyof TrainingRequest, value: unknown): string;
}

type Translate = (key: string) => string;

/** A list of numbers is parted by blanks, as its field reads it: commas may stand inside of a number. */
function plainValue(value: unknown, format: Format, t: Translate): string {
  if (typeof value === 'boolean') return t(value ? 'options.on' : 'options.off');
  if (typeof value === 'number') return format.exact(value);
  return Array.isArray(value) ? value.map((one) => plainValue(one, format, t)).join(' ') : String(value);
}

function settingValue(name: keyof TrainingRequest, value: unknown, format: Format, t: Translate): string {
  if (name === 'preset') return t(`training.presets.${String(value)}.title`);
  if (name === 'testShare' && typeof value === 'number') return format.percent(value, 0);
  if (name === 'pretrained' && value === null) return t('training.starts.scratch');
  return plainValue(value, format, t);
}

function makeWords(t: Translate, format: Format): OptionWords {
  const optionNamed = (name: RunOptionName) => runOptionTable.find((one) => one.name === name);
  const choice = (name: RunOptionName, value: string) => t(`options.choices.${name}.${value}`);
  const isChoice = (option: RunOption | undefined, value: unknown): value is string =>
    option?.control.kind === 'choice' && typeof value === 'string' && option.control.choices.includes(value);
  return {
    title: (name) => t(`options.titles.${name}`),
    choice,
    usual: (option) => {
      if (isChoice(option, option.usual)) return choice(option.name, option.usual);
      if (option.control.kind === 'flag') return t(option.usual === 'true' ? 'options.on' : 'options.off');
      return t(`options.of.${option.name}.usual`);
    },
    value: (name, value) => (isChoice(optionNamed(name), value) ? choice(name, value) : plainValue(value, format, t)),
    setting: (name, value) => settingValue(name, value, format, t),
  };
}

/** The words of options in the language in use, which follow when it changes. */
export function useOptionWords(): ComputedRef<OptionWords> {
  const { t } = useI18n();
  const format = useFormat();
  return computed(() => makeWords((key) => t(key), format.value));
}
