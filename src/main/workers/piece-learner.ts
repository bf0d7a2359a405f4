import { TextSample } from '../../engine/text/sentencepiece/text-sample';
import { trainSentencePiece } from '../../engine/text/sentencepiece/train-sentencepiece';
import { unpackStrings, type PackedStrings } from '../../engine/text/token-dictionary';
import { readWholeFileSync } from '../../engine/weights/read-file';
import type { LearnPieces } from './tokenization-protocol';

/** Characters of text that sub-words are learned from at most: as much as a worker may hold. */
const MOST_CHARACTERS = 24_000_000;

/** A worker's sample of texts, and the sub-words that it learns from them. */
export class PieceLearner {
  private texts = new TextSample(MOST_CHARACTERS);

  /** Takes an even sample of what is sent. */
  sample(packed: PackedStrings): void {
    for (const text of unpackStrings(packed)) if (this.texts.next()) this.texts.keep(text);
  }

  /** The bytes of a SentencePiece model; the sample is gone afterwards. */
  learn({ language, maxPieces, charsmap }: LearnPieces, onProgress: (share: number) => void): Uint8Array {
    const options = { language, maxPieces, charsmap: readWholeFileSync(charsmap) };
    const training = trainSentencePiece(this.texts.texts(), options);
    this.texts = new TextSample(MOST_CHARACTERS);
    for (;;) {
      const step = training.next();
      // A copy, as the bytes are transferred and must not take others along.
      if (step.done) return Uint8Array.from(step.value);
      onProgress(step.value);
    }
  }
}
