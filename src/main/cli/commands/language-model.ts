import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { languageModelFileSchema, readModelJson } from '../../../engine/model/language-model-files';
import { corpusDocuments, corpusFiles } from '../../../engine/text/plain-corpus';
import { tokenizerIn } from '../../../engine/text/tokenizer-file';
import { Vocabulary } from '../../../engine/text/vocabulary';
import type { Run } from '../command';
import { integer, percent } from '../human';
import { runJob } from '../run-job';
import type { Session } from '../session';

interface EvaluateFlags {
  readonly model: string;
  readonly text: string;
}

/** `thaw lm evaluate`: what a language model makes of a text. */
export function addLanguageModel(program: Command, run: Run): void {
  const group = program.command('lm').description('Language models.');
  group
    .command('evaluate')
    .description('Perplexity of a language model on a text file (or a folder of them).')
    .requiredOption('--model <folder>', 'the language model')
    .requiredOption('--text <path>', 'plain text, articles with "= Title =", or WikiText')
    .action((flags: EvaluateFlags) => run((session) => evaluateCommand(session, flags)));
}

async function evaluateCommand(session: Session, flags: EvaluateFlags): Promise<void> {
  const { training, pool } = session.host.services;
  const modelDir = path.resolve(flags.model);
  const file = await readModelJson(modelDir, languageModelFileSchema);
  const tokenizer = tokenizerIn(modelDir, file.tokenizer);
  const vocabulary = await Vocabulary.load(path.join(modelDir, 'vocabulary.json'));
  const files = await corpusFiles(path.resolve(flags.text));
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'thaw-lm-'));
  try {
    const measured = await runJob(session, 'Measuring the language model', 'Nothing was kept.', async (control) => {
      control.report({ type: 'stage', stage: 'tokenize', stages: ['tokenize', 'evaluate'] });
      const dir = path.join(temporary, 'text');
      await pool.buildShards(corpusDocuments(files), { dir, tokenizer, vocabulary, signal: control.signal });
      control.report({ type: 'stage', stage: 'evaluate', stages: ['tokenize', 'evaluate'] });
      return training.lmEvaluate(modelDir, dir, control);
    });
    const { tokens, perplexity, unknownRate, tokensPerSecond } = measured;
    session.output.result(
      { tokens, perplexity, unknownRate, tokensPerSecond },
      `Perplexity ${perplexity.toFixed(2)} on ${integer(tokens)} tokens, ${percent(unknownRate)} unknown; ${integer(tokensPerSecond)} tokens a second`,
    );
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
