import path from 'node:path';
import type { Command } from 'commander';
import { languageModelFileSchema, readModelJson } from '../../../engine/model/language-model-files';
import { shippedModels } from '../../host/pretrained';
import type { Run } from '../command';
import { integer } from '../human';
import type { Session } from '../session';

/** `thaw models`: the language models that ship with Thaw. */
export function addModels(program: Command, run: Run): void {
  program
    .command('models')
    .description('List the language models that ship with Thaw.')
    .action(() => run(modelsCommand));
}

async function modelsCommand({ output }: Session): Promise<void> {
  const models = await Promise.all(
    (await shippedModels()).map(async (folder) => {
      const { name, encoder, backward, facts } = await readModelJson(folder, languageModelFileSchema);
      return { name, folder, encoder, backward, facts };
    }),
  );
  const lines = models.map(({ name, folder, encoder, facts }) => {
    const sizes = `${integer(encoder.vocabulary)} words, ${encoder.embedding}/${encoder.hidden}/${encoder.layers}`;
    const perplexity = facts['validationPerplexity'];
    return `${name}: ${sizes}${typeof perplexity === 'number' ? `, perplexity ${perplexity.toFixed(1)}` : ''}\n  ${path.resolve(folder)}`;
  });
  output.result({ models }, lines.length === 0 ? 'No language model ships with this build.' : lines.join('\n'));
}
