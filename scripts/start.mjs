/** `npm start`: sets Thaw up, then opens its window; where there is no display, runs `thaw demo` in the terminal. */
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './lib/context.mjs';
import { hasDisplay, windowArguments } from './lib/display.mjs';
import { runSetup, tellFailure } from './setup.mjs';

function runToEnd(program, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio: 'inherit' });
    // The child gets the same Ctrl-C and ends by itself; this process only hands on how.
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    // Other signals reach this process only.
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}

/** True where the system forbids Chromium's sandbox to programs it does not know (Ubuntu 24.04 and later). */
function sandboxForbidden(executable) {
  try {
    const restricted = readFileSync('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', 'utf8').trim() === '1';
    const helper = statSync(join(dirname(executable), 'chrome-sandbox'));
    return restricted && !(helper.uid === 0 && (helper.mode & 0o4000) !== 0);
  } catch {
    return false;
  }
}

async function openWindow() {
  const { electron } = await runSetup('window', { stream: process.stdout });
  const asRoot = process.getuid?.() === 0;
  const args = windowArguments({ platform: process.platform, asRoot, root, more: process.argv.slice(2) });
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  const code = await runToEnd(electron.executable, args, env);
  if (code !== 0 && !asRoot && sandboxForbidden(electron.executable)) {
    const helper = join(dirname(electron.executable), 'chrome-sandbox');
    process.stderr.write(
      `\nThis system does not let Electron make its sandbox. Allow it once, then start again:\n  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'\n`,
    );
  }
  return code;
}

async function runDemo() {
  await runSetup('cli', { stream: process.stdout });
  process.stdout.write('\nThere is no display here: `thaw demo` runs in the terminal instead of the window.\n\n');
  return runToEnd(process.execPath, [join(root, 'bin', 'thaw.cjs'), 'demo', ...process.argv.slice(2)]);
}

try {
  process.exitCode = await (hasDisplay(process.env, process.platform) ? openWindow() : runDemo());
} catch (error) {
  process.exitCode = tellFailure(error);
}
