import { readFileSync } from 'node:fs';
import path from 'node:path';
import { applicationRoot } from '../platform/paths';

/** The version of this Thaw, from its package.json. */
export function thawVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(applicationRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
