import type { Gradients, Parameters } from '../model/parameters';
import type { SectionBatch } from './sections';

/** A model of one rung of the ladder. It holds the state that it carries from section to section. */
export interface RungModel {
  readonly parameters: Parameters;
  /** Forgets the carried state (fastai's `ModelResetter`). */
  reset(): void;
  /** Forward and backward; the caller frees the gradients. The loss is the mean over the targets, in nats. */
  trainStep(batch: SectionBatch): { loss: number; gradients: Gradients };
  /** The sum of −log p over a batch's targets and how many were guessed right; the state is carried on. */
  evaluate(batch: SectionBatch): { loss: number; correct: number };
}
