import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { AppError } from '../../shared/errors';
import type { Kernels } from '../kernels/kernels';
import { Classifier } from '../model/classifier';
import type { EncoderConfig } from '../model/config';
import type { Gradients, Parameters } from '../model/parameters';
import { toFloat32 } from '../weights/stored-tensor';
import { DocumentLoader } from './document-loader';
import type { Random } from './random';
import type { TokenDocumentSource } from './stream-loader';

export interface SentenceTeacherOptions {
  /** Sentences as token shards, and their vectors in the same order: float16, row after row, little-endian. */
  readonly sentences: TokenDocumentSource;
  readonly documents: number;
  readonly vectorsFile: string;
  readonly width: number;
  readonly batchSize: number;
  /** The loss, 1 − cosine, counts this much beside the cross-entropy of the next word. */
  readonly weight: number;
  readonly backward: boolean;
}

/**
 * Teaches an encoder, beside the next word, to tell what a sentence model knows of a sentence: a projection of the
 * concat-pooled states learns the teacher's vector (after Hinton et al. 2015 and the sentence distillation of Reimers &
 * Gurevych 2020). The projection is thrown away afterwards; the encoder stays what it was, with states that a classifier
 * can separate sooner.
 */
export class SentenceTeacher {
  private readonly options: SentenceTeacherOptions;
  private readonly loader: DocumentLoader;
  private readonly student: Classifier;
  private readonly vectors: number;
  private readonly random: Random;
  private batches: Int32Array[] = [];
  private place = 0;

  /**
   * @param parameters the language model's; gets `head.0.*`, the projection, where it has none
   * @throws AppError 'bad-input' where the vectors are not as many as the sentences
   */
  constructor(
    kernels: Kernels,
    config: EncoderConfig,
    parameters: Parameters,
    random: Random,
    options: SentenceTeacherOptions,
  ) {
    this.options = options;
    this.random = random;
    const { documents, width, vectorsFile } = options;
    const expected = documents * width * 2;
    const { size } = statSync(vectorsFile);
    if (size < expected) {
      throw new AppError(
        'bad-input',
        `${vectorsFile}: expected ${documents} vectors of ${width} half floats (${expected} bytes), got ${size} bytes.`,
      );
    }
    this.vectors = openSync(vectorsFile, 'r');
    const pooled = 3 * config.embedding;
    if (!parameters.has('head.0.linear')) {
      const scale = 1 / Math.sqrt(pooled);
      const linear = Float32Array.from({ length: pooled * width }, () => (random.uniform() * 2 - 1) * scale);
      parameters.add('head.0.norm.weight', new Float32Array(pooled).fill(1), [pooled]);
      parameters.add('head.0.norm.bias', new Float32Array(pooled), [pooled]);
      parameters.add('head.0.linear', linear, [pooled, width]);
    }
    const bptt = 64;
    const head = { widths: [pooled, width] };
    this.student = new Classifier(kernels, { encoder: config, head, bptt, maxLength: null }, parameters);
    this.loader = new DocumentLoader(
      options.sentences,
      Int32Array.from({ length: documents }, (_, i) => i),
      {
        batchSize: options.batchSize,
        batchTokens: options.batchSize * bptt,
        bptt,
        padding: config.padding,
        maxTokens: bptt,
        backward: options.backward,
      },
    );
  }

  /** One batch of sentences. @returns 1 − cosine, and gradients (times the weight) that the caller frees */
  step(): { loss: number; gradients: Gradients } {
    if (this.place >= this.batches.length) {
      this.batches = this.loader.sortishBatches(this.random);
      this.place = 0;
    }
    const places = this.batches[this.place++]!;
    const { batch } = this.loader.load(places);
    const wanted = this.read(places);
    const reach = { lowestLayer: 0, embedding: true };
    return this.student.trainStep(batch, { encoder: null, head: [null] }, reach, (given) =>
      cosineLoss(given, wanted, this.options.width, this.options.weight),
    );
  }

  close(): void {
    closeSync(this.vectors);
  }

  private read(places: Int32Array): Float32Array {
    const { width } = this.options;
    const halves = new Uint16Array(places.length * width);
    places.forEach((place, row) => {
      readSync(this.vectors, halves.subarray(row * width, (row + 1) * width), 0, width * 2, place * width * 2);
    });
    return toFloat32({ dtype: 'F16', shape: [places.length, width], data: halves });
  }
}

/**
 * The mean of 1 − cos(given, wanted) over rows, and its gradient with respect to `given`, both times `weight`.
 * `wanted` has rows of length 1. d(−cos)/dg = (cos · ĝ − w) / |g|
 */
export function cosineLoss(
  given: Float32Array,
  wanted: Float32Array,
  width: number,
  weight: number,
): { loss: number; dLogits: Float32Array } {
  const rows = given.length / width;
  const dLogits = new Float32Array(given.length);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    let [square, dot] = [1e-12, 0];
    for (let j = from; j < from + width; j++) {
      square += given[j]! * given[j]!;
      dot += given[j]! * wanted[j]!;
    }
    const length = Math.sqrt(square);
    const cosine = dot / length;
    loss += 1 - cosine;
    const factor = weight / (rows * length);
    for (let j = from; j < from + width; j++) dLogits[j] = factor * ((cosine * given[j]!) / length - wanted[j]!);
  }
  return { loss: loss / rows, dLogits };
}
