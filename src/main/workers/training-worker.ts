import { parentPort } from 'node:worker_threads';
import { humanNumbersTask } from '../../engine/human-numbers/human-numbers-task';
import { NativeKernels } from '../../engine/kernels/native-kernels';
import type { Kernels } from '../../engine/kernels/kernels';
import { PortableKernels } from '../../engine/kernels/portable-kernels';
import { runParity } from '../../engine/parity/run-parity';
import { evaluateSavedLanguageModel } from '../../engine/tasks/evaluate-language-model';
import { findRate } from '../../engine/tasks/find-rate';
import { measureSpeeds } from '../../engine/tasks/measure-speeds';
import { Predictor } from '../../engine/tasks/predict';
import { pretrain } from '../../engine/tasks/pretrain';
import type { ProbeResult, WorkerControl, WorkerReply, WorkerRequest, WorkerTask } from '../../engine/tasks/protocol';
import type { TaskContext } from '../../engine/tasks/task-context';
import { train } from '../../engine/tasks/train';
import { CancelledError, toEnvelope } from '../../shared/errors';
import type { LoadedBackend } from './tensorflow';
import { loadBackend } from './tensorflow';

/** What the host has said of a running task. */
interface Control {
  paused: boolean;
  cancelled: boolean;
  finish: boolean;
  wake: (() => void) | null;
}

interface Machine {
  readonly backend: LoadedBackend;
  readonly kernels: Kernels;
  readonly predictor: Predictor;
}

const controls = new Map<number, Control>();
let machine: Promise<Machine> | null = null;

/** TensorFlow is loaded by the first request that needs it, and in this thread only. */
function theMachine(): Promise<Machine> {
  machine ??= loadBackend().then((backend) => {
    const kernels = backend.binding
      ? new NativeKernels(backend.binding, backend.fused)
      : new PortableKernels(backend.tf);
    return { backend, kernels, predictor: new Predictor(kernels) };
  });
  return machine;
}

function reply(message: WorkerReply, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function contextOf(id: number, kernels: Kernels): TaskContext {
  const control: Control = { paused: false, cancelled: false, finish: false, wake: null };
  controls.set(id, control);
  return {
    kernels,
    report: (event) => reply({ id, type: 'progress', event }),
    async breathe() {
      // A turn of the event loop, so that pause, cancel and predictions get in between two steps.
      await new Promise<void>((resolve) => setImmediate(resolve));
      while (control.paused && !control.cancelled) {
        await new Promise<void>((resolve) => {
          control.wake = resolve;
        });
      }
      if (control.cancelled) throw new CancelledError();
    },
    wantsFinish() {
      const wanted = control.finish;
      control.finish = false;
      return wanted;
    },
  };
}

async function answer(request: WorkerTask): Promise<unknown> {
  const { kernels, predictor, backend } = await theMachine();
  const context = contextOf(request.id, kernels);
  switch (request.type) {
    case 'probe':
      return probe(backend, kernels);
    case 'train':
      return train(request.params, context);
    case 'pretrain':
      return pretrain(request.params, context);
    case 'predict':
      return { probabilities: await predictor.predict(request.modelDir, request.ids, request.offsets, request.keep) };
    case 'explain':
      return predictor.explain(request.modelDir, request.ids, request.target, request.keep);
    case 'states':
      return { states: await predictor.states(request.modelDir, request.ids, request.offsets, request.keep) };
    case 'lm-evaluate':
      return evaluateSavedLanguageModel(request.modelDir, request.shardsDir, context);
    case 'measure-speeds':
      return measureSpeeds(request.params, context);
    case 'find-rate':
      return findRate(request.params, context);
    case 'parity':
      return runParity(kernels, request.folder);
    case 'human-numbers':
      return humanNumbersTask(request.params, context);
  }
}

function probe(backend: LoadedBackend, kernels: Kernels): ProbeResult {
  const { kind, why, version, device, precision, fusedWhy } = backend;
  const fused = kernels.fused && { name: kernels.fused.name, threads: kernels.fused.threads };
  const gemmGflops = gemmSpeed(kernels);
  return { backend: backend.backend, kernels: kind, why, version, device, precision, fused, fusedWhy, gemmGflops };
}

/** GFLOP/s of a square matrix product, the best of three. */
function gemmSpeed(kernels: Kernels): number {
  const n = kernels.kind === 'native' ? 1024 : 256;
  const matrix = kernels.fill([n, n], 0.5);
  let best = Infinity;
  for (let i = 0; i < 4; i++) {
    const began = performance.now();
    const product = kernels.matmul(matrix, matrix);
    kernels.dispose(product);
    if (i > 0) best = Math.min(best, performance.now() - began);
  }
  kernels.dispose(matrix);
  return (2 * n ** 3) / best / 1e6;
}

function isControl(request: WorkerRequest): request is WorkerControl {
  return ['pause', 'resume', 'cancel', 'finish'].includes(request.type);
}

function onControl({ type, id }: WorkerControl): void {
  const control = controls.get(id);
  if (!control) return;
  if (type === 'cancel') control.cancelled = true;
  else if (type === 'finish') control.finish = true;
  else control.paused = type === 'pause';
  control.wake?.();
  control.wake = null;
}

parentPort?.on('message', (request: WorkerRequest) => {
  if (isControl(request)) {
    onControl(request);
    return;
  }
  const { id } = request;
  answer(request)
    .then((result) => reply({ id, type: 'result', result }))
    .catch((error: unknown) => reply({ id, type: 'error', error: toEnvelope(error) }))
    .finally(() => controls.delete(id));
});
