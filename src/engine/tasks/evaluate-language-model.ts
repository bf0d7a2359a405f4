import { loadLanguageModel } from '../model/language-model-files';
import { parametersFrom } from '../model/initialise';
import { LanguageModel } from '../model/language-model';
import { TokenShards } from '../text/token-shards';
import { evaluateLanguageModel } from '../train/language-model-trainer';
import type { LanguageModelEvaluation } from './protocol';
import type { TaskContext } from './task-context';
import { seconds } from './task-context';

/** Perplexity of a saved language model on shards that were made with its vocabulary. */
export async function evaluateSavedLanguageModel(
  modelDir: string,
  shardsDir: string,
  context: TaskContext,
): Promise<LanguageModelEvaluation> {
  const { config, file, tensors } = await loadLanguageModel(modelDir);
  const parameters = parametersFrom(context.kernels, tensors);
  const model = new LanguageModel(context.kernels, config, parameters);
  const shards = TokenShards.open(shardsDir);
  try {
    const documents = Int32Array.from({ length: shards.documents }, (_, i) => i);
    const began = seconds();
    let done = 0;
    const breathe = async (): Promise<void> => {
      done++;
      await context.breathe();
    };
    const options = { batchSize: 16, bptt: 64, backward: file.backward };
    const score = await evaluateLanguageModel(model, shards, documents, options, breathe);
    const spent = seconds() - began;
    let unknown = 0;
    for (const document of documents) for (const id of shards.read(document)) if (id === 0) unknown++;
    return {
      tokens: score.tokens,
      perplexity: score.perplexity,
      unknownRate: unknown / Math.max(1, shards.tokens),
      tokensPerSecond: done > 0 ? score.tokens / spent : 0,
    };
  } finally {
    model.reset();
    parameters.dispose();
    shards.close();
  }
}
