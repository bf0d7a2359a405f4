import { existsSync } from 'node:fs';
import path from 'node:path';

/** What each model of a run leaves behind while it is trained, see `StageSessionOptions.name` and `savePassResult`. */
const saved = ['language-model', 'fine-tuned', 'classifier', 'result'].map((name) => `${name}.safetensors`);
/** Where the models of a run are trained: of one direction in its own folder. */
const places = ['.', path.join('passes', 'forward'), path.join('passes', 'backward')];

/** Whether a run has saved something of its training that it can go on from; else going on begins at the beginning. */
export function hasCheckpoint(runFolder: string): boolean {
  if (!existsSync(path.join(runFolder, 'inputs.json'))) return false;
  return places.some((place) => saved.some((name) => existsSync(path.join(runFolder, place, name))));
}
