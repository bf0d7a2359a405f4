import { classifyFile } from './classify-file';
import { data } from './data';
import { help } from './help';
import { keys } from './keys';
import { paletteWords } from './palette-words';
import { engineWords } from './engine-words';
import { errorWords } from './error-words';
import { inspect } from './inspect';
import { label } from './label';
import { machineWords } from './machine-words';
import { measured } from './measured';
import { models } from './models';
import { options } from './options';
import { results } from './results';
import { runNotes } from './run-notes';
import { runs } from './runs';
import { save } from './save';
import { shell } from './shell';
import { start } from './start';
import { training } from './training';

/** English: the language that the others are translated from. */
export const en = {
  ...shell,
  ...start,
  ...classifyFile,
  ...data,
  ...keys,
  ...paletteWords,
  ...help,
  ...label,
  ...training,
  ...inspect,
  ...results,
  ...options,
  ...runNotes,
  ...runs,
  ...measured,
  ...models,
  ...save,
  ...engineWords,
  ...machineWords,
  ...errorWords,
};
/** What every language has to say. */
export type Messages = typeof en;
