import type { Kernels } from '../kernels/kernels';
import type { Parameters } from '../model/parameters';
import { Asgd } from './asgd';
import type { Optimiser } from './optimisers';
import { Adam } from './optimisers';
import { Sgd } from './sgd';

/** An optimiser by name, as an option of a run. */
export type OptimiserName = 'adam' | 'sgd' | 'sgd-momentum' | 'nt-asgd';

export interface OptimiserChoice {
  readonly name: OptimiserName;
  readonly beta2: number;
  readonly weightDecay: number;
}

/** Makes the optimiser of a run; its state lives until it is disposed. */
export function makeOptimiser(kernels: Kernels, parameters: Parameters, choice: OptimiserChoice): Optimiser {
  const { name, beta2, weightDecay } = choice;
  switch (name) {
    case 'adam':
      return new Adam(kernels, parameters, { beta2, epsilon: 1e-7, weightDecay, decoupled: true });
    case 'sgd':
      return new Sgd(kernels, parameters, { weightDecay, withMomentum: false });
    case 'sgd-momentum':
      return new Sgd(kernels, parameters, { weightDecay, withMomentum: true });
    case 'nt-asgd':
      return new Asgd(kernels, parameters, { trigger: Infinity, weightDecay });
  }
}
