import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The full path of a program found on PATH, or null. */
export function findProgram(name, env = process.env, platform = process.platform) {
  const endings = platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const file = join(folder || '.', name + ending);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return null;
}

/**
 * Runs a program and keeps what it said.
 * `stallMs`: ended when `alive()` has not changed for so long. Resolves to {code, output, stalled}; never rejects.
 */
export function run(program, args, { cwd, env, stallMs = 0, alive = () => 0, onTick, echo } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let stalled = false;
    let mark = alive();
    let moved = Date.now();
    const take = (chunk) => {
      output = (output + chunk).slice(-20_000);
      echo?.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const timer = setInterval(() => {
      const now = alive();
      if (now !== mark) [mark, moved] = [now, Date.now()];
      onTick?.(now);
      if (stallMs > 0 && Date.now() - moved > stallMs) {
        stalled = true;
        child.kill('SIGKILL');
      }
    }, 500);
    const end = (code, extra = '') => {
      clearInterval(timer);
      resolve({ code, output: output + extra, stalled });
    };
    child.once('error', (error) => end(127, error.message));
    child.once('close', (code, signal) => end(code ?? 128, signal ? `\nended by ${signal}` : ''));
  });
}

/** npm as a program and the arguments before its own: works the same from a shell, from npm itself and on Windows. */
export function npmCommand(env = process.env, platform = process.platform) {
  if (env.npm_execpath?.endsWith('.js')) return [process.execPath, [env.npm_execpath]];
  return platform === 'win32' ? ['cmd.exe', ['/d', '/s', '/c', 'npm']] : ['npm', []];
}

/** The last lines of a program's output, for an error message. */
export function tail(text, lines = 12) {
  return text.trim().split('\n').slice(-lines).join('\n');
}

/** True when a program starts and ends well; used to look what a machine has. */
export function succeeds(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
