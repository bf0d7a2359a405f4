import { Option, type Command } from 'commander';
import type { RungName } from '../../../engine/human-numbers/rungs';
import { rungNames, rungs } from '../../../engine/human-numbers/rungs';
import type { RungResult } from '../../../engine/human-numbers/train-rung';
import type { Run } from '../command';
import { duration, table } from '../human';
import { count, whole } from '../options';
import { runJob } from '../run-job';
import type { Session } from '../session';

interface HumanNumbersFlags {
  readonly rung?: RungName;
  readonly seed: number;
  readonly epochs?: number;
}

/** `thaw human-numbers`: the books' ladder of language models from scratch, beside the books' figures. */
export function addHumanNumbers(program: Command, run: Run): void {
  program
    .command('human-numbers')
    .description('Train the ladder of small language models from scratch on the numbers one to 9,999 in words.')
    .addOption(new Option('--rung <name>', 'only this one (default: all)').choices(rungNames))
    .option('--seed <n>', 'the same seed gives the same model', whole, 0)
    .option('--epochs <n>', 'passes over the text (default: as many as the rung has)', count)
    .action((flags: HumanNumbersFlags) => run((session) => humanNumbersCommand(session, flags)));
}

async function humanNumbersCommand(session: Session, flags: HumanNumbersFlags): Promise<void> {
  const { seed, epochs } = flags;
  const results: RungResult[] = [];
  for (const rung of flags.rung ? [flags.rung] : rungNames) {
    const { title } = rungs[rung];
    session.output.say(title);
    results.push(
      await runJob(session, title, 'Each rung starts anew.', (control) =>
        session.host.services.training.humanNumbers({ rung, seed, epochs }, control),
      ),
    );
  }
  const facts = results.map(({ rung, accuracy, loss, seconds, epochs: passes }) => ({
    rung,
    accuracy,
    loss,
    seconds,
    epochs: passes,
    seed,
  }));
  const [only] = facts;
  session.output.result(flags.rung ? only : { seed, rungs: facts.map(withBooks) }, ladder(results));
}

function withBooks<T extends { readonly rung: RungName }>(facts: T) {
  const { book, blog } = rungs[facts.rung];
  return { ...facts, book, blog };
}

/** The table for a person: our figures, then those of the book and of the blog on it. */
function ladder(results: readonly RungResult[]): string {
  const figures = (of: { readonly accuracy: number; readonly loss: number } | null): string[] =>
    of ? [of.accuracy.toFixed(3), of.loss.toFixed(3)] : ['–', '–'];
  const head = ['rung', 'accuracy', 'loss', 'time', 'book', 'loss', 'blog', 'loss'];
  const rows = results.map((result) => {
    const { title, book, blog } = rungs[result.rung];
    return [title, ...figures(result), duration(result.seconds), ...figures(book), ...figures(blog)];
  });
  return table([head, ...rows]);
}
