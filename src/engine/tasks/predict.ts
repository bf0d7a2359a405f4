import { statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import { probabilitiesAt } from '../evaluate/temperature';
import { inputGradient, type InputGradient } from '../inspect/input-gradient';
import type { Kernels } from '../kernels/kernels';
import type { Classifier } from '../model/classifier';
import type { ClassifierFile } from '../model/classifier-files';
import { loadClassifier } from '../model/classifier-files';
import type { DocumentBatch } from '../model/document-batch';
import { DocumentLoader } from '../train/document-loader';

interface LoadedClassifier {
  readonly stamp: number;
  readonly file: ClassifierFile;
  readonly classifier: Classifier;
}

/** Predicts with classifiers off the disk; the last one used stays loaded, and those that the caller names. */
export class Predictor {
  private readonly kernels: Kernels;
  private readonly loaded = new Map<string, LoadedClassifier>();
  /** Predictions run one after the other: two that arrive at once must not load the same model twice. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(kernels: Kernels) {
    this.kernels = kernels;
  }

  /**
   * Calibrated probabilities `[documents, classes]`, in the order given. Documents of like length run together.
   * @param ids all documents' token ids; document i is `ids[offsets[i] … offsets[i + 1])`
   * @param keep folders of models that stay loaded beside this one: an ensemble asks them in turn
   */
  predict(folder: string, ids: Int32Array, offsets: Int32Array, keep: readonly string[] = []): Promise<Float32Array> {
    return this.inTurn(folder, keep, ({ file, classifier }) => {
      const classes = file.labels.length;
      const logits = forDocuments(file, ids, offsets, classes, (batch) => classifier.logits(batch));
      return probabilitiesAt(logits, classes, file.temperature, { multiLabel: file.multiLabel });
    });
  }

  /** The pooled encoder states of documents, in the order given; see {@link predict}. // [documents, pooled width] */
  states(folder: string, ids: Int32Array, offsets: Int32Array, keep: readonly string[] = []): Promise<Float32Array> {
    return this.inTurn(folder, keep, ({ file, classifier }) => {
      const width = classifier.head.widths[0] ?? 0;
      return forDocuments(file, ids, offsets, width, (batch) => classifier.pooled(batch));
    });
  }

  /**
   * What each token of one document adds to the log odds of a class; tokens that the model does not read add nothing.
   * @param target class number; null: the most probable one
   */
  explain(
    folder: string,
    ids: Int32Array,
    target: number | null,
    keep: readonly string[] = [],
  ): Promise<InputGradient> {
    return this.inTurn(folder, keep, ({ file, classifier }) => {
      const { padding } = file.encoder;
      const read = ids.subarray(0, file.maxTokens ?? ids.length);
      const document = read.length === 0 ? Int32Array.of(padding) : file.backward ? read.slice().reverse() : read;
      const { multiLabel, temperature } = file;
      const found = inputGradient(this.kernels, classifier, document, { multiLabel, temperature, padding, target });
      const contributions = new Float32Array(ids.length);
      const own = found.contributions.subarray(0, read.length);
      contributions.set(file.backward ? own.slice().reverse() : own);
      return { ...found, contributions };
    });
  }

  /** Gives the memory of the loaded models back. */
  dispose(): void {
    this.release(() => true);
  }

  private release(isUnwanted: (folder: string) => boolean): void {
    for (const [folder, { classifier }] of this.loaded) {
      if (!isUnwanted(folder)) continue;
      classifier.parameters.dispose();
      this.loaded.delete(folder);
    }
  }

  private inTurn<T>(folder: string, keep: readonly string[], work: (loaded: LoadedClassifier) => T): Promise<T> {
    const result = this.last.then(async () => {
      this.release((each) => each !== folder && !keep.includes(each));
      return work(await this.classifierOf(folder));
    });
    this.last = result.catch(() => undefined);
    return result;
  }

  private async classifierOf(folder: string): Promise<LoadedClassifier> {
    const stamp = modified(join(folder, 'model.json'));
    const known = this.loaded.get(folder);
    if (known?.stamp === stamp) return known;
    // Another model lies in the same place now.
    this.release((each) => each === folder);
    const { file, classifier } = await loadClassifier(this.kernels, folder);
    const loaded = { stamp, file, classifier };
    this.loaded.set(folder, loaded);
    return loaded;
  }
}

/** A row of values for each document, in the order given; documents of like length run together. */
function forDocuments(
  file: ClassifierFile,
  ids: Int32Array,
  offsets: Int32Array,
  width: number,
  compute: (batch: DocumentBatch) => Float32Array,
): Float32Array {
  const documents = Int32Array.from({ length: offsets.length - 1 }, (_, i) => i);
  const begin = (i: number): number => offsets[i] ?? ids.length;
  const source = {
    length: (i: number) => begin(i + 1) - begin(i),
    read: (i: number) => ids.subarray(begin(i), begin(i + 1)),
  };
  const loader = new DocumentLoader(source, documents, {
    batchSize: 256,
    batchTokens: 32_768,
    bptt: file.bptt,
    padding: file.encoder.padding,
    maxTokens: file.maxTokens,
    backward: file.backward,
  });
  const result = new Float32Array(documents.length * width);
  for (const places of loader.sortedBatches()) {
    const values = compute(loader.load(places).batch);
    places.forEach((place, i) => result.set(values.subarray(i * width, (i + 1) * width), place * width));
  }
  return result;
}

function modified(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch (cause) {
    throw new AppError('model-missing', `There is no classifier at ${path}.`, {
      hint: 'Train a classifier first.',
      cause,
    });
  }
}
