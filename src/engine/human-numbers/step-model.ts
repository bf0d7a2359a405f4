import type { Kernels, Tensor } from '../kernels/kernels';
import { decoderEvaluate, decoderTrain } from '../model/decoder';
import type { Gradients, Parameters } from '../model/parameters';
import type { FloatTensors } from '../weights/fastai-names';
import type { Random } from '../train/random';
import type { Cell } from './cells';
import type { RungModel } from './rung-model';
import type { SectionBatch } from './sections';
import type { StepLayerTrace, StepWeights } from './step-layer';
import { stepLayerBackward, stepLayerForward } from './step-layer';
import { textGradients, torchDecoder, torchEmbedding } from './torch-weights';

/** What a model of written-out cells is made of. */
export interface StepModelSizes {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly cell: Cell;
  /** One matrix for the embedded word and for the state, as in the books' first models. */
  readonly shared: boolean;
  /** Whether the state goes on from section to section. */
  readonly carries: boolean;
}

/** The books' recurrent models in the form they first have there: cells stepped through one after the other. */
export class StepModel implements RungModel {
  readonly parameters: Parameters;
  private readonly kernels: Kernels;
  private readonly sizes: StepModelSizes;
  private states: readonly (readonly Tensor[])[] | null = null;

  constructor(kernels: Kernels, sizes: StepModelSizes, parameters: Parameters) {
    this.kernels = kernels;
    this.sizes = sizes;
    this.parameters = parameters;
  }

  reset(): void {
    this.kernels.dispose(...(this.states ?? []).flat());
    this.states = null;
  }

  trainStep(batch: SectionBatch): { loss: number; gradients: Gradients } {
    const k = this.kernels;
    const result = k.scope(() => {
      const run = this.forward(batch);
      const weight = this.parameters.value('decoder.weight');
      const decoded = decoderTrain(k, run.decoded, weight, this.parameters.value('decoder.bias'), batch.targets);
      const gradients: Gradients = new Map();
      let dOutputs = this.stepGradients(decoded.dx, batch);
      let dx = decoded.dx;
      for (let layer = this.sizes.layers - 1; layer >= 0; layer--) {
        const back = stepLayerBackward(k, this.sizes.cell, run.traces[layer]!, dOutputs);
        if (this.sizes.shared) gradients.set(`rnns.${layer}.both`, k.add(back.dInput, back.dRecurrent));
        else gradients.set(`rnns.${layer}.input`, back.dInput).set(`rnns.${layer}.recurrent`, back.dRecurrent);
        gradients.set(`rnns.${layer}.bias`, back.dBias);
        dx = back.dx;
        if (layer > 0) dOutputs = k.unstack(k.reshape(dx, [batch.time, batch.batch, this.sizes.hidden]));
      }
      textGradients(
        k,
        gradients,
        { decoded, rows: run.decoded, targets: batch.targets },
        { dx, ids: batch.ids },
        this.sizes.vocabulary,
      );
      return { loss: decoded.loss / batch.targets.length, gradients, states: run.states };
    });
    this.carry(result.states);
    return { loss: result.loss, gradients: result.gradients };
  }

  evaluate(batch: SectionBatch): { loss: number; correct: number } {
    const k = this.kernels;
    const result = k.scope(() => {
      const run = this.forward(batch);
      const weight = this.parameters.value('decoder.weight');
      const bias = this.parameters.value('decoder.bias');
      return { measured: decoderEvaluate(k, run.decoded, weight, bias, batch.targets), states: run.states };
    });
    this.carry(result.states);
    return result.measured;
  }

  private forward(batch: SectionBatch) {
    const k = this.kernels;
    const { cell, hidden, layers } = this.sizes;
    const traces: StepLayerTrace[] = [];
    const states: (readonly Tensor[])[] = [];
    let x = k.gatherRows(this.parameters.value('embedding'), k.int(batch.ids, [batch.ids.length]));
    let outputs: readonly Tensor[] = [];
    for (let layer = 0; layer < layers; layer++) {
      const zero = (): Tensor => k.fill([batch.batch, hidden], 0);
      const first = this.states?.[layer] ?? Array.from({ length: cell.states }, zero);
      const run = stepLayerForward(k, cell, x, batch.time, this.weights(layer), first);
      traces.push(run.trace);
      states.push(run.state);
      outputs = run.outputs;
      x = k.reshape(k.stack(outputs), [batch.time * batch.batch, hidden]);
    }
    const everyToken = batch.targets.length === batch.ids.length;
    return { traces, states, decoded: everyToken ? x : outputs.at(-1)! };
  }

  private weights(layer: number): StepWeights {
    const of = (name: string): Tensor => this.parameters.value(`rnns.${layer}.${name}`);
    const bias = of('bias');
    if (!this.sizes.shared) return { input: of('input'), recurrent: of('recurrent'), bias };
    const both = of('both');
    return { input: both, recurrent: both, bias };
  }

  private stepGradients(dDecoded: Tensor, batch: SectionBatch): (Tensor | null)[] {
    const k = this.kernels;
    if (batch.targets.length !== batch.ids.length) {
      return Array.from({ length: batch.time }, (_, t) => (t === batch.time - 1 ? dDecoded : null));
    }
    return k.unstack(k.reshape(dDecoded, [batch.time, batch.batch, this.sizes.hidden]));
  }

  private carry(states: readonly (readonly Tensor[])[]): void {
    this.reset();
    if (!this.sizes.carries) {
      this.kernels.dispose(...states.flat());
      return;
    }
    this.kernels.keep(...states.flat());
    this.states = states;
  }
}

/** First weights as torch draws them: normal for an embedding, uniform up to 1/√inputs for the rest. */
export function freshStepModel(sizes: StepModelSizes, random: Random): FloatTensors {
  const { vocabulary, hidden, layers, cell, shared } = sizes;
  const tensors: FloatTensors = new Map([['embedding', torchEmbedding(vocabulary, hidden, random)]]);
  const bound = 1 / Math.sqrt(hidden);
  const gates = cell.gates * hidden;
  const matrix = () => ({ shape: [hidden, gates], data: random.uniforms(hidden * gates, bound) });
  for (let layer = 0; layer < layers; layer++) {
    for (const name of shared ? ['both'] : ['input', 'recurrent']) tensors.set(`rnns.${layer}.${name}`, matrix());
    tensors.set(`rnns.${layer}.bias`, { shape: [gates], data: random.uniforms(gates, bound) });
  }
  for (const [name, tensor] of torchDecoder(vocabulary, hidden, random)) tensors.set(name, tensor);
  return tensors;
}
