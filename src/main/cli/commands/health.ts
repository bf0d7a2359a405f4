import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import type { HealthIssue, HealthReport } from '../../../shared/health-types';
import { chooseColumns } from '../columns';
import type { Run } from '../command';
import { duration, integer, percent } from '../human';
import { addReadOptions, nameList, readOptions, type ReadFlags } from '../options';
import { watchJob, type Session } from '../session';

interface HealthFlags extends ReadFlags {
  readonly data: string;
  readonly text?: readonly string[];
  readonly label?: readonly string[];
  readonly multiLabel?: boolean;
  readonly separator?: string;
}

/** `thaw health`: what is odd about the texts and labels of a file, before anything is trained; nothing is kept. */
export function addHealth(program: Command, run: Run): void {
  const command = program
    .command('health')
    .description(
      'Report what is odd about a file: copies, near copies, contradicting and misspelt labels, rare labels, damage …',
    )
    .requiredOption('--data <file>', 'the file, or a folder of text files')
    .option('--text <columns>', 'columns with texts, parted by commas (default: guessed)', nameList)
    .option('--label <columns>', 'columns with labels, parted by commas (default: guessed; "" for none)', labelList)
    .option('--multi-label', 'a row can have several labels')
    .option('--separator <text>', 'what parts several labels in a cell (default ;)');
  addReadOptions(command).action((flags: HealthFlags) => run((session) => healthCommand(session, flags)));
}

function labelList(value: string): string[] {
  return value === '' ? [] : nameList(value);
}

async function healthCommand(session: Session, flags: HealthFlags): Promise<void> {
  const { host, output } = session;
  const file = path.resolve(flags.data);
  const options = readOptions(flags);
  const preview = await host.handle('import.preview', { path: file, options });
  const hasLabels = flags.label ? flags.label.length > 0 : preview.columns.some((one) => one.suggestedRole === 'label');
  const { choice, said } = chooseColumns(preview, flags, hasLabels);
  for (const sentence of said) output.say(sentence);
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-health-'));
  try {
    await host.handle('project.create', { path: path.join(folder, 'project'), name: 'Health' });
    const { jobId } = await host.handle('import.run', { path: file, options, columns: choice, role: 'data' });
    await watchJob(session, jobId, 'Nothing was kept.');
    const stop = host.events.on('health', ({ done, total, stage }) => {
      const doing = stage === 'reading' ? 'Looking at the texts' : 'Comparing the texts';
      output.progress.work(doing, done / Math.max(1, total));
    });
    const report = await host.handle('health.report', {});
    stop();
    const rejected = (await host.handle('import.summary', {}))?.rejectedCount ?? 0;
    const { remedies: _none, ...found } = report;
    output.result({ file, columns: choice, rejected, ...found }, healthWords(file, report, rejected));
  } finally {
    await host.handle('project.close', {});
    await rm(folder, { recursive: true, force: true });
  }
}

function healthWords(file: string, report: HealthReport, rejected: number): string {
  const { rows, labelled, words, languages, issues, seconds } = report;
  const known = languages.filter(({ language }) => language !== '').slice(0, 4);
  return [
    `${file}: ${integer(rows)} rows, ${integer(labelled)} labelled, ${integer(rejected)} could not be read (looked at in ${duration(seconds)})`,
    `  words in a text: ${integer(words.median)} in the middle, ${integer(words.fewest)} to ${integer(words.most)}`,
    ...(known.length === 0
      ? []
      : [`  languages: ${known.map(({ language, rows: count }) => `${language} ${integer(count)}`).join(', ')}`]),
    ...issues.flatMap(issueWords),
    ...(issues.length === 0 ? ['  Nothing odd was found.'] : []),
  ].join('\n');
}

const MARKS = { problem: 'PROBLEM', warning: 'warning', note: 'note   ' } as const;

function issueWords(issue: HealthIssue): string[] {
  const first = issue.examples.slice(0, 2).map(({ text, labels, note }) => {
    const short = text.replace(/\s+/g, ' ').slice(0, 90);
    const label = labels.length > 0 ? ` [${labels.join(', ')}]` : '';
    return `             "${short}"${label}${note === null ? '' : ` → ${note.replace(/\s+/g, ' ').slice(0, 60)}`}`;
  });
  const variants = issue.variants
    .slice(0, 5)
    .map(({ keep, merge }) => `             ${merge.map((name) => `"${name}"`).join(', ')} → "${keep}"`);
  const isAboutLabels = issue.variants.length > 0 || issue.labels.length > 0;
  const labels = issue.labels.slice(0, 5).map(({ name, count }) => `             ${name}: ${integer(count)} rows`);
  return [`  ${MARKS[issue.weight]}  ${sentence(issue)}`, ...(isAboutLabels ? [...variants, ...labels] : first)];
}

function sentence({ id, count, groups, facts }: HealthIssue): string {
  const n = integer(count);
  switch (id) {
    case 'conflict':
      return `${n} rows have the same text as another and a different label (${integer(groups)} texts)`;
    case 'leakage':
      return `${n} training texts are, or nearly are, among the validation and test texts`;
    case 'label-variants':
      return `${n} labels look like another one written differently`;
    case 'rare-label':
      return `${n} labels have fewer than ${String(facts['limit'])} rows`;
    case 'imbalance':
      return `"${String(facts['largest'])}" has ${String(facts['times'])} times the rows of "${String(facts['smallest'])}" (${percent(Number(facts['share']))} of all)`;
    case 'empty':
      return `${n} texts are empty`;
    case 'duplicate':
      return `${n} rows are copies of an earlier one (${integer(groups)} texts)`;
    case 'near-duplicate':
      return `${n} rows are nearly the same as an earlier one (${integer(groups)} groups)`;
    case 'mojibake':
      return `${n} texts were damaged by a wrong encoding and can be repaired`;
    case 'undecoded':
      return `${n} texts have letters that were lost (U+FFFD)`;
    case 'markup':
      return `${n} texts have HTML in them`;
    case 'language':
      return `${n} texts are in another language than most (${String(facts['main'])})`;
    case 'outlier':
      return `${n} texts are unlike all others (${integer(Number(facts['looked']))} were compared)`;
    case 'label-order':
      return `rows are sorted by label: it changes ${integer(Number(facts['changes']))} times, ${integer(Number(facts['expected']))} would be chance; split at random, or by time`;
    case 'text-order':
      return `like texts stand together: of 100 texts ${String(facts['share'])} are close to the one most like them, ${String(facts['chance'])} would be chance; split by time where there is one`;
    case 'short':
      return `${n} texts have at most ${String(facts['limit'])} words`;
    case 'long':
      return `${n} texts have more than ${integer(Number(facts['limit']))} words`;
  }
}
