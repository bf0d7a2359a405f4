#!/usr/bin/env node
'use strict';
/**
 * The `thaw` command. In a clone it first brings everything into place where something is missing or older than the
 * sources (shown on stderr; stdout belongs to the command), then it runs the built command line in this process.
 */
const { existsSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = resolve(__dirname, '..');
const program = join(root, 'out', 'main', 'cli.cjs');

/** A module of `scripts/`, which are ES modules so that they run before anything is built. */
function script(name) {
  return import(pathToFileURL(join(root, 'scripts', name)).href);
}

async function prepare() {
  // A packed application has no sources: there the command line is always as it should be.
  if (!existsSync(join(root, 'src')) || !existsSync(join(root, 'scripts', 'setup.mjs'))) return true;
  const { isBuilt } = await script('steps/build.mjs');
  if (existsSync(join(root, 'node_modules', '.thaw-setup.json')) && isBuilt(root)) return true;
  const { runSetup, tellFailure } = await script('setup.mjs');
  try {
    await runSetup('cli', { stream: process.stderr, quiet: true });
    return true;
  } catch (error) {
    process.exitCode = tellFailure(error, process.stderr);
    return false;
  }
}

prepare().then(
  (ready) => {
    if (ready) require(program);
  },
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
