import { AppError } from '../../shared/errors';
import { parseRunOptions, type RunOptions } from '../../shared/run-options';
import type { TrainingRequest } from '../../shared/training-types';

/** A run that differs in one thing from the full method. */
export interface AblationVariant {
  /** Names it in tables and folders. */
  readonly name: string;
  readonly change: string;
  readonly request: TrainingRequest;
}

interface Change {
  readonly name: string;
  readonly change: string;
  readonly options?: RunOptions;
  readonly request?: Partial<Pick<TrainingRequest, 'pretrained' | 'fineTuneLanguageModel'>>;
}

/** What can be varied by name, each with its variants (Howard & Ruder 2018, tables 4 to 7, and what spec adds). */
const known: Readonly<Record<string, readonly Change[]>> = {
  pretraining: [{ name: 'no-pretraining', change: 'no pretrained language model', request: { pretrained: null } }],
  'lm-finetuning': [
    {
      name: 'no-lm-finetuning',
      change: 'the language model is not fine-tuned',
      request: { fineTuneLanguageModel: false },
    },
  ],
  discriminative: [
    {
      name: 'one-rate',
      change: 'one learning rate for all layers',
      options: { lmDiscriminative: 1, classifierDiscriminative: 1 },
    },
  ],
  schedule: (['slanted-triangular', 'cosine', 'constant'] as const).map((name) => ({
    name: `schedule-${name}`,
    change: `${name} schedule`,
    options: { lmSchedule: name, classifierSchedule: name },
  })),
  unfreezing: (['full', 'last', 'chain-thaw', 'none'] as const).map((name) => ({
    name: `unfreezing-${name}`,
    change: `unfreezing: ${name}`,
    options: { unfreezing: name },
  })),
  'concat-pooling': (['last', 'max', 'mean'] as const).map((name) => ({
    name: `pooling-${name}`,
    change: `pooling: ${name} only`,
    options: { pooling: name },
  })),
  backward: (['backward', 'both'] as const).map((name) => ({
    name: `direction-${name}`,
    change: name === 'both' ? 'forward and backward, averaged' : 'texts are read from their end',
    options: { direction: name },
  })),
  regularisation: [
    { name: 'no-ar-tar', change: 'no activation regularisation', options: { lmAlpha: 0, lmBeta: 0 } },
    {
      name: 'no-dropout',
      change: 'no dropout',
      options: { lmDropMultiplier: 0, classifierDropMultiplier: 0, headDropouts: [0, 0] },
    },
  ],
  'label-smoothing': [{ name: 'label-smoothing', change: 'label smoothing .1', options: { labelSmoothing: 0.1 } }],
  focal: [{ name: 'focal', change: 'focal loss, γ 2', options: { focalGamma: 2 } }],
  batches: [{ name: 'random-batches', change: 'batches of any lengths', options: { classifierBatches: 'random' } }],
  'best-weights': [
    { name: 'last-weights', change: 'the last weights are kept', options: { lmBest: 'last', bestBy: 'last' } },
  ],
};

/** What `thaw ablate --what` knows by name. */
export const ablationNames: readonly string[] = Object.keys(known);

/** What can be varied by name, each with the names of its variants. */
export function ablationParts(): { name: string; variants: string[] }[] {
  return Object.entries(known).map(([name, changes]) => ({ name, variants: changes.map((change) => change.name) }));
}

/**
 * The full method and its variants.
 * @param what names of {@link ablationNames}, or options as `name=value`
 * @throws AppError 'bad-input' for a name or an option that there is not
 */
export function ablationVariants(request: TrainingRequest, what: readonly string[]): AblationVariant[] {
  const changes = new Map<string, Change>();
  for (const name of what) for (const change of changesOf(name)) changes.set(change.name, change);
  // One thing at a time: with few texts a plan would else thaw in some variants and not in others.
  const { unfreezing = 'gradual' } = request.options;
  const base = { ...request, options: { ...request.options, unfreezing } };
  const full = { name: 'full', change: 'everything as it is', request: base };
  return [full, ...[...changes.values()].map((change) => variantOf(base, change))];
}

function variantOf(request: TrainingRequest, { name, change, options, request: own }: Change): AblationVariant {
  return { name, change, request: { ...request, ...own, options: { ...request.options, ...options } } };
}

function changesOf(name: string): readonly Change[] {
  const changes = known[name];
  if (changes) return changes;
  if (name.includes('=')) {
    const folder = name.replaceAll(/[^0-9A-Za-z.-]+/g, '-');
    return [{ name: folder, change: name, options: parseRunOptions([name]) }];
  }
  throw new AppError('bad-input', `There is nothing called "${name}" to vary.`, {
    hint: `Name some of ${ablationNames.join(', ')}, or an option as name=value.`,
    data: { name },
  });
}
