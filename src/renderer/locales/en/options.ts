import { runOptionTable, type RunOptionName } from '../../../shared/run-options';
import { optionWords, plainSentences } from './option-words';

/** What an option does, and what holds where it is left out. */
export interface OptionText {
  readonly effect: string;
  readonly usual: string;
}

/** In English the one table of options speaks for itself, but where it calls options and values by their names in files. */
const of = Object.fromEntries(
  runOptionTable.map(({ name, effect, usual }) => [name, { effect, usual, ...plainSentences[name] }]),
) as Record<RunOptionName, OptionText>;

/** The panel with every option of the engine. */
export const options = {
  options: {
    title: 'All options',
    lead: 'Every option of the engine. What you leave alone is chosen by the plan.',
    count: '{n} option | {n} options',
    search: 'Search the options',
    none: 'No option fits “{search}”.',
    noneChanged: 'Nothing is changed: every option is as the plan chooses.',
    show: 'Which options are shown',
    all: 'All',
    changed: 'Changed',
    changedCount: 'Changed ({n})',
    changedChip: 'changed',
    reset: 'Reset {name}',
    resetShort: 'Reset',
    resetAll: 'Reset all',
    undoReset: 'Undo reset',
    usual: 'Usually {usual}',
    byPlan: 'as usual',
    on: 'on',
    off: 'off',
    follows: 'Follows: {symbol}',
    invalid: '{n} option has a value that does not fit. | {n} options have values that do not fit.',
    showInvalid: 'Show',
    expect: {
      between: 'Expected a number from {least} to {most}.',
      atLeast: 'Expected a number of {least} or more.',
      wholeBetween: 'Expected a whole number from {least} to {most}.',
      wholeAtLeast: 'Expected a whole number of {least} or more.',
      numbers: 'Expected {count} numbers from {least} to {most}, parted by blanks.',
      text: 'This value does not fit.',
    },
    groups: {
      text: 'Words',
      encoder: 'Network',
      'language-model': 'Language model',
      classifier: 'Classifier',
      training: 'Optimiser and schedule',
      ensemble: 'Directions and blend',
    },
    of,
    ...optionWords,
  },
};
