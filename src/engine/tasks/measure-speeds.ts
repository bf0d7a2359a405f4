import { join } from 'node:path';
import { TokenShards } from '../text/token-shards';
import { Vocabulary } from '../text/vocabulary';
import { languageModelStart, probeLanguageModel } from './fine-tune-language-model';
import type { SpeedParams } from './protocol';
import type { TaskContext } from './task-context';
import { probeClassifier } from './train-classifier';

/** Tokens a second of a full training step; null where there is too little text for one. */
export interface MeasuredSpeeds {
  readonly languageModel: number | null;
  readonly classifier: number | null;
}

/**
 * Times a few training steps of a run that is not begun, on a sample of its texts. The sample has fewer words than all
 * texts will have, and the last layer of a language model is as wide as its vocabulary: the missing words are made up.
 */
export async function measureSpeeds({ train, vocabulary }: SpeedParams, context: TaskContext): Promise<MeasuredSpeeds> {
  const shards = TokenShards.open(train.shardsDir);
  try {
    const { itos } = await Vocabulary.load(join(train.shardsDir, 'vocabulary.json'));
    const missing = Math.max(0, vocabulary - itos.length);
    const words = [...itos, ...Array.from({ length: missing }, (_, i) => `\u0000${i}`)];
    const start = await languageModelStart(train, words);
    await context.breathe();
    const reads = train.request.fineTuneLanguageModel && !start.config.bidirectional;
    const languageModel = reads ? probeLanguageModel(train, start, shards, context) : null;
    await context.breathe();
    return { languageModel, classifier: probeClassifier(train, start, shards, context) };
  } finally {
    shards.close();
  }
}
