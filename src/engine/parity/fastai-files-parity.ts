import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { importFastaiWeights } from '../weights/fastai-import';
import type { Difference, ParityCase } from './parity-case';
import { compare, floats } from './parity-case';

/** The files that fastai 2 and fast.ai 0.7 save, with the vocabulary that belongs to each. */
const files = [
  ['model_v2.pth', 'vocab_v2.pkl'],
  ['model_v2_with_opt.pth', 'vocab_v2.pkl'],
  ['legacy_wt103.h5', 'itos_wt103.pkl'],
] as const;

/** True where a case holds weights in fastai's own files. */
export function hasFastaiFiles(parityCase: ParityCase): boolean {
  return files.some(([weights]) => existsSync(join(parityCase.folder, weights)));
}

/** `fastai-files`: every tensor that the importer gives against the same in `tensors.safetensors`. */
export async function checkFastaiFiles(parityCase: ParityCase): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [weights, vocabulary] of files) {
    if (!existsSync(join(parityCase.folder, weights))) continue;
    const imported = await importFastaiWeights(join(parityCase.folder, weights), join(parityCase.folder, vocabulary));
    const expected = [...parityCase.tensors.keys()].filter(
      (name) => name.startsWith('param.') && imported.tensors.has(name.slice(6)),
    );
    for (const name of expected) {
      const got = imported.tensors.get(name.slice(6));
      // fast.ai 0.7 has no decoder bias; the importer gives zeros for it, which is all there is to hold it against.
      if (name === 'param.1.decoder.bias' && got?.data.every((value) => value === 0)) continue;
      if (got) differences.push(compare(`${weights}: ${name.slice(6)}`, got.data, floats(parityCase, name).data));
    }
    const least = 1 + 4 * imported.config.layers;
    if (expected.length < least)
      differences.push({ what: `${weights}: ${expected.length} of ${least} tensors`, error: Infinity });
    const words = [imported.vocabulary.length];
    differences.push(compare(`${weights}: words`, words, [imported.config.vocab]));
  }
  return differences;
}
