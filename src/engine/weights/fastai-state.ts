import { AppError } from '../../shared/errors';
import type { FloatTensors } from './fastai-names';
import { modelFormatError } from './file-error';
import { parseSafetensors } from './safetensors-header';
import { toFloat32 } from './stored-tensor';
import { parseTorchFile, type TorchFile } from './torch-file';
import { TorchTensor } from './torch-pickle';

/**
 * The named tensors of a file of torch.save (zip or older) or of safetensors; an optimiser's state is ignored.
 * @throws AppError `model-format`
 */
export function readStateDict(bytes: Uint8Array, file: string): FloatTensors {
  const named: FloatTensors = new Map();
  if (looksLikeSafetensors(bytes)) {
    for (const [name, tensor] of parseSafetensors(bytes, file).tensors) {
      named.set(name, { shape: tensor.shape, data: toFloat32(tensor) });
    }
    return named;
  }
  const torch = torchFile(bytes, file);
  const state =
    torch.value instanceof Map && torch.value.get('model') instanceof Map ? torch.value.get('model') : torch.value;
  if (!(state instanceof Map)) throw modelFormatError(file, 'does not hold named weights (a state dict).');
  for (const [name, value] of state as Map<unknown, unknown>) {
    if (typeof name !== 'string' || !(value instanceof TorchTensor)) {
      throw modelFormatError(file, `expected a tensor under the name '${String(name)}', got something else.`);
    }
    const tensor = torch.load(value, name);
    named.set(name, { shape: tensor.shape, data: toFloat32(tensor) });
  }
  return named;
}

/** A length of the header that the file has room for, then the header's first brace. A pickle's first bytes are no such length. */
function looksLikeSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 9 || bytes[8] !== 0x7b) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  return length <= BigInt(bytes.length - 8);
}

/** A whole Learner is no weights, and its classes are not on the list: the hint says what to do. */
function torchFile(bytes: Uint8Array, file: string): TorchFile {
  try {
    return parseTorchFile(bytes, file);
  } catch (error) {
    if (!(error instanceof AppError) || typeof error.data?.name !== 'string') throw error;
    const hint =
      'Only plain weights are read, and nothing is executed. If this is a whole Learner or model, save its weights alone: torch.save(learn.model.state_dict(), "weights.pth").';
    throw new AppError(error.code, error.message, { hint, data: error.data, cause: error });
  }
}
