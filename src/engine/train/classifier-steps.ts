import type { LabelCsr } from '../evaluate/label-csr';
import type { Kernels } from '../kernels/kernels';
import type { Classifier, LogitLoss } from '../model/classifier';
import type { DropoutRates } from '../model/config';
import type { DocumentBatch } from '../model/document-batch';
import type { EncoderReach } from '../model/encoder';
import type { HeadMasks } from '../model/head';
import type { DropoutMasks } from '../model/masks';
import { drawMasks } from '../model/masks';
import type { Gradients } from '../model/parameters';
import type { DocumentLoader } from './document-loader';
import type { LossOptions } from './losses';
import { binaryCrossEntropy, crossEntropy } from './losses';
import type { Random } from './random';

/** Labelled documents, as they are read and what they should be called. */
export interface LabelledLoader {
  readonly loader: DocumentLoader;
  readonly labels: LabelCsr;
}

export interface ClassifierStepOptions {
  readonly dropouts: DropoutRates;
  readonly headDropouts: readonly number[];
  readonly multiLabel: boolean;
  readonly loss: LossOptions;
}

/** Loss, size and gradients of one step; the caller frees the gradients. */
export interface ClassifierStep {
  readonly loss: number;
  readonly tokens: number;
  readonly gradients: Gradients;
}

/** Forward and backward passes over batches of labelled documents, with their masks and their loss. */
export class ClassifierSteps {
  private readonly kernels: Kernels;
  private readonly model: Classifier;
  private readonly train: LabelledLoader;
  private readonly classes: number;
  private readonly options: ClassifierStepOptions;
  private readonly random: Random;

  constructor(
    kernels: Kernels,
    model: Classifier,
    data: { readonly train: LabelledLoader; readonly classes: number },
    options: ClassifierStepOptions,
    random: Random,
  ) {
    this.kernels = kernels;
    this.model = model;
    this.train = data.train;
    this.classes = data.classes;
    this.options = options;
    this.random = random;
  }

  /** Encoder and head on whole documents. */
  onDocuments(places: Int32Array, reach: EncoderReach): ClassifierStep {
    const { kernels: k, model } = this;
    const { batch } = this.train.loader.load(places);
    const { loss, gradients } = k.scope(() => {
      const encoder = this.encoderMasks(batch.documents);
      const head = this.headMasks(batch.documents);
      return model.trainStep(batch, { encoder, head }, reach, this.lossOf(places));
    });
    return { loss, tokens: batch.documents * batch.time, gradients };
  }

  /** The head alone, on pooled vectors of all training documents. */
  onPooled(places: Int32Array, pooled: Float32Array): ClassifierStep {
    const width = this.model.head.widths[0]!;
    const rows = new Float32Array(places.length * width);
    places.forEach((place, i) => rows.set(pooled.subarray(place * width, (place + 1) * width), i * width));
    const { loss, gradients } = this.kernels.scope(() =>
      this.model.headStep(rows, places.length, this.headMasks(places.length), this.lossOf(places)),
    );
    return { loss, tokens: places.length, gradients };
  }

  private lossOf(places: Int32Array): LogitLoss {
    const { offsets, labels } = this.train.labels;
    const { classes } = this;
    const { multiLabel, loss } = this.options;
    if (!multiLabel) {
      const own = Int32Array.from(places, (place) => labels[offsets[place]!]!);
      return (logits) => crossEntropy(logits, own, classes, loss);
    }
    const targets = new Float32Array(places.length * classes);
    places.forEach((place, i) => {
      for (let j = offsets[place]!; j < offsets[place + 1]!; j++) targets[i * classes + labels[j]!] = 1;
    });
    return (logits) => binaryCrossEntropy(logits, targets, classes, loss);
  }

  private encoderMasks(documents: number): DropoutMasks {
    return drawMasks(this.kernels, this.model.config, this.options.dropouts, documents, () => this.random.seedPair());
  }

  private headMasks(documents: number): HeadMasks {
    return this.options.headDropouts.map((p, block) =>
      p > 0 ? this.kernels.dropoutMask([documents, this.model.head.widths[block]!], p, this.random.seedPair()) : null,
    );
  }
}

/** A row of values for each document of a loader, in the order the documents were given, batch by batch. */
export async function forEachDocument(
  loader: DocumentLoader,
  width: number,
  compute: (batch: DocumentBatch) => Float32Array,
  breathe: () => Promise<void>,
): Promise<Float32Array> {
  const result = new Float32Array(loader.documentCount * width);
  for (const places of loader.sortedBatches()) {
    const values = compute(loader.load(places).batch);
    places.forEach((place, i) => result.set(values.subarray(i * width, (i + 1) * width), place * width));
    await breathe();
  }
  return result;
}
