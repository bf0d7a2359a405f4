import type { Kernels, Tensor } from '../kernels/kernels';
import { transposed } from '../model/classifier-files';
import { reverseOrder } from '../model/encoder-layer';
import { qrnnBackward, qrnnForward } from '../model/qrnn-layer';
import type { Difference, ParityCase } from './parity-case';
import { batchMajor, compare, floats } from './parity-case';

/** `qrnn`: windows 1 and 2, fo- and f-pooling, both directions; outputs and gradients of Σ y². */
export function checkQrnn(k: Kernels, parityCase: ParityCase): Difference[] {
  return (parityCase.sizes['cases'] as string[]).flatMap((name) => checkOne(k, parityCase, name));
}

function checkOne(k: Kernels, parityCase: ParityCase, name: string): Difference[] {
  const given = (what: string) => floats(parityCase, `${name}.${what}`);
  const [w, b, x, c0] = [given('W'), given('b'), given('x'), given('c0')];
  const [batch, time, inputs] = x.shape as [number, number, number];
  const [rows, columns] = w.shape as [number, number];
  const settings = { window: columns === inputs ? 1 : 2, outputGate: name.includes('-fo-') } as const;
  return k.scope(() => {
    const weights = {
      input: k.float(transposed(w.data, rows, columns), [columns, rows]),
      bias: k.float(b.data, [rows]),
    };
    const order = name.endsWith('backward') ? k.int(reverseOrder(time, batch, null), [time * batch]) : null;
    const inOrder = (rowsOf: Tensor): Tensor => (order ? k.gatherRows(rowsOf, order) : rowsOf);
    const input = inOrder(k.float(timeFirst(x.data, batch, time), [batch * time, inputs]));
    const state = { cell: k.float(c0.data, c0.shape), previous: null };
    const run = qrnnForward(k, input, time, weights, state, settings, null, true);
    const back = qrnnBackward(k, run.trace!, k.scale(run.output, 2), true);
    const expect = (what: string, got: Float32Array): Difference => compare(`${name}.${what}`, got, given(what).data);
    return [
      expect('y', batchMajor(k.read(inOrder(run.output)), batch, time)),
      expect('c_last', k.read(run.state.cell)),
      expect('grad.W', transposed(k.read(back.dInput), columns, rows)),
      expect('grad.b', k.read(back.dBias)),
      expect('grad.x', batchMajor(k.read(inOrder(back.dx!)), batch, time)),
      expect('grad.c0', k.read(back.dCell)),
    ];
  });
}

/** `[batch, time, width]` to time-major `[time·batch, width]`: the same exchange the other way round. */
function timeFirst(data: Float32Array, batch: number, time: number): Float32Array {
  return batchMajor(data, time, batch);
}
