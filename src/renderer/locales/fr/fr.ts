import type { Messages } from '../en/en';
import { label } from './label';
import { results } from './results';
import { shell } from './shell';
import { start } from './start';
import { training } from './training';

/** French. */
export const fr: Messages = { ...shell, ...start, ...label, ...training, ...results };
