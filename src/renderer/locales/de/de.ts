import type { Messages } from '../en/en';
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

/** German. */
export const de: Messages = {
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
