import path from 'node:path';
import type { Command } from 'commander';
import type { Run } from '../command';
import { integer } from '../human';
import { addReadOptions, readOptions, type ReadFlags } from '../options';
import type { Session } from '../session';

interface ImportFlags extends ReadFlags {
  readonly data: string;
}

/** `thaw import`: what is in a file, and which rows could not be read; nothing is kept. */
export function addImport(program: Command, run: Run): void {
  const command = program
    .command('import')
    .description(
      'Look into a file without keeping anything: encoding, columns, rows, and the rows that cannot be read.',
    )
    .requiredOption('--data <file>', 'the file');
  addReadOptions(command).action((flags: ImportFlags) => run((session) => importCommand(session, flags)));
}

async function importCommand({ host, output }: Session, flags: ImportFlags): Promise<void> {
  const file = path.resolve(flags.data);
  const found = await host.handle('import.check', { path: file, options: readOptions(flags) });
  const { dialect, columns, rejected, rejectedCount, repaired } = found;
  const name = (character: string): string => (character === '\t' ? 'tab' : character === '' ? 'none' : character);
  const lines = [
    `${file}: ${integer(found.rows)} rows, ${integer(rejectedCount)} could not be read`,
    `  encoding ${found.encoding}, separator ${name(dialect.delimiter)}, quote ${name(dialect.quote)}, ${found.header ? 'a header' : 'no header'}`,
    `  columns: ${columns.join(', ')}`,
    ...rejected.slice(0, 20).map(({ line, reason }) => `  line ${line}: ${reason}`),
    ...(repaired
      ? [
          `  NUL bytes read as � in ${integer(repaired.count)} ${repaired.count === 1 ? 'row' : 'rows'}: ${linesOf(repaired.lines)}`,
        ]
      : []),
    ...(rejectedCount > 20 ? [`  and ${integer(rejectedCount - 20)} more (--json lists up to 1,000)`] : []),
  ];
  output.result(found, lines.join('\n'));
}

function linesOf(lines: readonly number[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, 20).join(', ')}${lines.length > 20 ? ' …' : ''}`;
}
