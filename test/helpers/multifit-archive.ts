import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SentencePieceModel } from '../../src/engine/text/sentencepiece/sentencepiece-model';
import { writeSafetensors } from '../../src/engine/weights/safetensors';
import type { StoredTensor } from '../../src/engine/weights/stored-tensor';
import { tarGz } from './tar-gz';

const sizes = { embedding: 8, hidden: 12, layers: 4 };

/** Numbers that hardly pack and are the same each time. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => (state = (state * 48271) % 2147483647) / 2147483647 / 5 - 0.1);
}

/**
 * An archive laid out as MultiFiT's releases are (`<name>/lm_best.pth`, `itos.pkl`, `spm.model` …), with a tiny
 * quasi-recurrent model on the pieces of a real SentencePiece model. The weights are safetensors and the words JSON
 * under those names: the reader goes by what a file holds.
 * @param padding bytes of another file that lies in the archive too
 */
export async function multifitArchive(name: string, padding = 0): Promise<Buffer> {
  const spm = path.resolve(__dirname, '../fixtures/sentencepiece/fastai.model');
  const words = SentencePieceModel.load(spm).pieces.map(({ text }) => text);
  const { embedding, hidden, layers } = sizes;
  const tensors = new Map<string, StoredTensor>();
  const add = (tensor: string, shape: readonly number[], seed: number): void => {
    const count = shape.reduce((product, each) => product * each, 1);
    tensors.set(tensor, { dtype: 'F32', shape, data: numbers(count, seed) });
  };
  add('0.encoder.weight', [words.length, embedding], 1);
  for (let layer = 0; layer < layers; layer++) {
    const [inputs, outputs] = [layer === 0 ? 2 * embedding : hidden, layer === layers - 1 ? embedding : hidden];
    add(`0.rnns.${layer}.layers.0.linear.weight_raw`, [3 * outputs, inputs], layer + 2);
    add(`0.rnns.${layer}.layers.0.linear.module.bias`, [3 * outputs], layer + 20);
  }
  add('1.decoder.bias', [words.length], 40);
  const folder = mkdtempSync(path.join(tmpdir(), 'thaw-multifit-'));
  try {
    const weights = path.join(folder, 'lm_best.pth');
    await writeSafetensors(weights, tensors, {});
    return tarGz([
      { name: `${name}/`, type: '5' },
      { name: `${name}/enc_best.pth`, content: 'not the one' },
      { name: `${name}/lm_best.pth`, content: readFileSync(weights) },
      { name: `${name}/itos.pkl`, content: JSON.stringify(words) },
      { name: `${name}/spm.model`, content: readFileSync(spm) },
      { name: `${name}/spm.vocab`, content: '' },
      { name: `${name}/noise`, content: new Uint8Array(numbers(padding / 4, 7).buffer) },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
