import type { FusedFacts, FusedKernels } from './fused-kernels';
import type { Tensor } from './kernels';
import type { OpAttribute, TensorFlowBinding } from './native-binding';

/** What the operations need of the kernels they belong to. */
interface Runner {
  run(op: string, attributes: readonly OpAttribute[], inputs: readonly number[], outputs: number): Tensor[];
  idOf(tensor: Tensor): number;
}

/** The operations of `native/ops.cc`, which the addon has registered with TensorFlow. */
export function fusedOperations(facts: FusedFacts, binding: TensorFlowBinding, { run, idOf }: Runner): FusedKernels {
  const flag = (name: string, value: boolean): OpAttribute[] => [{ name, type: binding.TF_ATTR_BOOL, value }];
  const [keeping, passing] = [flag('keep', true), flag('keep', false)];
  const [learning, measuring] = [flag('gradient', true), flag('gradient', false)];
  /** A mask's id; an empty tensor, freed after `use`, stands for none. */
  const withMask = <T>(mask: Tensor | null, use: (id: number) => T): T => {
    if (mask) return use(idOf(mask));
    const none = binding.createTensor([0], binding.TF_FLOAT, new Float32Array(0));
    try {
      return use(none);
    } finally {
      binding.deleteTensor(none);
    }
  };
  return {
    ...facts,
    lstm: (projected, recurrent, bias, { h, c }, keep) => {
      const inputs = [projected, recurrent, bias, h, c].map(idOf);
      const [output, gates, cells] = run('ThawLstm', keep ? keeping : passing, inputs, 3);
      return { output: output!, gates: gates!, cells: cells! };
    },
    lstmWithInput: (x, { input, recurrent, bias }, { h, c }, keep) => {
      const inputs = [x, input, recurrent, bias, h, c].map(idOf);
      const [output, gates, cells] = run('ThawLstmWithInput', keep ? keeping : passing, inputs, 3);
      return { output: output!, gates: gates!, cells: cells! };
    },
    lstmGradient: (...inputs) => run('ThawLstmGradient', [], inputs.map(idOf), 1)[0]!,
    qrnn: (raw, bias, c0, zoneOut, keep) => {
      const [output, gates, cells] = withMask(zoneOut, (mask) =>
        run('ThawQrnn', keep ? keeping : passing, [...[raw, bias, c0].map(idOf), mask], 3),
      );
      return { output: output!, gates: gates!, cells: cells! };
    },
    qrnnGradient: (gates, cells, c0, zoneOut, dOutput) => {
      const [dGates, dC0] = withMask(zoneOut, (mask) =>
        run('ThawQrnnGradient', [], [...[gates, cells, c0].map(idOf), mask, idOf(dOutput)], 2),
      );
      return { dGates: dGates!, dC0: dC0! };
    },
    crossEntropy: (x, embedding, bias, targets, scale) => {
      const factor = binding.createTensor([], binding.TF_FLOAT, Float32Array.of(scale ?? 0));
      const inputs = [...[x, embedding, bias, targets].map(idOf), factor];
      const outputs = run('ThawCrossEntropy', scale === null ? measuring : learning, inputs, 5);
      binding.deleteTensor(factor);
      const [losses, best, dx, dEmbedding, dBias] = outputs;
      return { losses: losses!, best: best!, dx: dx!, dEmbedding: dEmbedding!, dBias: dBias! };
    },
    outputGradient: ({ decoded, dropped, raw, mask }, batch, { activation, temporal }) => {
      const rows = binding.createTensor([], binding.TF_INT32, Int32Array.of(batch));
      const factors = binding.createTensor([2], binding.TF_FLOAT, Float32Array.of(activation, temporal));
      const [dRaw, sums] = withMask(mask, (id) =>
        run('ThawOutputGradient', [], [...[decoded, dropped, raw].map(idOf), id, rows, factors], 2),
      );
      binding.deleteTensor(rows);
      binding.deleteTensor(factors);
      return { dRaw: dRaw!, sums: sums! };
    },
    ...elementwiseOperations(binding, { run, idOf }),
  };
}

/** Dropout masks, and a step of Adam: one pass over memory each. */
function elementwiseOperations(
  binding: TensorFlowBinding,
  { run, idOf }: Runner,
): Pick<FusedKernels, 'dropoutMask' | 'adam'> {
  const ints = (values: readonly number[]): number =>
    binding.createTensor([values.length], binding.TF_INT32, Int32Array.from(values));
  return {
    dropoutMask: (shape, rate, seed) => {
      const inputs = [ints(shape), ints(seed), binding.createTensor([], binding.TF_FLOAT, Float32Array.of(rate))];
      const [mask] = run('ThawDropoutMask', [], inputs, 1);
      for (const input of inputs) binding.deleteTensor(input);
      return mask!;
    },
    adam: (value, mean, square, gradient, numbers) => {
      const all = binding.createTensor([numbers.length], binding.TF_FLOAT, numbers);
      const [changed] = run('ThawAdam', [], [...[value, mean, square, gradient].map(idOf), all], 1);
      binding.deleteTensor(all);
      return changed!;
    },
  };
}
