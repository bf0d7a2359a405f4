import type { FusedKernels } from '../kernels/fused-kernels';
import type { Kernels, Tensor } from '../kernels/kernels';
import type { QrnnSettings } from './config';
import { linearScan, linearScanBackward } from './linear-scan';

/** The weights of one QRNN layer; gates lie in the order z, f, and o where there is one. */
export interface QrnnWeights {
  readonly input: Tensor; // [window · in, gates · hidden]
  readonly bias: Tensor; // [gates · hidden]
}

/** The state that is carried on: the cells, and for a convolution of width 2 the last input. */
export interface QrnnState {
  readonly cell: Tensor; // [batch, hidden]
  readonly previous: Tensor | null; // [batch, in]
}

/** What the backward pass needs; time-major matrices of the whole window. */
export interface QrnnTrace {
  readonly source: Tensor; // [time·batch, window · in]
  readonly batch: number;
  readonly weights: QrnnWeights;
  readonly settings: QrnnSettings;
  readonly scan: FusedScan | PlainScan;
}

/** What happens between the matrix product and the output, as one fused kernel. */
interface FusedScan {
  readonly kind: 'fused';
  readonly gates: Tensor; // [time·batch, gates · hidden], activated
  readonly cells: Tensor; // [time·batch, hidden]
  readonly c0: Tensor; // [batch, hidden]
  readonly zoneOut: Tensor | null;
}

/** The same in single steps. */
interface PlainScan {
  readonly kind: 'plain';
  readonly gates: QrnnGates;
  readonly before: Tensor; // the cells before each step, [time·batch, hidden]
  readonly cells: Tensor | null; // and after it, where the output gate needs them
}

/** `[time·batch, hidden]` each. */
interface QrnnGates {
  readonly z: Tensor;
  readonly forget: Tensor; // the sigmoid itself
  readonly kept: Tensor; // and after zone-out
  readonly zoneOut: Tensor | null;
  readonly o: Tensor | null;
}

export interface QrnnGradients {
  readonly dx: Tensor | null; // [time·batch, in]
  readonly dInput: Tensor;
  readonly dBias: Tensor;
  readonly dCell: Tensor; // of the state that came in, [batch, hidden]
}

/**
 * Runs a quasi-recurrent layer over a window (Bradbury et al. 2016; fastai's `QRNNLayer`): all gates are one matrix
 * product, and only c[t] = f · c[t − 1] + (1 − f) · z runs step by step.
 *
 * Zone-out drops 1 − f, so that a cell keeps its value. As in fastai what is left is scaled by 1/(1 − p), which leaves
 * its mean as it is and evaluation without a part in it; the paper does not scale.
 * @param x time-major, `[time·batch, in]`
 * @param zoneOut a scaled dropout mask `[time·batch, hidden]`; null: off
 * @returns outputs `[time·batch, hidden]`, the state to carry on, and a trace unless `keepTrace` is false
 */
export function qrnnForward(
  k: Kernels,
  x: Tensor,
  time: number,
  weights: QrnnWeights,
  state: QrnnState,
  settings: QrnnSettings,
  zoneOut: Tensor | null,
  keepTrace: boolean,
): { output: Tensor; state: QrnnState; trace: QrnnTrace | null } {
  const batch = state.cell.shape[0]!;
  const source = settings.window === 1 ? x : withPrevious(k, x, time, state.previous);
  const products = k.matmul(source, weights.input);
  const run = k.fused
    ? fusedScan(k, k.fused, products, weights.bias, state.cell, zoneOut, keepTrace)
    : plainScan(k, products, weights.bias, state.cell, settings, zoneOut, keepTrace);
  k.dispose(products);
  const previous = settings.window === 2 ? k.sliceRows(x, (time - 1) * batch, batch) : null;
  const next = { cell: run.last, previous };
  if (!run.scan) {
    k.dispose(source === x ? null : source);
    return { output: run.output, state: next, trace: null };
  }
  return { output: run.output, state: next, trace: { source, batch, weights, settings, scan: run.scan } };
}

/** The gradients of {@link qrnnForward}, given those of its outputs `[time·batch, hidden]`. */
export function qrnnBackward(k: Kernels, trace: QrnnTrace, dOutput: Tensor, needsDx: boolean): QrnnGradients {
  const { source, batch, weights, settings, scan } = trace;
  const { dGates, dCell } =
    scan.kind === 'fused' ? fusedScanBackward(k, scan, dOutput) : plainScanBackward(k, scan, batch, dOutput);
  const dSource = needsDx ? k.matmul(dGates, weights.input, false, true) : null;
  const dx = dSource && settings.window === 2 ? foldPrevious(k, dSource, batch) : dSource;
  const result = { dx, dInput: k.matmul(source, dGates, true, false), dBias: k.sum(dGates, 0), dCell };
  k.dispose(dGates, dx === dSource ? null : dSource);
  return result;
}

interface ScanRun {
  readonly output: Tensor; // [time·batch, hidden]
  readonly last: Tensor; // [batch, hidden]
  readonly scan: QrnnTrace['scan'] | null;
}

function fusedScan(
  k: Kernels,
  fused: FusedKernels,
  products: Tensor,
  bias: Tensor,
  c0: Tensor,
  zoneOut: Tensor | null,
  keep: boolean,
): ScanRun {
  const { output, gates, cells } = fused.qrnn(products, bias, c0, zoneOut, keep);
  if (!keep) {
    k.dispose(gates);
    return { output, last: cells, scan: null };
  }
  const [rows, batch] = [cells.shape[0]!, c0.shape[0]!];
  const last = k.sliceRows(cells, rows - batch, batch);
  return { output, last, scan: { kind: 'fused', gates, cells, c0, zoneOut } };
}

function fusedScanBackward(
  k: Kernels,
  { gates, cells, c0, zoneOut }: FusedScan,
  dOutput: Tensor,
): { dGates: Tensor; dCell: Tensor } {
  const { dGates, dC0 } = k.fused!.qrnnGradient(gates, cells, c0, zoneOut, dOutput);
  return { dGates, dCell: dC0 };
}

function plainScan(
  k: Kernels,
  products: Tensor,
  bias: Tensor,
  c0: Tensor,
  settings: QrnnSettings,
  zoneOut: Tensor | null,
  keep: boolean,
): ScanRun {
  const [rows, batch] = [products.shape[0]!, c0.shape[0]!];
  const gates = gatesOf(k, products, bias, settings, zoneOut);
  const { z, forget, kept, o } = gates;
  const keptZ = k.mul(kept, z);
  const added = k.sub(z, keptZ);
  const { all, last } = linearScan(k, kept, added, c0, rows / batch);
  k.dispose(keptZ, added);
  const output = o ? k.mul(o, all) : all;
  if (!keep) {
    k.dispose(z, forget, kept, o, o ? all : null);
    return { output, last, scan: null };
  }
  const early = k.sliceRows(all, 0, rows - batch);
  const before = k.concat([c0, early], 0);
  k.dispose(early);
  return { output, last, scan: { kind: 'plain', gates, before, cells: o ? all : null } };
}

function plainScanBackward(
  k: Kernels,
  { gates, before, cells }: PlainScan,
  batch: number,
  dOutput: Tensor,
): { dGates: Tensor; dCell: Tensor } {
  const { z, forget, kept, zoneOut, o } = gates;
  const time = z.shape[0]! / batch;
  const direct = o ? k.mul(dOutput, o) : dOutput;
  const { all: dCells, first: dCell } = linearScanBackward(k, kept, direct, time);
  // c = z + kept · (before − z)
  const toBefore = k.mul(dCells, kept);
  const dz = k.sub(dCells, toBefore);
  const difference = k.sub(before, z);
  const dKept = k.mul(dCells, difference);
  const dForget = zoneOut ? k.mul(dKept, zoneOut) : dKept;
  const parts = [k.tanhGrad(z, dz), k.sigmoidGrad(forget, dForget)];
  if (o) {
    const dGate = k.mul(dOutput, cells!);
    parts.push(k.sigmoidGrad(o, dGate));
    k.dispose(dGate, direct);
  }
  const dGates = k.concat(parts, 1);
  k.dispose(dCells, toBefore, dz, difference, dKept, dForget, ...parts);
  return { dGates, dCell };
}

function gatesOf(
  k: Kernels,
  products: Tensor,
  bias: Tensor,
  settings: QrnnSettings,
  zoneOut: Tensor | null,
): QrnnGates {
  const raw = k.addBias(products, bias);
  const count = settings.outputGate ? 3 : 2;
  const [rawZ, rawF, rawO] = k.splitColumns(raw, new Array<number>(count).fill(raw.shape[1]! / count));
  const [z, forget, o] = [k.tanh(rawZ!), k.sigmoid(rawF!), rawO ? k.sigmoid(rawO) : null];
  k.dispose(raw, rawZ, rawF, rawO);
  return { z, forget, kept: zoneOut ? zonedOut(k, forget, zoneOut) : forget, zoneOut, o };
}

/** 1 − mask · (1 − f) */
function zonedOut(k: Kernels, forget: Tensor, mask: Tensor): Tensor {
  const one = k.fill([1, 1], 1);
  const taken = k.sub(one, forget);
  const left = k.mul(taken, mask);
  const kept = k.sub(one, left);
  k.dispose(one, taken, left);
  return kept;
}

/** x[t − 1] before x[t] in each row. */
function withPrevious(k: Kernels, x: Tensor, time: number, previous: Tensor | null): Tensor {
  const [rows, width] = x.shape as [number, number];
  const batch = rows / time;
  const first = previous ?? k.fill([batch, width], 0);
  const early = k.sliceRows(x, 0, rows - batch);
  const shifted = k.concat([first, early], 0);
  const joined = k.concat([shifted, x], 1);
  k.dispose(early, shifted, previous ? null : first);
  return joined;
}

/** The reverse of {@link withPrevious} for gradients: what x[t] gets from its own row and from the next. */
function foldPrevious(k: Kernels, dSource: Tensor, batch: number): Tensor {
  const [rows, doubled] = dSource.shape as [number, number];
  const width = doubled / 2;
  const [byNext, own] = k.splitColumns(dSource, [width, width]) as [Tensor, Tensor];
  const none = k.fill([batch, width], 0);
  const late = k.sliceRows(byNext, batch, rows - batch);
  const later = k.concat([late, none], 0);
  const sum = k.add(own, later);
  k.dispose(byNext, own, none, late, later);
  return sum;
}
