/** `npm test`: sets Thaw up, then runs every check; the last line is `N passed, N failed`. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readJson } from './lib/cache.mjs';
import { root } from './lib/context.mjs';
import { duration } from './lib/report.mjs';
import { closingLine, countOfCheck, countOfPlaywright, countOfVitest } from './lib/test-results.mjs';
import { runSetup, tellFailure } from './setup.mjs';

const artifacts = join(root, 'artifacts');
const vitestReport = join(artifacts, 'vitest.json');
const MINUTE = 60_000;
const LANES = 2;

function tool(packageName, file, ...args) {
  return [process.execPath, join(root, 'node_modules', packageName, file), ...args];
}

/** A virtual display on Linux, so that no window comes up in anyone's way and every machine has the same size of screen. */
function underDisplay(command) {
  return process.platform === 'linux' ? ['xvfb-run', '-a', '-s', '-screen 0 1440x960x24', ...command] : command;
}

const quiet = { TF_CPP_MIN_LOG_LEVEL: '2' };
/** A step of end-to-end tests. Two windows at once leave fewer moments in which nothing computes. */
function endToEnd(title, name, ...choice) {
  const report = join(artifacts, `${name}.json`);
  const output = `--output=${join(artifacts, 'e2e', name)}`;
  return {
    id: 'e2e',
    title,
    limit: 25,
    command: underDisplay(tool('@playwright/test', 'cli.js', 'test', '--reporter=list,json', output, ...choice)),
    env: { ...quiet, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    count: (code) => countOfPlaywright(code, readJson(report)),
  };
}

/** `single`: runs on one thread and says little, so that two such steps in a row run side by side. */
const STEPS = [
  {
    id: 'build',
    title: 'Build',
    limit: 10,
    command: [process.execPath, join(root, 'scripts', 'setup.mjs'), '--for=build'],
    count: countOfCheck,
  },
  {
    id: 'lint',
    single: true,
    title: 'Lint',
    limit: 10,
    command: tool('eslint', 'bin/eslint.js', '--max-warnings', '0', '.'),
    count: countOfCheck,
  },
  {
    id: 'lint',
    single: true,
    title: 'Formatting',
    limit: 10,
    command: tool('prettier', 'bin/prettier.cjs', '--check', '--log-level=warn', '.'),
    count: countOfCheck,
  },
  {
    id: 'lint',
    single: true,
    title: 'Unused files, exports and packages',
    limit: 10,
    command: tool('knip', 'bin/knip.js'),
    count: countOfCheck,
  },
  {
    id: 'types',
    single: true,
    title: 'Types of engine and main',
    limit: 10,
    command: tool('typescript', 'bin/tsc', '-p', 'tsconfig.node.json', '--noEmit'),
    count: countOfCheck,
  },
  {
    id: 'types',
    single: true,
    title: 'Types of the window',
    limit: 10,
    command: tool('vue-tsc', 'bin/vue-tsc.js', '-p', 'tsconfig.web.json', '--noEmit'),
    count: countOfCheck,
  },
  {
    id: 'types',
    single: true,
    title: 'Types of the end-to-end tests',
    limit: 10,
    command: tool('typescript', 'bin/tsc', '-p', 'tsconfig.e2e.json', '--noEmit'),
    count: countOfCheck,
  },
  {
    id: 'unit',
    title: 'Unit, parity and command line',
    limit: 15,
    command: tool(
      'vitest',
      'vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${vitestReport}`,
    ),
    env: { ...quiet, ONEDNN_DEFAULT_FPMATH_MODE: 'STRICT' },
    count: (code) => countOfVitest(code, readJson(vitestReport)),
  },
  endToEnd('The window, end to end', 'playwright', '--workers=2', '--grep-invert=@alone'),
  // What is held against a clock would measure its neighbour.
  endToEnd('The window, by the clock', 'playwright-alone', '--workers=1', '--grep=@alone'),
];

/** Runs a step with its output shown; ends it, with all it started, when it takes longer than its limit. */
function runStep({ title, command: [program, ...args], env, limit, single = false }) {
  return new Promise((resolve) => {
    const written = [];
    const ownGroup = process.platform !== 'win32';
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: single ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      detached: ownGroup,
    });
    for (const stream of single ? [child.stdout, child.stderr] : []) stream.on('data', (data) => written.push(data));
    const end = (signal) => {
      try {
        process.kill(ownGroup ? -child.pid : child.pid, signal);
      } catch {
        // It has ended already.
      }
    };
    const interrupt = () => end('SIGINT');
    process.once('SIGINT', interrupt);
    const timer = setTimeout(() => {
      process.stdout.write(`\n${title}: ended after ${limit} minutes.\n`);
      end('SIGKILL');
    }, limit * MINUTE);
    const finish = (code) => {
      clearTimeout(timer);
      process.removeListener('SIGINT', interrupt);
      // At once, so that what two steps say does not mix.
      if (single) process.stdout.write(`\n── ${title} ──\n${Buffer.concat(written).toString()}`);
      resolve(code);
    };
    child.once('error', (error) => {
      process.stdout.write(`${title}: ${program} could not be started (${error.message})\n`);
      finish(127);
    });
    child.once('close', (code) => finish(code ?? 128));
  });
}

/** Runs all of `items`, never more than {@link LANES} at once. @returns what they gave, in their order */
async function inLanes(items, run) {
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const place = next++;
      results[place] = await run(items[place]);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

function wantedSteps() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  if (values.only === undefined) return STEPS;
  const ids = values.only.split(',');
  return STEPS.filter((step) => ids.includes(step.id));
}

/** The steps in their order; those that run side by side are one group. */
function groupsOf(steps) {
  const groups = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (step.single && last?.[0].single) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

async function main() {
  const steps = wantedSteps();
  const started = Date.now();
  try {
    await runSetup('test', { stream: process.stdout });
  } catch (error) {
    process.exitCode = tellFailure(error, process.stdout);
    process.stdout.write('\n0 passed, 1 failed\n');
    return;
  }
  rmSync(artifacts, { recursive: true, force: true });
  mkdirSync(artifacts, { recursive: true });
  const results = [{ title: 'Set-up', time: Date.now() - started, passed: 0, failed: 0, skipped: 0 }];
  const take = async (step) => {
    const begun = Date.now();
    const code = await runStep(step);
    return { title: step.title, time: Date.now() - begun, ...step.count(code) };
  };
  for (const group of groupsOf(steps)) {
    const isTogether = group[0].single === true;
    const titles = group.map((each) => each.title);
    process.stdout.write(
      isTogether ? `\nSide by side: ${titles.join(', ').toLowerCase()}\n` : `\n── ${titles.join(', ')} ──\n`,
    );
    results.push(...(isTogether ? await inLanes(group, take) : [await take(group[0])]));
  }
  process.stdout.write('\n');
  for (const { title, time, passed, failed, skipped } of results) {
    const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped`;
    process.stdout.write(`${title.padEnd(32)}${counts}  ${duration(time)}\n`);
  }
  process.stdout.write(`${'In all'.padEnd(69)}${duration(Date.now() - started)}\n\n${closingLine(results)}\n`);
  process.exitCode = results.some((result) => result.failed > 0) ? 1 : 0;
}

await main();
