import { writeBytesAtomic } from '../../engine/weights/atomic-write';
import { noteEvent } from '../../shared/note-words';
import type { DocumentFields } from '../workers/tokenization-build';
import type { JobControl } from './job-control';
import { charsmapFile } from './run-tokenizer';
import type { HostServices } from './services';

/** Sub-words to be learned. */
export interface SubwordsToLearn {
  /** Where the SentencePiece model goes. */
  readonly file: string;
  readonly language: string;
  readonly maxPieces: number;
}

/** Learns a SentencePiece model from texts, in a worker; progress counts to 100. @throws CancelledError */
export async function learnSubwords(
  services: Pick<HostServices, 'pool'>,
  texts: AsyncIterable<readonly DocumentFields[]>,
  { file, language, maxPieces }: SubwordsToLearn,
  control: JobControl,
): Promise<void> {
  control.report(noteEvent({ code: 'learning-pieces' }));
  const bytes = await services.pool.learnPieces(texts, {
    language,
    maxPieces,
    charsmap: charsmapFile(),
    onProgress: (share) =>
      control.report({
        type: 'count',
        stage: 'tokenize',
        done: Math.round(share * 100),
        total: 100,
        unit: 'percent',
        secondsLeft: null,
      }),
    signal: control.signal,
  });
  await writeBytesAtomic(file, bytes);
}
