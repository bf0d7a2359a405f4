import type { Kernels, Tensor } from '../kernels/kernels';
import { decoderEvaluate, decoderTrain } from '../model/decoder';
import type { Gradients, Parameters } from '../model/parameters';
import type { RungModel } from './rung-model';
import type { SectionBatch } from './sections';
import { textGradients } from './torch-weights';

/**
 * The books' first model, its three layers written one after the other: they share one matrix, and each adds the next
 * word to what came before. Parameters are those of a {@link file://./step-model.ts StepModel} with one shared matrix.
 */
export class ThreeTokenModel implements RungModel {
  readonly parameters: Parameters;
  private readonly kernels: Kernels;

  constructor(kernels: Kernels, parameters: Parameters) {
    this.kernels = kernels;
    this.parameters = parameters;
  }

  reset(): void {
    // Nothing is carried.
  }

  trainStep(batch: SectionBatch): { loss: number; gradients: Gradients } {
    const k = this.kernels;
    return k.scope(() => {
      const { inputs, outputs } = this.forward(batch);
      const [weight, bias] = [this.parameters.value('decoder.weight'), this.parameters.value('decoder.bias')];
      const decoded = decoderTrain(k, outputs[2], weight, bias, batch.targets);
      const matrix = this.parameters.value('rnns.0.both');
      const raw3 = k.reluGrad(outputs[2], decoded.dx);
      const d3 = k.matmul(raw3, matrix, false, true);
      const raw2 = k.reluGrad(outputs[1], d3);
      const d2 = k.matmul(raw2, matrix, false, true);
      const raw1 = k.reluGrad(outputs[0], d2);
      const d1 = k.matmul(raw1, matrix, false, true);
      const raws = k.concat([raw1, raw2, raw3], 0);
      const gradients: Gradients = new Map([
        ['rnns.0.both', k.matmul(k.concat(inputs, 0), raws, true, false)],
        ['rnns.0.bias', k.sum(raws, 0)],
      ]);
      const decoder = { decoded, rows: outputs[2], targets: batch.targets };
      textGradients(k, gradients, decoder, { dx: k.concat([d1, d2, d3], 0), ids: batch.ids }, weight.shape[0]!);
      return { loss: decoded.loss / batch.targets.length, gradients };
    });
  }

  evaluate(batch: SectionBatch): { loss: number; correct: number } {
    const k = this.kernels;
    return k.scope(() => {
      const { outputs } = this.forward(batch);
      const [weight, bias] = [this.parameters.value('decoder.weight'), this.parameters.value('decoder.bias')];
      return decoderEvaluate(k, outputs[2], weight, bias, batch.targets);
    });
  }

  private forward({ ids, batch }: SectionBatch) {
    const k = this.kernels;
    const [embedding, matrix] = [this.parameters.value('embedding'), this.parameters.value('rnns.0.both')];
    const bias = this.parameters.value('rnns.0.bias');
    const word = (place: number): Tensor =>
      k.gatherRows(embedding, k.int(ids.subarray(place * batch, (place + 1) * batch), [batch]));
    const layer = (x: Tensor): Tensor => k.relu(k.addBias(k.matmul(x, matrix), bias));
    const first = word(0);
    const afterFirst = layer(first);
    const second = k.add(afterFirst, word(1));
    const afterSecond = layer(second);
    const third = k.add(afterSecond, word(2));
    const afterThird = layer(third);
    return { inputs: [first, second, third], outputs: [afterFirst, afterSecond, afterThird] as const };
  }
}
