import { AppError } from '../../shared/errors';
import type { Kernels } from '../kernels/kernels';
import type { Gradients, Parameters } from '../model/parameters';
import type { FloatTensors } from '../weights/fastai-names';

/**
 * Ends a step whose loss or gradient is not finite before it reaches the weights. Frees the gradients then.
 * @param norm of all gradients together
 * @throws AppError 'not-a-number' with the tensor in which it was found
 */
export function checkFinite(
  kernels: Kernels,
  parameters: Parameters,
  gradients: Gradients,
  figures: { readonly loss: number; readonly norm: number },
): void {
  const { loss, norm } = figures;
  if (Number.isFinite(loss) && Number.isFinite(norm)) return;
  const where = culprit(kernels, parameters, gradients);
  for (const gradient of gradients.values()) kernels.dispose(gradient);
  throw notFinite(where, { loss, norm });
}

/**
 * Ends a run whose weights are not finite any more.
 * @throws AppError 'not-a-number' with the name of the first such tensor
 */
export function checkFiniteTensors(tensors: FloatTensors): void {
  for (const [name, { data }] of tensors) if (!allFinite(data)) throw notFinite(name, {});
}

/** A weight that is broken is the cause of a broken gradient, so weights are looked at first. */
function culprit(kernels: Kernels, parameters: Parameters, gradients: Gradients): string {
  for (const name of parameters.names()) if (!allFinite(parameters.read(name))) return name;
  for (const [name, gradient] of gradients) {
    if (!Number.isFinite(kernels.sumOfSquares([gradient]))) return `the gradient of ${name}`;
  }
  return 'the loss';
}

function notFinite(tensor: string, data: Readonly<Record<string, unknown>>): AppError {
  return new AppError('not-a-number', `${tensor} is not finite any more.`, {
    hint: 'Train again with a lower learning rate, or with stronger clipping.',
    data: { tensor, ...data },
    says: { sentence: 'noNumber' },
  });
}

function allFinite(data: Float32Array): boolean {
  // NaN and both infinities make the sum of products with zero NaN; a plain loop over it is quick.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]! * 0;
  return sum === 0;
}
