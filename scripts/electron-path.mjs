/** Prints the path of the Electron executable, fetching it first where it is missing (progress goes to stderr). */
import { runSetup, tellFailure } from './setup.mjs';

try {
  const facts = await runSetup('electron', { quiet: true });
  process.stdout.write(`${facts.electron.executable}\n`);
} catch (error) {
  process.exitCode = tellFailure(error);
}
