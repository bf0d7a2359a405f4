import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kernels, Tensor } from '../../../src/engine/kernels/kernels';
import { decoderEvaluate, decoderTrain } from '../../../src/engine/model/decoder';
import { lstmBackward, lstmForward } from '../../../src/engine/model/lstm-layer';
import { qrnnBackward, qrnnForward } from '../../../src/engine/model/qrnn-layer';
import { Random } from '../../../src/engine/train/random';
import { kernelsForTests, type KernelsForTests } from '../../helpers/fused-kernels';

// The kernels of native/ against the same mathematics on TensorFlow's own, for every instruction set that this
// processor has. Sizes are odd on purpose: every edge of a panel is met.

let kernels: KernelsForTests;
beforeAll(async () => {
  kernels = await kernelsForTests();
});
afterAll(() => kernels.restore());

function values(random: Random, length: number, scale = 1): Float32Array {
  return Float32Array.from({ length }, () => (random.uniform() * 2 - 1) * scale);
}

/** The greatest difference as a share of the greatest value. */
function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  let size = 1e-20;
  a.forEach((value, i) => {
    most = Math.max(most, Math.abs(value - b[i]!));
    size = Math.max(size, Math.abs(b[i]!));
  });
  return most / size;
}

function product(k: Kernels, seed: number, [m, n, depth]: readonly number[], flags: number): Float32Array {
  const random = new Random(seed);
  const [transposeA, transposeB] = [(flags & 1) > 0, (flags & 2) > 0];
  return k.scope(() => {
    const a = k.float(values(random, m! * depth!), transposeA ? [depth!, m!] : [m!, depth!]);
    const b = k.float(values(random, n! * depth!), transposeB ? [n!, depth!] : [depth!, n!]);
    return k.read(k.matmul(a, b, transposeA, transposeB));
  });
}

function layer(k: Kernels, [time, batch, inputs, hidden]: readonly number[]): Record<string, Float32Array> {
  const random = new Random(5);
  return k.scope(() => {
    const make = (shape: number[], scale = 1): Tensor =>
      k.float(
        values(
          random,
          shape.reduce((x, y) => x * y, 1),
          scale,
        ),
        shape,
      );
    const x = make([time! * batch!, inputs!]);
    const weights = {
      input: make([inputs!, 4 * hidden!], inputs! > 400 ? 0.1 : 0.5),
      recurrent: make([hidden!, 4 * hidden!], 0.3),
      bias: make([4 * hidden!]),
    };
    const state = { h: make([batch!, hidden!]), c: make([batch!, hidden!]) };
    const dOutput = make([time! * batch!, hidden!]);
    const run = lstmForward(k, x, time!, weights, state, true);
    const back = lstmBackward(k, run.trace!, dOutput, true);
    const quick = lstmForward(k, x, time!, weights, state, false);
    // Both routes on every size, whichever of them the layer takes for it.
    const routes = (k.fused ? [true, false] : [])
      .map((keep) => k.fused!.lstmWithInput(x, weights, state, keep))
      .concat(k.fused ? [k.fused.lstm(k.matmul(x, weights.input), weights.recurrent, weights.bias, state, false)] : []);
    const outputs = routes.length > 0 ? routes.map((route) => route.output) : [run.output, run.output, run.output];
    const last = routes.length > 0 ? routes.slice(1).map((route) => route.cells) : [run.state.c, run.state.c];
    return {
      ...Object.fromEntries(outputs.map((output, i) => [`outputOfRoute${String(i)}`, k.read(output)])),
      ...Object.fromEntries(last.map((cells, i) => [`cellsOfRoute${String(i)}`, k.read(cells)])),
      output: k.read(run.output),
      h: k.read(run.state.h),
      c: k.read(run.state.c),
      outputWithoutTrace: k.read(quick.output),
      cWithoutTrace: k.read(quick.state.c),
      dx: k.read(back.dx!),
      dInput: k.read(back.dInput),
      dRecurrent: k.read(back.dRecurrent),
      dBias: k.read(back.dBias),
    };
  });
}

interface QuasiSizes {
  readonly sizes: readonly [time: number, batch: number, inputs: number, hidden: number];
  readonly window: 1 | 2;
  readonly outputGate: boolean;
  readonly zoneOut: boolean;
}

function quasiLayer(k: Kernels, { sizes, window, outputGate, zoneOut }: QuasiSizes): Record<string, Float32Array> {
  const [time, batch, inputs, hidden] = sizes;
  const width = (outputGate ? 3 : 2) * hidden;
  const random = new Random(7);
  return k.scope(() => {
    const make = (rows: number, columns: number): Tensor => k.float(values(random, rows * columns), [rows, columns]);
    const x = make(time * batch, inputs);
    const weights = { input: make(window * inputs, width), bias: k.float(values(random, width), [width]) };
    const state = { cell: make(batch, hidden), previous: window === 2 ? make(batch, inputs) : null };
    const dOutput = make(time * batch, hidden);
    const kept = Float32Array.from({ length: time * batch * hidden }, () => (random.uniform() < 0.3 ? 0 : 1 / 0.7));
    const mask = zoneOut ? k.float(kept, [time * batch, hidden]) : null;
    const settings = { window, outputGate };
    const run = qrnnForward(k, x, time, weights, state, settings, mask, true);
    const back = qrnnBackward(k, run.trace!, dOutput, true);
    const quick = qrnnForward(k, x, time, weights, state, settings, mask, false);
    return {
      output: k.read(run.output),
      cell: k.read(run.state.cell),
      outputWithoutTrace: k.read(quick.output),
      cellWithoutTrace: k.read(quick.state.cell),
      dx: k.read(back.dx!),
      dInput: k.read(back.dInput),
      dBias: k.read(back.dBias),
      dCell: k.read(back.dCell),
    };
  });
}

const quasiLayers: readonly QuasiSizes[] = [
  { sizes: [1, 1, 3, 1], window: 1, outputGate: true, zoneOut: false },
  { sizes: [5, 3, 7, 20], window: 2, outputGate: true, zoneOut: true },
  { sizes: [4, 48, 40, 64], window: 1, outputGate: false, zoneOut: true },
  { sizes: [70, 5, 30, 50], window: 2, outputGate: false, zoneOut: false },
  { sizes: [60, 33, 20, 100], window: 1, outputGate: true, zoneOut: true },
];

function decoder(k: Kernels, [rows, width, words]: readonly number[], scale: number): Record<string, Float32Array> {
  const random = new Random(9);
  const targets = Int32Array.from({ length: rows! }, () => random.below(words!));
  return k.scope(() => {
    const x = k.float(values(random, rows! * width!, scale), [rows!, width!]);
    const embedding = k.float(values(random, words! * width!, scale), [words!, width!]);
    const bias = k.float(values(random, words!), [words!]);
    const trained = decoderTrain(k, x, embedding, bias, targets);
    const measured = decoderEvaluate(k, x, embedding, bias, targets);
    let dEmbedding = trained.dEmbedding;
    if (!trained.hasTargets) {
      const pushed = k.segmentSum(k.scale(x, -1 / rows!), k.int(targets, [rows!]), words!);
      dEmbedding = k.add(dEmbedding, pushed);
    }
    return {
      loss: Float32Array.of(trained.loss, measured.loss),
      correct: Float32Array.of(measured.correct),
      dx: k.read(trained.dx),
      dEmbedding: k.read(dEmbedding),
      dBias: k.read(trained.dBias),
    };
  });
}

describe.each([
  ['avx2', 1e-5],
  ['avx512', 1e-5],
  ['avx512-bf16', 2e-2],
  ['amx', 2e-2],
] as const)('Thaw’s own kernels for %s', (name, tolerance) => {
  it.each([1, 3])('give what TensorFlow’s give, on %i threads', (threads) => {
    const fused = kernels.fused(name, threads);
    if (!fused) return;
    const sizes = [
      [1, 1, 1],
      [3, 5, 7],
      [48, 64, 40],
      [17, 33, 100],
      [100, 70, 600],
      [257, 130, 513],
      [33, 700, 31],
    ];
    sizes.forEach((size, i) => {
      for (const flags of [0, 1, 2, 3]) {
        expect(difference(product(fused, i, size, flags), product(kernels.plain, i, size, flags))).toBeLessThan(
          tolerance,
        );
      }
    });
    for (const size of [
      [1, 1, 3, 1],
      [5, 3, 7, 20],
      [4, 48, 40, 64],
      [7, 17, 30, 50],
      [3, 70, 33, 100],
      [1, 300, 40, 36],
      [2, 2, 530, 16],
    ]) {
      const [mine, theirs] = [layer(fused, size), layer(kernels.plain, size)];
      for (const key of Object.keys(theirs)) expect(difference(mine[key]!, theirs[key]!)).toBeLessThan(tolerance);
    }
    for (const size of quasiLayers) {
      const [mine, theirs] = [quasiLayer(fused, size), quasiLayer(kernels.plain, size)];
      for (const key of Object.keys(theirs)) expect(difference(mine[key]!, theirs[key]!)).toBeLessThan(tolerance);
    }
    for (const size of [
      [1, 3, 5],
      [7, 20, 33],
      [130, 48, 1000],
      [700, 33, 1111],
    ]) {
      const [mine, theirs] = [decoder(fused, size, 0.5), decoder(kernels.plain, size, 0.5)];
      for (const key of Object.keys(theirs)) expect(difference(mine[key]!, theirs[key]!)).toBeLessThan(tolerance);
    }
    expect([kernels.plain.liveTensors(), fused.liveTensors()]).toEqual([0, 0]);
  });
});

describe('an LSTM layer that takes the input’s weights', () => {
  it.each(['avx2', 'avx512'])('gives in %s the numbers of two products within a millionth', (name) => {
    const k = kernels.fused(name, 2);
    if (!k) return;
    const random = new Random(3);
    for (const [time, batch, inputs, hidden] of [
      [9, 1, 20, 64],
      [9, 66, 200, 100],
      [1, 31, 300, 48],
    ] as const) {
      const [one, two] = k.scope(() => {
        const make = (rows: number, columns: number, scale: number): Tensor =>
          k.float(values(random, rows * columns, scale), [rows, columns]);
        const x = make(time * batch, inputs, 1);
        const input = make(inputs, 4 * hidden, 0.1);
        const recurrent = make(hidden, 4 * hidden, 0.1);
        const bias = k.float(values(random, 4 * hidden), [4 * hidden]);
        const state = { h: make(batch, hidden, 1), c: make(batch, hidden, 1) };
        const whole = k.fused!.lstmWithInput(x, { input, recurrent, bias }, state, false);
        const apart = k.fused!.lstm(k.matmul(x, input), recurrent, bias, state, false);
        return [k.read(whole.output), k.read(apart.output)] as const;
      });
      expect(difference(one, two)).toBeLessThan(1e-6);
    }
  });

  it('refuses weights that do not fit the input', () => {
    const k = kernels.fused('avx2', 1);
    if (!k) return;
    expect(() =>
      k.scope(() => {
        const [x, h] = [k.fill([4, 8], 1), k.fill([2, 4], 0)];
        const weights = { input: k.fill([7, 16], 1), recurrent: k.fill([4, 16], 1), bias: k.fill([16], 0) };
        k.fused!.lstmWithInput(x, weights, { h, c: h }, false);
      }),
    ).toThrow(/ThawLstmWithInput: shapes/);
  });
});

describe('softmax cross-entropy', () => {
  it('is right where the greatest logit is far beyond those of the first words', () => {
    const fused = kernels.fused('avx2', 2);
    if (!fused) return;
    const [mine, theirs] = [decoder(fused, [40, 60, 1500], 5), decoder(kernels.plain, [40, 60, 1500], 5)];
    // The plain one caps its loss where a probability underflows, so the gradients are compared.
    for (const key of ['correct', 'dx', 'dEmbedding', 'dBias']) {
      expect(difference(mine[key]!, theirs[key]!)).toBeLessThan(1e-4);
    }
  });

  it('refuses a target outside of the vocabulary instead of reading beyond it', () => {
    const fused = kernels.fused('avx2', 2);
    if (!fused) return;
    const k = fused;
    expect(() =>
      k.scope(() => {
        const matrix = k.fill([4, 8], 1);
        return decoderTrain(k, matrix, matrix, k.fill([4], 0), Int32Array.of(0, 1, 2, 4));
      }),
    ).toThrow(/target 4 in a vocabulary of 4/);
  });
});
