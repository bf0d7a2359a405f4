import type { ModelInfo } from '../../../shared/model-types';
import { useTrainingStore } from '../../stores/training-store';

/** Choosing the language model that the next run of the open project starts from. */
export interface ModelChoice {
  isChosen(model: ModelInfo): boolean;
  choose(model: ModelInfo): void;
  /** Goes back to the shipped model where this one was chosen. */
  leave(model: ModelInfo): void;
}

/** The choice as it stands in the settings of the next run: one model for each direction. */
export function useModelChoice(): ModelChoice {
  const training = useTrainingStore();
  const isChosen = (model: ModelInfo): boolean => {
    if (model.backward) return training.options.pretrainedBackward === model.folder;
    if (training.startFrom === 'shipped') return model.origin === 'shipped';
    return training.startFrom === 'folder' && training.pretrainedFolder === model.folder;
  };
  return {
    isChosen,
    choose(model) {
      if (model.folder === null) return;
      if (model.backward) {
        training.setOption('pretrainedBackward', model.folder);
        // A run that does not read backward would never look at it.
        if ((training.options.direction ?? 'forward') === 'forward') training.setOption('direction', 'both');
      } else if (model.origin === 'shipped') training.startFrom = 'shipped';
      else {
        training.startFrom = 'folder';
        training.pretrainedFolder = model.folder;
      }
    },
    leave(model) {
      if (!isChosen(model)) return;
      if (model.backward) {
        training.setOption('pretrainedBackward', undefined);
        if (training.options.direction === 'both') training.setOption('direction', undefined);
      } else {
        training.startFrom = 'shipped';
        training.pretrainedFolder = '';
      }
    },
  };
}
