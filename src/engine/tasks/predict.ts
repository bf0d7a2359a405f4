import { statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import { probabilitiesAt } from '../evaluate/temperature';
import type { Kernels } from '../kernels/kernels';
import type { Classifier } from '../model/classifier';
import type { ClassifierFile } from '../model/classifier-files';
import { loadClassifier } from '../model/classifier-files';
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
    const result = this.last.then(() => this.predictNow(folder, ids, offsets, keep));
    this.last = result.catch(() => undefined);
    return result;
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

  private async predictNow(
    folder: string,
    ids: Int32Array,
    offsets: Int32Array,
    keep: readonly string[],
  ): Promise<Float32Array> {
    this.release((each) => each !== folder && !keep.includes(each));
    const { file, classifier } = await this.classifierOf(folder);
    const documents = Int32Array.from({ length: offsets.length - 1 }, (_, i) => i);
    const begin = (i: number): number => offsets[i] ?? ids.length;
    const source = {
      length: (i: number) => begin(i + 1) - begin(i),
      read: (i: number) => ids.subarray(begin(i), begin(i + 1)),
    };
    const loader = new DocumentLoader(source, documents, {
      batchSize: 256,
      batchTokens: 8192,
      bptt: file.bptt,
      padding: file.encoder.padding,
      maxTokens: file.maxTokens,
      backward: file.backward,
    });
    const classes = file.labels.length;
    const logits = new Float32Array(documents.length * classes);
    for (const places of loader.sortedBatches()) {
      const values = classifier.logits(loader.load(places).batch);
      places.forEach((place, i) => logits.set(values.subarray(i * classes, (i + 1) * classes), place * classes));
    }
    return probabilitiesAt(logits, classes, file.temperature, { multiLabel: file.multiLabel });
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
