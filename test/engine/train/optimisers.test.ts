import { describe, expect, it } from 'vitest';
import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import { Parameters } from '../../../src/engine/model/parameters';
import { Asgd } from '../../../src/engine/train/asgd';
import type { OptimiserName } from '../../../src/engine/train/make-optimiser';
import { makeOptimiser } from '../../../src/engine/train/make-optimiser';
import type { Optimiser } from '../../../src/engine/train/optimisers';
import { clipFactor } from '../../../src/engine/train/optimisers';
import { Sgd } from '../../../src/engine/train/sgd';
import type { Verdict } from '../../../src/engine/train/weight-keeper';
import { WeightKeeper } from '../../../src/engine/train/weight-keeper';
import { tensorflowForTests } from '../../helpers/tensorflow';

describe('optimisers', async () => {
  const kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
  const parametersOf = (...values: number[]): Parameters => {
    const parameters = new Parameters(kernels);
    parameters.add('p', Float32Array.from(values), [values.length]);
    return parameters;
  };
  const step = (optimiser: Optimiser, gradient: number[], rate = 0.1, momentum = 0.9): void =>
    optimiser.step(
      new Map([['p', kernels.float(Float32Array.from(gradient), [gradient.length])]]),
      () => rate,
      momentum,
    );

  it('SGD with momentum keeps a velocity as torch does', () => {
    const parameters = parametersOf(1);
    const sgd = new Sgd(kernels, parameters, { weightDecay: 0, withMomentum: true });
    let [p, v] = [1, 0];
    for (const gradient of [1, -0.5, 2]) {
      step(sgd, [gradient]);
      v = 0.9 * v + gradient;
      p -= 0.1 * v;
      expect(parameters.read('p')[0]).toBeCloseTo(p, 6);
    }
    sgd.dispose();
    parameters.dispose();
  });

  it('averaged SGD keeps, from its trigger on, the mean of the weights', () => {
    const parameters = parametersOf(1, 2);
    const asgd = new Asgd(kernels, parameters, { trigger: Infinity, weightDecay: 0 });
    const seen: Float32Array[] = [];
    for (let i = 0; i < 3; i++) step(asgd, [1, -1]);
    expect(asgd.averaging).toBe(false);
    expect(asgd.average('p')).toEqual(parameters.read('p'));
    asgd.startAveraging();
    for (let i = 0; i < 5; i++) {
      step(asgd, [i, 0.5]);
      seen.push(parameters.read('p'));
    }
    // torch copies the weights twice before it averages: the first of the two does not count.
    const counted = seen.slice(1);
    for (const j of [0, 1]) {
      const mean = counted.reduce((sum, each) => sum + each[j]!, 0) / counted.length;
      expect(asgd.average('p')[j]).toBeCloseTo(mean, 5);
    }
    const [weights, average] = [parameters.read('p'), asgd.average('p')];
    asgd.swap();
    expect([parameters.read('p'), asgd.average('p')]).toEqual([average, weights]);
    asgd.swap();
    expect([parameters.read('p'), asgd.average('p')]).toEqual([weights, average]);
    asgd.dispose();
    parameters.dispose();
    expect(kernels.liveTensors()).toBe(0);
  });

  it.each<OptimiserName>(['adam', 'sgd', 'sgd-momentum', 'nt-asgd'])(
    '%s goes on from its saved state to the same bits, also through JSON',
    (name) => {
      const train = (interrupted: boolean): Float32Array => {
        const parameters = parametersOf(0.3, -2);
        let optimiser = makeOptimiser(kernels, parameters, { name, beta2: 0.99, weightDecay: 0.01 });
        for (let i = 0; i < 8; i++) {
          if (i === 2 && optimiser instanceof Asgd) optimiser.startAveraging();
          if (interrupted && (i === 1 || i === 5)) {
            const { tensors, steps } = optimiser.readState();
            optimiser.dispose();
            optimiser = makeOptimiser(kernels, parameters, { name, beta2: 0.99, weightDecay: 0.01 });
            const stored = JSON.parse(JSON.stringify(steps)) as Record<string, number>;
            optimiser.writeState({ tensors, steps: stored });
          }
          step(optimiser, [Math.sin(i), Math.cos(i)]);
        }
        if (optimiser instanceof Asgd) optimiser.swap();
        const result = parameters.read('p');
        optimiser.dispose();
        parameters.dispose();
        return result;
      };
      expect(train(true)).toEqual(train(false));
      expect(kernels.liveTensors()).toBe(0);
    },
  );

  it('clips to the greatest norm, and with Infinity never', () => {
    const map = new Map([['p', kernels.float(Float32Array.of(3, 4), [2])]]);
    expect(clipFactor(kernels, map, 1).norm).toBeCloseTo(5, 6);
    expect(clipFactor(kernels, map, 1).factor).toBeCloseTo(0.2, 6);
    expect(clipFactor(kernels, map, Infinity).factor).toBe(1);
    expect(clipFactor(kernels, map, 6).factor).toBe(1);
    kernels.dispose(map.get('p')!);
  });

  it.each<[OptimiserName, number]>([
    ['adam', 0.1],
    ['sgd', 0.1],
    ['sgd-momentum', 0.1],
    ['nt-asgd', 0.1],
  ])('%s takes a scaled gradient as it takes a smaller one', (name, weightDecay) => {
    const after = (gradient: number, scale: number): Float32Array => {
      const parameters = parametersOf(1, -2);
      const optimiser = makeOptimiser(kernels, parameters, { name, beta2: 0.99, weightDecay });
      for (let i = 1; i <= 3; i++) {
        const tensor = kernels.float(Float32Array.of(gradient * i, gradient), [2]);
        optimiser.step(new Map([['p', tensor]]), () => 0.1, 0.8, scale);
      }
      const result = parameters.read('p');
      optimiser.dispose();
      parameters.dispose();
      return result;
    };
    const [scaled, small] = [after(4, 0.25), after(1, 1)];
    scaled.forEach((value, i) => expect(value).toBeCloseTo(small[i]!, 6));
    expect(kernels.liveTensors()).toBe(0);
  });
});

describe('the keeper of weights', async () => {
  const kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
  const make = (bestBy: 'metric' | 'loss' | 'last', nonMonotone = 5) => {
    const parameters = new Parameters(kernels);
    parameters.add('p', Float32Array.of(0), [1]);
    const asgd = new Asgd(kernels, parameters, { trigger: Infinity, weightDecay: 0 });
    const weights = {
      read: () => new Map([['p', { shape: [1], data: parameters.read('p') }]]),
      write: (tensors: ReadonlyMap<string, { readonly data: Float32Array }>) =>
        parameters.write('p', tensors.get('p')!.data),
    };
    const keeper = new WeightKeeper(asgd, { bestBy, nonMonotone }, weights);
    keeper.begin();
    const epoch = async (value: number, verdict: Verdict): Promise<boolean> => {
      parameters.write('p', Float32Array.of(value));
      return (await keeper.judge(async () => ({ verdict }), true)).improved;
    };
    const ending = (): number => {
      keeper.end();
      const value = parameters.read('p')[0]!;
      asgd.dispose();
      parameters.dispose();
      return value;
    };
    return { asgd, parameters, keeper, epoch, ending };
  };

  it('leaves the weights of the best epoch, by what was asked', async () => {
    const epochs: [number, Verdict][] = [
      [1, { metric: 0.5, loss: 0.9 }],
      [2, { metric: 0.8, loss: 0.7 }],
      [3, { metric: 0.7, loss: 0.6 }],
      [4, { metric: 0.6, loss: NaN }],
    ];
    for (const [bestBy, expected] of [
      ['metric', 2],
      ['loss', 3],
      ['last', 4],
    ] as const) {
      const { epoch, ending } = make(bestBy);
      for (const [value, verdict] of epochs) await epoch(value, verdict);
      expect([bestBy, ending()]).toEqual([bestBy, expected]);
    }
  });

  it('says whether an epoch was better; with the same metric the lower loss is', async () => {
    const { epoch, ending } = make('metric');
    const said = [];
    for (const [metric, loss] of [
      [0.5, 1],
      [0.5, 0.9],
      [0.5, 0.9],
      [0.4, 0.1],
    ] as const) {
      said.push(await epoch(0, { metric, loss }));
    }
    expect(said).toEqual([true, true, false, false]);
    ending();
  });

  it('begins to average once the loss is above the best of all epochs but the last n', async () => {
    const { asgd, parameters, epoch, ending } = make('last', 2);
    const losses = [5, 4, 4.1, 4.2, 4.05, 4.5];
    const begun: boolean[] = [];
    for (const loss of losses) {
      asgd.step(new Map([['p', kernels.float(Float32Array.of(1), [1])]]), () => 0.1);
      await epoch(parameters.read('p')[0]!, { metric: 0, loss });
      begun.push(asgd.averaging);
    }
    // Before the fifth epoch the losses but for the last two are 5 and 4, and 4.05 is above their lowest.
    expect(begun).toEqual([false, false, false, false, true, true]);
    ending();
    expect(kernels.liveTensors()).toBe(0);
  });
});
