import type { Kernels } from '../kernels/kernels';
import type { Optimiser } from '../train/optimisers';
import { Adam } from '../train/optimisers';
import { Sgd } from '../train/sgd';
import { Asgd } from '../train/asgd';
import { discriminativeRates, oneCycle, slantedTriangular } from '../train/schedules';
import { Parameters } from '../model/parameters';
import type { Difference, ParityCase } from './parity-case';
import { compare, floats } from './parity-case';

/** `optimisers`: the parameters after each of a sequence of given gradients. */
export function checkOptimisers(k: Kernels, parityCase: ParityCase): Difference[] {
  const adam = { beta2: 0.99, epsilon: 1e-7, weightDecay: 0.1 };
  const asgd = { trigger: 2, weightDecay: 1.2e-6 };
  const makers: Record<string, { rate: number; make: (parameters: Parameters) => Optimiser }> = {
    adam: { rate: 0.01, make: (parameters) => new Adam(k, parameters, { ...adam, decoupled: true }) },
    adam_l2: { rate: 0.01, make: (parameters) => new Adam(k, parameters, { ...adam, decoupled: false }) },
    sgd: { rate: 0.1, make: (parameters) => new Sgd(k, parameters) },
    asgd: { rate: 0.1, make: (parameters) => new Asgd(k, parameters, asgd) },
  };
  const { data: first, shape } = floats(parityCase, 'p0');
  const gradients = floats(parityCase, 'grads').data;
  const differences: Difference[] = [];
  for (const [name, { rate, make }] of Object.entries(makers)) {
    const parameters = new Parameters(k);
    parameters.add('p', first, shape);
    const optimiser = make(parameters);
    const steps = gradients.length / first.length;
    const history = new Float32Array(gradients.length);
    for (let step = 0; step < steps; step++) {
      const gradient = k.float(gradients.subarray(step * first.length, (step + 1) * first.length), shape);
      optimiser.step(new Map([['p', gradient]]), () => rate, 0.8);
      history.set(parameters.read('p'), step * first.length);
    }
    differences.push(compare(name, history, floats(parityCase, name).data));
    if (optimiser instanceof Asgd) {
      differences.push(compare('asgd_average', optimiser.average('p'), floats(parityCase, 'asgd_average').data));
    }
    optimiser.dispose();
    parameters.dispose();
  }
  return differences;
}

interface Schedules {
  readonly stlr: { T: number; cut_frac: number; ratio: number; lr_max: number; values: number[] };
  readonly one_cycle: {
    steps: number;
    pct_start: number;
    lr_max: number;
    div: number;
    div_final: number;
    moms: [number, number, number];
    lr: number[];
    mom: number[];
  };
  readonly discriminative: { lr_max: number; factor: number; groups: number; values: number[] };
}

/** `schedules`: the values at each point. */
export function checkSchedules(parityCase: ParityCase): Difference[] {
  const { stlr, one_cycle: cycle, discriminative } = parityCase.sizes as unknown as Schedules;
  const { rate, momentum } = oneCycle(cycle.lr_max, {
    pctStart: cycle.pct_start,
    div: cycle.div,
    divFinal: cycle.div_final,
    momentums: cycle.moms,
  });
  const positions = Array.from({ length: cycle.steps }, (_, i) => i / cycle.steps);
  const triangular = stlr.values.map((_, t) => slantedTriangular(t, stlr.T, stlr.lr_max, stlr.cut_frac, stlr.ratio));
  const rates = discriminativeRates(discriminative.lr_max, discriminative.groups, discriminative.factor);
  return [
    compare('stlr', triangular, stlr.values),
    compare('one_cycle.lr', positions.map(rate), cycle.lr),
    compare('one_cycle.mom', positions.map(momentum), cycle.mom),
    compare('discriminative', rates, discriminative.values),
  ];
}
