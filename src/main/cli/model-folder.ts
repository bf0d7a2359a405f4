import path from 'node:path';
import { ModelFolders } from '../host/model-folders';
import { UsageError } from './output';

/** Where a command's classifier is: in a project, or a folder of its own (an exported one). */
export interface ModelFlags {
  readonly project?: string;
  readonly model?: string;
}

/** The classifier folder that the flags name. @throws UsageError where they name none or two */
export function classifierFolder({ project, model }: ModelFlags): string {
  if ((project === undefined) === (model === undefined)) {
    throw new UsageError(
      'Name the classifier: --project FOLDER for that of a project, or --model FOLDER for an exported one.',
    );
  }
  return model === undefined ? new ModelFolders(path.resolve(project ?? '')).classifier : path.resolve(model);
}
