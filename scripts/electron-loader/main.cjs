'use strict';
/**
 * Stands in for Electron's default app in a runtime that came without one: starts the app whose folder is the first
 * argument that is not a switch, as `electron FOLDER` does. Set-up copies it to `resources/app` of that runtime.
 */
const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { app } = require('electron');

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder === undefined) {
  process.stderr.write('usage: electron [SWITCHES] FOLDER [ARGUMENTS]: FOLDER has the package.json of an app\n');
  app.exit(2);
} else {
  const path = resolve(folder);
  const { name, productName, version, main } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  app.setName(productName ?? name);
  app.setVersion(version);
  app.setAppPath(path);
  process.defaultApp = true;
  require(join(path, main));
}
