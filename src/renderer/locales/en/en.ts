import { label } from './label';
import { results } from './results';
import { shell } from './shell';
import { start } from './start';
import { training } from './training';

/** English: the language that the others are translated from. */
export const en = { ...shell, ...start, ...label, ...training, ...results };
/** What every language has to say. */
export type Messages = typeof en;
