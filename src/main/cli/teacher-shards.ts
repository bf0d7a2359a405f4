import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { TeacherParams } from '../../engine/tasks/protocol';
import { lineBlocks } from '../../engine/text/text-lines';
import { TokenShards } from '../../engine/text/token-shards';
import { tokenizerIn } from '../../engine/text/tokenizer-file';
import { Vocabulary } from '../../engine/text/vocabulary';
import { AppError } from '../../shared/errors';
import { followTokenizing } from '../host/follow-tokenizing';
import type { JobControl } from '../host/job-control';
import type { CorpusShards } from './corpus-shards';
import type { Session } from './session';

const SENTENCES_A_STEP = 64;

/**
 * The sentences of a teacher (`sentences.txt`, one a line) as token shards on the corpus' vocabulary, with their vectors
 * (`vectors.f16`: float16, row after row). `scripts/teacher/sentence_vectors.py` makes both.
 * @throws AppError 'bad-input' where the two files do not fit each other
 */
export async function teacherShards(
  session: Session,
  { folder, weight }: { readonly folder: string; readonly weight: number },
  work: string,
  corpus: CorpusShards,
  control: JobControl,
): Promise<TeacherParams> {
  const sentencesDir = path.join(work, 'sentences');
  const vectorsFile = path.join(folder, 'vectors.f16');
  if (!existsSync(path.join(sentencesDir, 'shards.json'))) {
    await session.host.services.pool.buildShards(linesOf(path.join(folder, 'sentences.txt')), {
      dir: sentencesDir,
      tokenizer: tokenizerIn(corpus.shardsDir, corpus.tokenizer),
      vocabulary: await Vocabulary.load(path.join(corpus.shardsDir, 'vocabulary.json')),
      ...followTokenizing(control, null),
    });
  }
  const shards = TokenShards.open(sentencesDir);
  const { documents } = shards;
  shards.close();
  const { size } = await stat(vectorsFile);
  const width = size / documents / 2;
  if (!Number.isInteger(width)) {
    throw new AppError(
      'bad-input',
      `${vectorsFile}: expected a whole number of half floats for each of the ${documents} sentences, got ${size} bytes.`,
      { hint: 'Let sentence_vectors.py run to its end.' },
    );
  }
  return { sentencesDir, vectorsFile, width, batchSize: SENTENCES_A_STEP, weight };
}

async function* linesOf(file: string): AsyncGenerator<readonly (readonly [string])[]> {
  for await (const lines of lineBlocks(file)) {
    for (let start = 0; start < lines.length; start += 256) {
      yield lines.slice(start, start + 256).map((line): readonly [string] => [line]);
    }
  }
}
