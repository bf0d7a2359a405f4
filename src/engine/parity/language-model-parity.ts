import type { Kernels } from '../kernels/kernels';
import { layerWidth } from '../model/config';
import { LanguageModel } from '../model/language-model';
import type { DropoutMasks } from '../model/masks';
import { Parameters } from '../model/parameters';
import { encoderFromFastai } from '../weights/encoder-names';
import { demand, gatesFromTorch } from '../weights/fastai-names';
import { compareGradients } from './gradient-parity';
import type { Difference, ParityCase } from './parity-case';
import { batchMajor, compare, encoderConfigOf, floats, integers, size, timeMajor, under } from './parity-case';

/** `lm-tied` and `lm-untied`: two truncated-BPTT steps with the state carried; logits, losses, every gradient. */
export function checkLanguageModel(k: Kernels, parityCase: ParityCase): Difference[] {
  const tied = !parityCase.tensors.has('step0.grad.1.decoder.weight');
  const model = modelOf(k, parityCase, tied);
  const probe = modelOf(k, parityCase, tied);
  const { shape, data: xs } = integers(parityCase, 'x');
  const ys = integers(parityCase, 'y').data;
  const [steps, batch, time] = shape as [number, number, number];
  const regularisation = { alpha: size(parityCase, 'alpha'), beta: size(parityCase, 'beta') };
  const differences: Difference[] = [];
  for (let step = 0; step < steps; step++) {
    const cut = (data: Int32Array) =>
      timeMajor(data.subarray(step * batch * time, (step + 1) * batch * time), batch, time);
    const window = { ids: cut(xs), time, batch };
    const name = (what: string): string => `step${step}.${what}`;
    probe.writeState(model.readState());
    const seen = probe.outputs(window);
    differences.push(
      compare(name('logits'), batchMajor(seen.logits, batch, time), floats(parityCase, name('logits')).data),
    );
    const output = floats(parityCase, name('encoder_output')).data;
    differences.push(compare(name('encoder_output'), batchMajor(seen.encoderOutput, batch, time), output));
    const { loss, gradients } = model.trainStep({ ...window, targets: cut(ys) }, null, regularisation);
    differences.push(
      compare(name('cross_entropy'), [loss.crossEntropy], floats(parityCase, name('cross_entropy')).data),
    );
    differences.push(compare(name('ar'), [loss.ar], floats(parityCase, name('ar')).data));
    differences.push(compare(name('tar'), [loss.tar], floats(parityCase, name('tar')).data));
    differences.push(...compareGradients(k, parityCase, name('grad.'), '0.', model.config, gradients));
  }
  for (const each of [model, probe]) {
    each.reset();
    each.parameters.dispose();
  }
  return differences;
}

/** `lm-dropout`: one step with all five masks given. */
export function checkDropout(k: Kernels, parityCase: ParityCase): Difference[] {
  const model = modelOf(k, parityCase, true);
  const { shape, data: x } = integers(parityCase, 'x');
  const [batch, time] = shape as [number, number];
  const window = { ids: timeMajor(x, batch, time), time, batch };
  const masks = givenMasks(k, parityCase, model);
  const regularisation = { alpha: size(parityCase, 'alpha'), beta: size(parityCase, 'beta') };
  const targets = timeMajor(integers(parityCase, 'y').data, batch, time);
  const { loss, gradients } = model.trainStep({ ...window, targets }, masks, regularisation);
  const differences = [
    compare('cross_entropy', [loss.crossEntropy], floats(parityCase, 'cross_entropy').data),
    compare('loss', [loss.crossEntropy + loss.ar + loss.tar], floats(parityCase, 'loss').data),
    ...compareGradients(k, parityCase, 'grad.', '0.', model.config, gradients),
  ];
  k.dispose(masks.embed, masks.input, masks.output, ...masks.weight, ...masks.hidden);
  model.reset();
  model.parameters.dispose();
  return differences;
}

function modelOf(k: Kernels, parityCase: ParityCase, tied: boolean): LanguageModel {
  const config = encoderConfigOf(parityCase);
  const given = under(parityCase, 'param.');
  const parameters = new Parameters(k);
  for (const [name, { data, shape }] of encoderFromFastai(given, '0.', config)) parameters.add(name, data, shape);
  parameters.add('decoder.bias', demand(given, '1.decoder.bias', [config.vocabulary]).data, [config.vocabulary]);
  if (!tied) {
    const shape = [config.vocabulary, config.embedding];
    parameters.add('decoder.weight', demand(given, '1.decoder.weight', shape).data, shape);
  }
  return new LanguageModel(k, config, parameters, tied);
}

function givenMasks(k: Kernels, parityCase: ParityCase, model: LanguageModel): DropoutMasks {
  const { config } = model;
  const flat = (name: string) => {
    const { shape, data } = floats(parityCase, `mask.${name}`);
    return k.float(data, [shape[0]!, shape.at(-1)!]);
  };
  const layers = Array.from({ length: config.layers }, (_, layer) => layer);
  return {
    embed: flat('embed'),
    input: flat('input'),
    output: flat('output'),
    hidden: layers.slice(0, -1).map((layer) => flat(`hidden.${layer}`)),
    weight: layers.map((layer) => {
      const width = layerWidth(config, layer);
      const mask = floats(parityCase, `mask.weight.${layer}`).data;
      return k.float(gatesFromTorch(mask, width, width), [width, 4 * width]);
    }),
  };
}
