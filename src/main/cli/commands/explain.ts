import type { Command } from 'commander';
import type { Explanation } from '../../../shared/inspect-types';
import type { Run } from '../command';
import { percent, table } from '../human';
import { classifierFolder, type ModelFlags } from '../model-folder';
import type { Session } from '../session';

interface ExplainFlags extends ModelFlags {
  readonly text: string;
  readonly label?: string;
  readonly leaveOut: boolean;
}

/** `thaw explain`: why a classifier says what it says of a text, word by word. */
export function addExplain(program: Command, run: Run): void {
  program
    .command('explain')
    .description('Say why a classifier labels a text as it does: what each word adds, two ways.')
    .option('--project <folder>', 'the classifier of this project')
    .option('--model <folder>', 'an exported classifier')
    .requiredOption('--text <text>', 'the text')
    .option('--label <name>', 'the label to explain (default: the most probable one)')
    .option('--no-leave-out', 'only the gradient: one pass, for long texts')
    .action((flags: ExplainFlags) => run((session) => explainCommand(session, flags)));
}

async function explainCommand({ host, output }: Session, flags: ExplainFlags): Promise<void> {
  const request = { text: flags.text, label: flags.label ?? null, leaveOut: flags.leaveOut };
  const explanation = await host.inspection.explain(request, classifierFolder(flags));
  output.result({ ...explanation }, words(explanation));
}

function words({ label, probability, words: all, agreement, groupSize, deepShare }: Explanation): string {
  const sign = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
  const rows = all.map(({ text, gradient, leftOut, without }) => [
    `  ${text}`,
    // A number that begins with a plus would stand to the left.
    sign(gradient).padStart(8),
    leftOut === null ? '' : sign(leftOut).padStart(8),
    without === null ? '' : percent(without),
  ]);
  const together = groupSize > 1 ? [`The text is long: ${groupSize} words at a time were left out.`] : [];
  const part =
    deepShare < 1
      ? [`The gradient is that of the network, ${percent(deepShare)} of the answer; word counts are the rest.`]
      : [];
  const agree = agreement === null ? [] : [`Rank correlation of both ways: ${agreement.toFixed(2)}`];
  return [
    `${label} ${percent(probability)}. What each word adds to its log odds:`,
    table([['', 'gradient', 'left out', 'without it'], ...rows]),
    ...together,
    ...part,
    ...agree,
  ].join('\n');
}
