import { CommanderError } from 'commander';
import { exitCodes, Output } from './output';
import { buildProgram } from './program';
import { withSession } from './session';

/**
 * `thaw`: results on standard output, everything else on standard error. Exit codes: 0 done, 1 failed, 2 called wrongly,
 * 130 stopped by Ctrl+C.
 */
async function main(args: readonly string[]): Promise<number> {
  const output = new Output(args.includes('--json'));
  const program = buildProgram((command) => withSession(output, command));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    // Help and version end the parse in this way too, with code 0; commander has printed the rest.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : output.usage(error);
    return output.failure(error);
  }
}

// `thaw … | head` closes the pipe early: nobody is left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  throw error;
});

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  // Standard output may be a pipe that is still being read; exiting before it is empty would cut the result off.
  process.stdout.write('', () => process.exit(code));
});
