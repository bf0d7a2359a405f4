import { CancelledError } from '../../../shared/errors';
import type { PredictingModel } from '../classifier-folder';
import type { GivenLabels, Scoring } from '../scoring';
import { thawVersion } from '../version';
import { OneAtATime } from './one-at-a-time';
import { textsOf } from './request-texts';

/** What `GET /model` answers. */
export interface ModelDescription {
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly columns: readonly string[];
  /** One label a text: below this probability a text gets none. */
  readonly abstainBelow: number;
  /** Several labels a text: from which probability on each is given, in the order of the labels. */
  readonly thresholds: readonly number[] | null;
  /** Of Thaw. */
  readonly version: string;
}

/** A classifier folder that answers requests, one after the other. */
export class ServedModel {
  readonly #scoring: Scoring;
  readonly #folder: string;
  readonly #queue = new OneAtATime();

  constructor(scoring: Scoring, folder: string) {
    this.#scoring = scoring;
    this.#folder = folder;
  }

  /** Loads the model, so that the first request need not wait. @throws AppError `model-missing`, `model-format` */
  async warmUp(): Promise<void> {
    const { columns } = await this.#open();
    await this.#scoring.predictFields(this.#folder, [columns.textColumns.map(() => '')]);
  }

  /** What the model answers. @throws AppError `model-missing`, `model-format` */
  async describe(): Promise<ModelDescription> {
    const { labels, multiLabel, columns, abstainBelow, thresholds } = await this.#open();
    return { labels, multiLabel, columns: columns.textColumns, abstainBelow, thresholds, version: thawVersion() };
  }

  /**
   * Labels for the texts of a request's body.
   * @param isWanted false once nobody waits for the answer: the work ends then
   * @throws Refused where the body does not fit, CancelledError where nobody waits any more
   */
  async predict(body: unknown, isWanted: () => boolean): Promise<{ readonly predictions: readonly GivenLabels[] }> {
    const fields = textsOf(body, (await this.#open()).columns.textColumns);
    const check = (): Promise<void> => (isWanted() ? Promise.resolve() : Promise.reject(new CancelledError()));
    return this.#queue.run(async () => {
      await check();
      return { predictions: await this.#scoring.predictFields(this.#folder, fields, check) };
    });
  }

  #open(): Promise<PredictingModel> {
    return this.#scoring.openForPrediction(this.#folder);
  }
}
