import type { Command } from 'commander';
import { optionGroups, runOptionTable, type OptionGroup } from '../../../shared/run-options';
import type { Run } from '../command';

const titles: Readonly<Record<OptionGroup, string>> = {
  text: 'Texts and tokens',
  encoder: 'Encoder',
  'language-model': 'Fine-tuning of the language model',
  classifier: 'Training of the classifier',
  training: 'Optimisers and schedules of both',
  ensemble: 'Directions and ensembles',
};

/** `thaw options`: every advanced option of a run, with its effect. */
export function addOptions(program: Command, run: Run): void {
  program
    .command('options')
    .description('List the advanced options of a run (thaw train --option name=value).')
    .action(() => run(async ({ output }) => output.result({ options: runOptionTable }, asText())));
}

function asText(): string {
  const groups = Object.keys(optionGroups) as OptionGroup[];
  return groups
    .flatMap((group) => {
      const options = runOptionTable.filter((option) => option.group === group);
      if (options.length === 0) return [];
      const lines = options.map(
        ({ name, values, usual, effect }) => `  ${name}  (${values}; without it: ${usual})\n      ${effect}`,
      );
      return [`${titles[group]}\n${lines.join('\n')}`];
    })
    .join('\n\n');
}
