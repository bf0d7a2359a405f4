import type { Kernels } from '../kernels/kernels';
import type { EncoderConfig } from '../model/config';
import { LanguageModel } from '../model/language-model';
import type { DropoutMasks } from '../model/masks';
import { drawMasks } from '../model/masks';
import type { Gradients, Parameters } from '../model/parameters';
import type { Random } from '../train/random';
import type { Regularisation } from './rungs';
import type { RungModel } from './rung-model';
import type { SectionBatch } from './sections';

const wholeModel = { lowestLayer: 0, embedding: true } as const;

/** The engine's own language model as a rung: LSTM, GRU, and the AWD-LSTM at the top. */
export class LanguageModelRung implements RungModel {
  readonly parameters: Parameters;
  private readonly kernels: Kernels;
  private readonly model: LanguageModel;
  private readonly regularisation: Regularisation;
  private readonly random: Random;

  constructor(
    kernels: Kernels,
    config: EncoderConfig,
    parameters: Parameters,
    regularisation: Regularisation,
    random: Random,
  ) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.model = new LanguageModel(kernels, config, parameters, regularisation.tied);
    this.regularisation = regularisation;
    this.random = random;
  }

  reset(): void {
    this.model.reset();
  }

  trainStep(batch: SectionBatch): { loss: number; gradients: Gradients } {
    const { alpha, beta, stateReset, smoothing } = this.regularisation;
    if (stateReset > 0) {
      const keep = Float32Array.from({ length: batch.batch }, () => (this.random.uniform() < stateReset ? 0 : 1));
      if (keep.includes(0)) this.model.forgetRows(keep);
    }
    return this.kernels.scope(() => {
      const { loss, gradients } = this.model.trainStep(
        batch,
        this.masks(batch),
        { alpha, beta },
        wholeModel,
        smoothing,
      );
      return { loss: loss.crossEntropy, gradients };
    });
  }

  evaluate(batch: SectionBatch): { loss: number; correct: number } {
    return this.model.evaluateStep(batch);
  }

  /** The books drop each element of the output by itself (torch's `Dropout`). */
  private masks({ time, batch }: SectionBatch): DropoutMasks | null {
    const { dropout, dropouts } = this.regularisation;
    const { config } = this.model;
    const seeds = (): readonly [number, number] => this.random.seedPair();
    const own = dropouts && drawMasks(this.kernels, config, dropouts, batch, seeds);
    if (dropout === 0) return own;
    const none = new Array<null>(config.layers).fill(null);
    const output = this.kernels.dropoutMask([time * batch, config.embedding], dropout, seeds());
    return { embed: null, input: null, weight: none, hidden: none, ...own, output };
  }
}
